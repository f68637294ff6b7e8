#include "tests/bpf/check_program.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/mman.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace flowgauge::test {

// As in tests/bpf/parse_check.bpf.c.
struct ParseResult {
  packet_event event;
  std::uint32_t reason;
  std::uint32_t was_copied;
};

namespace {

// As in tests/bpf/parse_check.bpf.c.
struct Settings {
  packet_parse_config config;
  std::uint32_t link_type;
  std::uint32_t reserved;
};

std::string last_messages;

int keep_message(libbpf_print_level level, const char* format, va_list arguments) {
  if (level == LIBBPF_DEBUG) return 0;
  std::array<char, 65536> line;
  std::vsnprintf(line.data(), line.size(), format, arguments);
  last_messages += line.data();
  if (last_messages.size() > 20000) last_messages.erase(0, last_messages.size() - 20000);
  return 0;
}

[[noreturn]] void stop(const char* what) {
  std::fprintf(stderr, "test code: parse_check.bpf.c has no %s\n", what);
  std::abort();
}

int map_fd(const bpf_object* object, const char* name) {
  const int fd = bpf_object__find_map_fd_by_name(object, name);
  if (fd < 0) stop(name);
  return fd;
}

int program_fd(const bpf_object* object, const char* name) {
  const bpf_program* const program = bpf_object__find_program_by_name(object, name);
  if (!program) stop(name);
  return bpf_program__fd(program);
}

}  // namespace

std::unique_ptr<CheckProgram> CheckProgram::load(const std::string& object_path, Refusal& why) {
  libbpf_set_print(keep_message);
  last_messages.clear();
  bpf_object* const object = bpf_object__open_file(object_path.c_str(), nullptr);
  if (!object) {
    why = {false, "cannot open " + object_path + "\n" + last_messages};
    return nullptr;
  }
  std::unique_ptr<CheckProgram> program(new CheckProgram(object));
  program->takes_long_frames_ = libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_xdp_get_buff_len, nullptr) == 1;
  bpf_program* const long_frames = bpf_object__find_program_by_name(object, "parse_xdp_frags");
  if (!long_frames) stop("parse_xdp_frags");
  bpf_program__set_autoload(long_frames, program->takes_long_frames_);
  const int error = -bpf_object__load(object);
  if (error == 0) {
    void* const results =
        ::mmap(nullptr, sizeof(ParseResult), PROT_READ | PROT_WRITE, MAP_SHARED, map_fd(object, "results"), 0);
    if (results == MAP_FAILED) stop("results to map");
    program->result_ = static_cast<ParseResult*>(results);
    return program;
  }
  // A verifier that says no answers EACCES or EINVAL with its log; EPERM and ENOSYS come before it looks.
  why = {error == EPERM || error == ENOSYS, std::string(std::strerror(error)) + "\n" + last_messages};
  return nullptr;
}

CheckProgram::~CheckProgram() {
  if (result_ != nullptr) ::munmap(result_, sizeof *result_);
  bpf_object__close(object_);
}

std::uint32_t CheckProgram::verified_instructions(const char* program) const {
  bpf_prog_info info{};
  std::uint32_t size = sizeof info;
  if (bpf_obj_get_info_by_fd(program_fd(object_, program), &info, &size) != 0) return 0;
  return info.verified_insns;
}

void CheckProgram::configure(const packet_parse_config& config, std::uint32_t link_type) {
  const Settings settings{config, link_type, 0};
  const std::uint32_t zero = 0;
  if (bpf_map_update_elem(map_fd(object_, "settings_of_run"), &zero, &settings, BPF_ANY) != 0)
    stop("settings to write");
}

std::optional<KernelResult> CheckProgram::run(const char* program, std::span<const std::uint8_t> frame,
                                              std::uint32_t linear_bytes) {
  *result_ = {};
  result_->reason = PACKET_REASON_COUNT;
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(),
              .data_size_in = static_cast<std::uint32_t>(frame.size()), .repeat = 1);
  __sk_buff context{};
  if (linear_bytes != 0) {
    context.data_end = linear_bytes;
    options.ctx_in = &context;
    options.ctx_size_in = sizeof context;
  }
  if (bpf_prog_test_run_opts(program_fd(object_, program), &options) != 0) return std::nullopt;
  return KernelResult{result_->event, static_cast<packet_reason>(result_->reason), result_->was_copied != 0};
}

}  // namespace flowgauge::test
