#include "tests/bpf/loaded_capture.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cstdio>
#include <cstdlib>

#include "core/live/ebpf/ring_reader.h"

namespace flowgauge::test {

LoadedCapture::LoadedCapture(const Options& options) : options_(options) {
  const auto note = [this](const Error& error) {
    is_forbidden_ = error.code == ExitCode::kPrivilege;
    why_ = error.message;
  };
  auto rings = RingSet::create(options.rings, options.ring_bytes);
  if (!rings) {
    note(rings.error());
    return;
  }
  rings_.push_back(std::move(*rings));
  capture_settings settings{};
  settings.parse = options.parse;
  settings.link_type = options.link_type;
  settings.slots = options.slots;
  settings.numbered = options.numbered ? 1 : 0;
  settings.event_bytes = options.event_bytes;
  settings.payload_bytes = options.bytes.payload_bytes;
  settings.headers = options.bytes.headers ? 1 : 0;
  settings.ring_seed = options.ring_seed;
  auto program = CaptureProgram::load(settings, rings_.front(), options.hooks);
  if (!program) {
    note(program.error());
    return;
  }
  programs_.push_back(std::move(*program));
}

void LoadedCapture::place(std::uint32_t interface_index, std::uint32_t slot) const {
  if (bpf_map_update_elem(programs_.front().interfaces_fd(), &interface_index, &slot, BPF_ANY) == 0) return;
  std::fprintf(stderr, "test code: no place for interface %u\n", interface_index);
  std::abort();
}

bool LoadedCapture::run(std::span<const std::uint8_t> frame, TrafficDirection direction, std::uint32_t times) const {
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(),
              .data_size_in = static_cast<std::uint32_t>(frame.size()), .repeat = static_cast<int>(times));
  return bpf_prog_test_run_opts(programs_.front().fd(direction), &options) == 0;
}

bool LoadedCapture::run_super_packet(std::span<const std::uint8_t> frame, std::uint32_t segment_bytes,
                                     std::uint32_t segments) const {
  __sk_buff context{};
  context.gso_size = segment_bytes;
  context.gso_segs = segments;
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(),
              .data_size_in = static_cast<std::uint32_t>(frame.size()), .ctx_in = &context,
              .ctx_size_in = sizeof context, .repeat = 1);
  return bpf_prog_test_run_opts(programs_.front().fd(TrafficDirection::kIngress), &options) == 0;
}

std::uint64_t LoadedCapture::drops(std::uint32_t ring) const {
  capture_ring_drops drops{};
  if (bpf_map_lookup_elem(rings().drops_fd(), &ring, &drops) != 0) {
    std::fprintf(stderr, "test code: there is no ring %u\n", ring);
    std::abort();
  }
  return drops.packets;
}

std::unique_ptr<RingLane> LoadedCapture::lane(std::uint32_t ring) const {
  auto reader = RingReader::open(rings().ring_fd(ring), rings().ring_bytes());
  if (!reader) {
    std::fprintf(stderr, "test code: %s\n", reader.error().message.c_str());
    std::abort();
  }
  return std::make_unique<RingLane>(
      std::move(*reader),
      RingLaneOptions{options_.event_bytes, options_.bytes, capture_clock(), options_.parse.fragment_scope});
}

}  // namespace flowgauge::test
