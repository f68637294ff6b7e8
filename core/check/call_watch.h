// What a plugin's code does to the world around it while it lives: whether it reads a clock or prints. For one thread
// that asks; the plugin may run on others meanwhile.
//
// Clocks are the functions of the C and C++ library that its file imports: their entries in its own table are replaced.
// What cannot be seen so: system calls that it makes itself, the processor's counter, libraries that it brings.
#pragma once

#include <link.h>

#include <cstdint>
#include <vector>

#include "core/base/handle.h"
#include "core/check/rows.h"

namespace flowgauge {

class CallWatch {
 public:
  // `address` lies in the plugin.
  explicit CallWatch(const void* address);
  CallWatch(const CallWatch&) = delete;
  CallWatch& operator=(const CallWatch&) = delete;
  ~CallWatch();

  // Of the calls since the last question: "reads the clock (time); ...", "prints 'made'; ..."; empty if neither.
  [[nodiscard]] Finding seen();

 private:
  struct Replaced {
    void** slot;
    void* before;
  };
  void replace_imports(const link_map& object);
  void replace(const link_map& object, const ElfW(Rela) * relocations, std::size_t count);

  std::vector<Replaced> replaced_;
  FileDescriptor printed_, output_, errors_;
  std::int64_t told_bytes_ = 0;
};

}  // namespace flowgauge
