// Who runs the test, if that is root, is nobody for a while: what a mode forbids is then forbidden. Others stay who
// they are.
#pragma once

#include <unistd.h>

#include <cstdlib>

namespace flowgauge::test {

class AsNobody {
 public:
  AsNobody() {
    if (was_root_ && ::seteuid(kNobody) != 0) std::abort();
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  ~AsNobody() {
    if (was_root_ && ::seteuid(0) != 0) std::abort();
  }

 private:
  static constexpr uid_t kNobody = 65534;
  bool was_root_ = ::geteuid() == 0;
};

}  // namespace flowgauge::test
