#include "core/ingest/frame_filter.h"

#include <cstdlib>
#include <new>

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

// `ret #0`; freed as what pcap_compile() made, by free().
FrameFilter FrameFilter::nothing() {
  auto* instruction = static_cast<bpf_insn*>(std::calloc(1, sizeof(bpf_insn)));
  if (instruction == nullptr) throw std::bad_alloc();
  instruction->code = BPF_RET | BPF_K;
  return FrameFilter(Program(new bpf_program{.bf_len = 1, .bf_insns = instruction}));
}

}  // namespace flowgauge
