#include "core/live/ebpf/ring_reader.h"

#include <linux/bpf.h>
#include <unistd.h>

#include "core/base/try.h"

namespace flowgauge {

static_assert(RingReader::kBusy == BPF_RINGBUF_BUSY_BIT && RingReader::kDiscarded == BPF_RINGBUF_DISCARD_BIT &&
              RingReader::kHeaderBytes == BPF_RINGBUF_HDR_SZ);

Result<RingReader> RingReader::open(int ring_fd, std::uint64_t ring_bytes) {
  const auto page_bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  auto consumer = TRY(MemoryMap::of(ring_fd, page_bytes, 0, MemoryMap::Access::kReadWrite, "a ring's position"));
  auto producer =
      TRY(MemoryMap::of(ring_fd, page_bytes + 2 * ring_bytes, page_bytes, MemoryMap::Access::kRead, "a ring"));
  RingReader reader;
  reader.consumer_page_ = std::move(consumer);
  reader.producer_pages_ = std::move(producer);
  reader.consumer_ = reader.consumer_page_.as<std::uint64_t>();
  reader.producer_ = reader.producer_pages_.as<std::uint64_t>();
  reader.records_ = reader.producer_pages_.as<std::byte>() + page_bytes;
  reader.mask_ = ring_bytes - 1;
  reader.position_ = std::atomic_ref(*reader.consumer_).load(std::memory_order_relaxed);
  return reader;
}

}  // namespace flowgauge
