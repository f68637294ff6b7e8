#include "core/live/ebpf/ring_set.h"

#include <bpf/bpf.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/try.h"
#include "core/host/privileges.h"
#include "core/live/live_source.h"

namespace flowgauge {
namespace {

struct MapShape {
  bpf_map_type type;
  const char* name;
  std::uint32_t key_bytes;
  std::uint32_t value_bytes;
  std::uint32_t entries;
  bpf_map_create_opts options{};
};

Result<FileDescriptor> create_map(MapShape shape) {
  shape.options.sz = sizeof shape.options;
  const int fd =
      bpf_map_create(shape.type, shape.name, shape.key_bytes, shape.value_bytes, shape.entries, &shape.options);
  if (fd >= 0) return FileDescriptor(fd);
  const std::string what =
      fmt::format("create the kernel map '{}' of {} entries: {}", shape.name, shape.entries, std::strerror(errno));
  if (errno == EPERM || errno == EACCES) return std::unexpected(privilege_error(CaptureMethod::kEbpf, what));
  if (errno == ENOMEM) {
    return fail(ExitCode::kInput, "cannot {}; choose fewer or smaller rings (--rings, --ring-size)", what);
  }
  return fail(ExitCode::kInput, "cannot {}", what);
}

Result<FileDescriptor> create_ring(std::uint64_t ring_bytes) {
  return create_map({BPF_MAP_TYPE_RINGBUF, "flowgauge_ring", 0, 0, static_cast<std::uint32_t>(ring_bytes)});
}

}  // namespace

Result<RingSet> RingSet::create(std::uint32_t count, std::uint64_t ring_bytes) {
  RingSet set;
  set.ring_bytes_ = ring_bytes;
  for (std::uint32_t ring = 0; ring < count; ++ring) {
    set.rings_.push_back(TRY(create_ring(ring_bytes)));
  }
  MapShape outer{BPF_MAP_TYPE_ARRAY_OF_MAPS, "flowgauge_rings", 4, 4, count};
  outer.options.inner_map_fd = static_cast<std::uint32_t>(set.rings_.front().get());
  const MapShape drops{BPF_MAP_TYPE_ARRAY, "flowgauge_drops", 4, sizeof(capture_ring_drops), count};
  const MapShape fragments{BPF_MAP_TYPE_LRU_HASH, "flowgauge_frags", sizeof(packet_fragment_key),
                           sizeof(capture_fragment_ring), count == 1 ? 1U : CAPTURE_FRAGMENTS};
  const std::array<std::pair<const MapShape*, FileDescriptor*>, 3> shared{
      {{&outer, &set.outer_}, {&drops, &set.drops_}, {&fragments, &set.fragments_}}};
  for (const auto& [shape, map] : shared) {
    *map = TRY(create_map(*shape));
  }
  for (std::uint32_t ring = 0; ring < count; ++ring) {
    const int fd = set.rings_[ring].get();
    if (bpf_map_update_elem(set.outer_.get(), &ring, &fd, BPF_ANY) != 0) {
      return fail(ExitCode::kInput, "cannot put ring {} into the kernel's table of rings: {}", ring,
                  std::strerror(errno));
    }
  }
  return set;
}

}  // namespace flowgauge
