#include "core/ingest/frame_filter.h"

#include "core/base/handle.h"
#include "core/ingest/capture_file.h"

namespace flowgauge {
namespace {

constexpr int kSnapshotBytes = 262144;  // libpcap's largest

}  // namespace

Result<FrameFilter> FrameFilter::compile(const std::string& expression, int link_type) {
  const std::unique_ptr<pcap_t, Closer<pcap_close>> pcap(pcap_open_dead(link_type, kSnapshotBytes));
  auto code = std::make_unique<bpf_program>();
  if (pcap == nullptr) return fail(ExitCode::kUsage, "filter '{}': out of memory", expression);
  if (pcap_compile(pcap.get(), code.get(), expression.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
    return fail(ExitCode::kUsage,
                "filter '{}' is not valid for link type {}: {}; `man pcap-filter` describes the language", expression,
                link_type_text(link_type), pcap_geterr(pcap.get()));
  }
  return FrameFilter(Program(code.release()));
}

}  // namespace flowgauge
