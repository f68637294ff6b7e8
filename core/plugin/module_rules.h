// Judges a module's descriptors: pure data, before any function of it is called. Every rule of the ABI that can be
// checked has its own sentence here. Stateless.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/plugin/memory_reader.h"
#include "core/plugin/module.h"

namespace flowgauge {

// Copies the tables behind `table` into a Module of this host's sizes, or says what is wrong with them; `path`
// begins the sentence. path, sha256 and origin of the result are the caller's to fill in.
[[nodiscard]] Result<std::unique_ptr<Module>> read_module(const fg_module& table, const std::string& path);

// The same of a table that lies anywhere: it is copied first, by a reader that survives wild pointers.
[[nodiscard]] Result<std::unique_ptr<Module>> read_module(std::uintptr_t address, MemoryReader& reader,
                                                          const std::string& path);

// The same for one feature. `builtin`: update and release may be missing.
[[nodiscard]] Result<Feature> read_feature(const fg_feature* table, const std::string& path, bool builtin);

}  // namespace flowgauge
