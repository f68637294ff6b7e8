// A --filter expression, compiled for one link type. Immutable: any thread may match.
#pragma once

#include <pcap/pcap.h>

#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/ingest/frame.h"

namespace flowgauge {

class FrameFilter {
 public:
  // Fails (kUsage) with libpcap's text.
  [[nodiscard]] static Result<FrameFilter> compile(const std::string& expression, int link_type);

  // That no frame matches.
  [[nodiscard]] static FrameFilter nothing();

  [[nodiscard]] bool matches(const Frame& frame) const {
    pcap_pkthdr header{};
    header.caplen = frame.captured_bytes;
    header.len = frame.wire_bytes;
    return pcap_offline_filter(program_.get(), &header, frame.bytes) != 0;
  }

 private:
  struct FreeProgram {
    void operator()(bpf_program* program) const noexcept {
      pcap_freecode(program);
      delete program;
    }
  };
  using Program = std::unique_ptr<bpf_program, FreeProgram>;

  explicit FrameFilter(Program program) : program_(std::move(program)) {}

  Program program_;
};

}  // namespace flowgauge
