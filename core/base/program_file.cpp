#include "core/base/program_file.h"

#include <dlfcn.h>
#include <link.h>

#include <system_error>

namespace flowgauge {
namespace {

namespace fs = std::filesystem;

// The shared object that this code is part of; empty: it is part of the program.
fs::path library_path() {
  Dl_info info{};
  link_map* object = nullptr;
  const auto* const here = reinterpret_cast<const void*>(&library_path);
  if (::dladdr1(here, &info, reinterpret_cast<void**>(&object), RTLD_DL_LINKMAP) == 0 || object == nullptr) return {};
  // The name that the loader opened; a program has none. Links lead into the installation: /lib is one to /usr/lib.
  std::error_code missing;
  return *object->l_name == '\0' ? fs::path{} : fs::canonical(object->l_name, missing);
}

fs::path running_program() {
  std::error_code unknown;
  return fs::read_symlink("/proc/self/exe", unknown);
}

}  // namespace

bool is_part_of_program() { return library_path().empty(); }

fs::path code_file() {
  const fs::path library = library_path();
  return library.empty() ? running_program() : library;
}

fs::path program_file() {
  std::error_code unknown;
  const fs::path library = library_path();
  if (library.empty()) return running_program();
  fs::path installed = (library.parent_path() / FLOWGAUGE_PROGRAM_FROM_LIBRARY).lexically_normal();
  if (fs::exists(installed, unknown)) return installed;
  // A build tree; a Python package, which has all beside its module.
  for (const char* relative : {"../bin/flowgauge", "bin/flowgauge"}) {
    fs::path program = (library.parent_path() / relative).lexically_normal();
    if (fs::exists(program, unknown)) return program;
  }
  return installed;
}

}  // namespace flowgauge
