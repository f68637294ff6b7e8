// The tables of a module - structs, lists, texts - copied into memory of the host, by a reader that survives wild
// pointers and counts. What is copied is safe to read, whatever it says; module_rules.h judges it. What cannot be read
// is a sentence.
// Texts that people read (doc, version, licence, source) lose their control characters here, so that none reaches a
// terminal or a file. Names and values stay as they are: they are judged.
// A new pointer in a struct of the ABI is copied here: the sizes are asserted.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/plugin/memory_reader.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// All that a module's table led to. Kept by the Module that is read from it.
struct DescriptorCopy {
  fg_module module{};
  std::shared_ptr<void> memory;  // where the rest lies
};

// `address` of the fg_module, in the memory of the reader. `path` begins messages.
[[nodiscard]] Result<DescriptorCopy> copy_descriptors(std::uintptr_t address, MemoryReader& reader,
                                                      const std::string& path);

}  // namespace flowgauge
