#include "core/plugin/opened_path.h"

#include <array>
#include <charconv>

#include <unistd.h>

namespace flowgauge {
namespace {

// As /proc has it: in a container that shows the machine's processes getpid() would be another number.
std::string folder() {
  std::array<char, 32> number{};
  const ssize_t size = ::readlink("/proc/self", number.data(), number.size());
  const std::string_view process = size > 0 ? std::string_view(number.data(), static_cast<std::size_t>(size)) : "self";
  return "/proc/" + std::string(process) + "/fd/";
}

}  // namespace

std::string opened_path_of(int descriptor) { return folder() + std::to_string(descriptor); }

int descriptor_of(std::string_view opened_path) {
  const std::string prefix = folder();
  if (!opened_path.starts_with(prefix)) return -1;
  opened_path.remove_prefix(prefix.size());
  int number = -1;
  const char* const end = opened_path.data() + opened_path.size();
  const auto read = std::from_chars(opened_path.data(), end, number);
  return read.ec == std::errc() && read.ptr == end ? number : -1;
}

}  // namespace flowgauge
