// Stands for the eBPF source in builds without it.
#include "core/live/ebpf/ebpf_source.h"

namespace flowgauge {

Result<std::unique_ptr<LiveSource>> open_ebpf_source(const LiveOptions& /*options*/) {
  return fail(ExitCode::kUsage,
              "this flowgauge was built without eBPF capture (clang, bpftool or libbpf-dev was missing); "
              "use --capture pcap");
}

bool ebpf_is_built() { return false; }

}  // namespace flowgauge
