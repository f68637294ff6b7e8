// A place of an interface among those that the libpcap source reads. Its counters are read by any thread, all else by
// one.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/host/interface_watch.h"
#include "core/ingest/frame_event.h"
#include "core/live/live_source.h"
#include "core/live/pcap/pcap_interface.h"

namespace flowgauge {

// Written by the reading thread alone, read by any.
class Count {
 public:
  void add(std::uint64_t number) { value_.store(get() + number, std::memory_order_relaxed); }
  void set(std::uint64_t number) { value_.store(number, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// The interface may come and go.
struct PcapPort {
  std::string name;      // at first sight
  std::uint16_t number;  // for the events, from 1
  bool is_one_way;
  std::optional<PcapInterface> interface {};
  std::uint32_t kernel_index = 0;  // of the interface that is read; 0: none
  std::uint16_t hardware_type = 0;
  std::unique_ptr<FrameFilter> filter{};
  Frame next{};           // valid with has_next
  bool has_next = false;  // a frame is shown but not taken
  bool lost = true;
  Count seen{};
  std::array<Count, PACKET_REASON_COUNT> by_reason{};
  Count dropped{};

  // Opens it or, where another was read before, moves to it.
  [[nodiscard]] Result<void> read_from(const FollowedInterface& followed, const LiveOptions& options,
                                       std::uint64_t buffer_bytes);
};

}  // namespace flowgauge
