#include "core/plugin/descriptor_trap.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <climits>

#include "core/base/host_path.h"

namespace flowgauge {
namespace {

constexpr int kMostNumbers = 64;  // a run has some twenty

void close_others(int kept) {
  const auto number = static_cast<unsigned>(kept);
  if (kept > kFirstOtherDescriptor) ::close_range(kFirstOtherDescriptor, number - 1, 0);
  ::close_range(kept < kFirstOtherDescriptor ? kFirstOtherDescriptor : number + 1, UINT_MAX, 0);
}

// Most of what a process may have stays for those that are tried.
int end_of_numbers() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return kFirstOtherDescriptor;
  return static_cast<int>(std::min<rlim_t>(limit.rlim_cur / 4, kMostNumbers));
}

}  // namespace

DescriptorTrap::DescriptorTrap(int kept) {
  close_others(kept);
  FileDescriptor made(::memfd_create("trap", MFD_CLOEXEC));
  if (!made) return;
  const int end = end_of_numbers();
  file_ = FileDescriptor(::fcntl(made.get(), F_DUPFD_CLOEXEC, std::max(end, kFirstOtherDescriptor)));
  if (!file_) return;
  made = FileDescriptor();  // its number is one of those that follow
  for (int number = kFirstOtherDescriptor; number < end; ++number)
    if (number != kept) ::dup3(file_.get(), number, O_CLOEXEC);
}

bool DescriptorTrap::was_written() {
  struct stat status {};
  if (::fstat(file_.get(), &status) != 0 || status.st_size == 0) return false;
  return ::ftruncate(file_.get(), 0) == 0;
}

}  // namespace flowgauge
