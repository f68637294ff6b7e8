// Reads the first two numbers of a module's entry from the file's bytes, so that a module which this host cannot
// run is refused before any of its code (constructors) runs. It looks where the dynamic linker would: PT_DYNAMIC
// and the hash table, so that files without section headers are read too. Every read is bounds-checked: the
// bytes may be hostile. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/base/result.h"

namespace flowgauge {

struct ModuleHead {
  std::uint32_t struct_size = 0;
  std::uint32_t min_host_minor = 0;

  bool operator==(const ModuleHead&) const = default;
};

// The error is a whole sentence that begins with `path`.
[[nodiscard]] Result<ModuleHead> peek_module(std::span<const std::uint8_t> bytes, const std::string& path);

}  // namespace flowgauge
