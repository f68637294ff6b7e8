// The libraries that a plugin brings with it: found as the dynamic linker would find them, and judged as the plugin is,
// before any code of them runs. What this process has already is its own and no matter of the plugin's.
//
// The plugin runs from a sealed copy, whose folder is none: so what lies in a folder of its own choice ($ORIGIN) or of
// LD_LIBRARY_PATH is copied as well and loaded first. The linker then finds a library of that name in the process and
// looks no further. What stands in the system's list of libraries, the linker finds by itself.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/plugin/elf_image.h"
#include "core/plugin/judged_library.h"
#include "core/plugin/module.h"
#include "core/plugin/trust.h"

namespace flowgauge {

struct NeededLibrary {
  std::string name;  // as it is asked for: its soname
  std::string path;
  std::shared_ptr<const JudgedLibrary> file;

  // Else the linker finds it by itself.
  [[nodiscard]] bool is_loaded_first() const { return static_cast<bool>(file->copy()); }
};

// Each behind those that it needs itself. What is found nowhere is left out: the linker has the sentence for that.
[[nodiscard]] Result<std::vector<NeededLibrary>> find_needed_libraries(const ElfImage& module, const std::string& path,
                                                                       TrustRule rule, JudgedLibraries& judged);

// "/proc/4711/fd/5"
[[nodiscard]] std::string opened_path_of(const NeededLibrary& library);

// Loads the copies, each once in a process, and keeps them for ever. Under the lock of LoadedModules.
[[nodiscard]] Result<std::vector<UsedLibrary>> load_needed_libraries(std::vector<NeededLibrary> libraries,
                                                                     const std::string& module_path);

}  // namespace flowgauge
