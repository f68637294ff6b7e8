#include "core/live/live_source.h"
#include "core/live/pcap_live_source.h"

namespace flowgauge {

Result<std::unique_ptr<LiveSource>> open_live_source(const LiveOptions& options) {
  if (options.capture == CaptureMethod::kEbpf) return fail(ExitCode::kUsage, "capture with eBPF is not built yet");
  return open_pcap_live_source(options);
}

}  // namespace flowgauge
