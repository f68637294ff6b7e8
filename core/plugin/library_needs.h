// What a shared object says of the libraries that it needs.
#pragma once

#include <string>
#include <vector>

#include "core/plugin/elf_image.h"

namespace flowgauge {

struct LibraryNeeds {
  std::string soname;               // empty: it has none
  std::vector<std::string> needed;  // DT_NEEDED, in order
  // Where they are looked for, with "$ORIGIN" replaced by `origin`; what holds other words of that kind is left out.
  std::vector<std::string> rpath;    // only without a runpath; holds for what these need as well
  std::vector<std::string> runpath;  // behind LD_LIBRARY_PATH
};

// `origin`: the folder of the file.
[[nodiscard]] LibraryNeeds needs_of(const ElfImage& image, const std::string& origin);
// Of a file: "/usr/lib" of "/usr/lib/libz.so.1".
[[nodiscard]] std::string origin_folder(const std::string& path);

}  // namespace flowgauge
