#include "core/base/log.h"
#include "core/base/try.h"
#include "core/host/privileges.h"
#include "core/live/ebpf/ebpf_source.h"
#include "core/live/ebpf/ring_defaults.h"
#include "core/live/live_source.h"
#include "core/live/pcap/pcap_live_source.h"

namespace flowgauge {
namespace {

Result<std::unique_ptr<LiveSource>> open_best(const LiveOptions& options) {
  std::string why = "--filter is libpcap's";
  if (options.filter.empty()) {
    auto source = open_ebpf_source(options);
    if (source) return source;
    why = source.error().message;
  }
  auto source = open_pcap_live_source(options);
  if (source) log_info("capturing with libpcap instead of eBPF: {}", why);
  // With enough capabilities for the one, what stands against it matters as much as what lacks for the other.
  if (!source && source.error().code == ExitCode::kPrivilege) {
    return fail(ExitCode::kPrivilege, "{}; {}", why, source.error().message);
  }
  return source;
}

}  // namespace

std::uint64_t waiting_room_bytes(const CaptureChoices& choices, std::size_t interfaces) {
  if (choices.capture == CaptureMethod::kPcap) return interfaces * pcap_buffer_bytes(choices);
  const std::uint32_t rings = ring_count_of(choices);
  return rings * ring_bytes_of(choices, rings);
}

Result<std::unique_ptr<LiveSource>> open_live_source(const LiveOptions& options) {
  TRY(check_privileges(options.capture));
  switch (options.capture) {
    case CaptureMethod::kAuto:
      return open_best(options);
    case CaptureMethod::kPcap:
      return open_pcap_live_source(options);
    case CaptureMethod::kEbpf:
      break;
  }
  if (!options.filter.empty()) {
    return fail(ExitCode::kUsage, "--filter works with libpcap capture alone; leave it out or use --capture pcap");
  }
  return open_ebpf_source(options);
}

}  // namespace flowgauge
