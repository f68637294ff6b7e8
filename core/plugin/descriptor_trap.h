// Where a host has its descriptors, a process in which plugins are tried has a file of nobody's: what a plugin writes
// under numbers that it never opened is found there, and reaches no file of the user's.
#pragma once

#include "core/base/handle.h"

namespace flowgauge {

class DescriptorTrap {
 public:
  // Closes all but standard streams and `kept`, and lays itself under every other number below 64, or below a quarter
  // of the limit of open files. Before any thread is started.
  explicit DescriptorTrap(int kept);
  // Whether somebody wrote into it since this was asked last.
  [[nodiscard]] bool was_written();

 private:
  FileDescriptor file_;
};

}  // namespace flowgauge
