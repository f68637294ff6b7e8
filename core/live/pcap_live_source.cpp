#include "core/live/pcap_live_source.h"

namespace flowgauge {

Result<std::unique_ptr<LiveSource>> open_pcap_live_source(const LiveOptions& options) {
  return fail(ExitCode::kUsage, "{}: capture with libpcap is not built yet", options.interfaces.front());
}

}  // namespace flowgauge
