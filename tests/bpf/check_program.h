// Loads tests/bpf/parse_check.bpf.c, and runs one of its programs over a frame without any interface
// (BPF_PROG_TEST_RUN).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/packet/parse/parse.h"

struct bpf_object;

namespace flowgauge::test {

struct ParseResult;

struct KernelResult {
  packet_event event;
  packet_reason reason;
  bool was_copied;  // read by bpf_skb_load_bytes
};

class CheckProgram {
 public:
  // nullptr where it cannot be loaded; `why` then says whether that is this machine's choice or the verifier's.
  struct Refusal {
    bool by_privilege;
    std::string text;
  };
  static std::unique_ptr<CheckProgram> load(const std::string& object_path, Refusal& why);
  CheckProgram(const CheckProgram&) = delete;
  CheckProgram& operator=(const CheckProgram&) = delete;
  ~CheckProgram();

  // Instructions that the verifier went through for this program and all that it calls.
  [[nodiscard]] std::uint32_t verified_instructions(const char* program) const;

  // Whether this kernel has parse_xdp_frags: Linux 5.18.
  [[nodiscard]] bool takes_long_frames() const { return takes_long_frames_; }

  void configure(const packet_parse_config& config, std::uint32_t link_type);

  // nullopt where the kernel takes no such frame for a test run. `linear_bytes`: how much of the frame direct access
  // shall reach (tc only); 0 is all of it.
  std::optional<KernelResult> run(const char* program, std::span<const std::uint8_t> frame,
                                  std::uint32_t linear_bytes = 0);

 private:
  explicit CheckProgram(bpf_object* object) : object_(object) {}

  bpf_object* object_;
  bool takes_long_frames_ = false;
  ParseResult* result_ = nullptr;  // in the kernel's map
};

}  // namespace flowgauge::test
