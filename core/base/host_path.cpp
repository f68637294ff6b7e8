#include "core/base/host_path.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace flowgauge {
namespace {

int input = STDIN_FILENO;
int output = STDOUT_FILENO;
std::string& start_folder() {
  static auto& folder = *new std::string;  // empty: wherever the process is
  return folder;
}

constexpr std::array<std::string_view, 3> kInputNames = {"/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"};
constexpr std::array<std::string_view, 3> kOutputNames = {"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"};

std::string name_of(int descriptor) { return "/proc/self/fd/" + std::to_string(descriptor); }

}  // namespace

void keep_standard_streams_and_folder() {
  FileDescriptor own_input = copy_of_descriptor(STDIN_FILENO);
  FileDescriptor own_output = copy_of_descriptor(STDOUT_FILENO);
  const FileDescriptor nowhere(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (own_input && nowhere && ::dup2(nowhere.get(), STDIN_FILENO) >= 0) input = own_input.release();
  if (own_output && ::dup2(STDERR_FILENO, STDOUT_FILENO) >= 0) output = own_output.release();
  std::error_code unknown;
  start_folder() = std::filesystem::current_path(unknown).string();
}

int standard_input() noexcept { return input; }
int standard_output() noexcept { return output; }

std::string host_path(const std::string& path) {
  if (input != STDIN_FILENO && std::ranges::find(kInputNames, path) != kInputNames.end()) return name_of(input);
  if (output != STDOUT_FILENO && std::ranges::find(kOutputNames, path) != kOutputNames.end()) return name_of(output);
  if (path.starts_with('/') || path.empty() || start_folder().empty()) return path;
  return start_folder() + "/" + path;
}

FileDescriptor copy_of_descriptor(int descriptor) noexcept {
  return FileDescriptor(::fcntl(descriptor, F_DUPFD_CLOEXEC, kFirstOtherDescriptor));
}

FileDescriptor beyond_standard_streams(int descriptor) {
  FileDescriptor file(descriptor);
  return !file || descriptor >= kFirstOtherDescriptor ? std::move(file) : copy_of_descriptor(descriptor);
}

}  // namespace flowgauge
