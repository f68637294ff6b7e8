#include "core/plugin/library_needs.h"

#include <filesystem>
#include <string_view>

namespace flowgauge {
namespace {

std::vector<std::string> folders_of(std::string_view list, const std::string& origin) {
  std::vector<std::string> folders;
  while (!list.empty()) {
    const std::size_t colon = std::min(list.find(':'), list.size());
    std::string folder(list.substr(0, colon));
    list.remove_prefix(std::min(colon + 1, list.size()));
    for (const std::string_view word : {"${ORIGIN}", "$ORIGIN"}) {
      if (const std::size_t at = folder.find(word); at != std::string::npos) folder.replace(at, word.size(), origin);
    }
    // A relative folder would be that of whoever starts the program.
    if (folder.starts_with('/') && folder.find('$') == std::string::npos) folders.push_back(folder);
  }
  return folders;
}

}  // namespace

LibraryNeeds needs_of(const ElfImage& image, const std::string& origin) {
  LibraryNeeds needs;
  std::uint64_t names = 0;
  for (const Elf64_Dyn& entry : image.dynamic())
    if (entry.d_tag == DT_STRTAB) names = entry.d_un.d_ptr;
  for (const Elf64_Dyn& entry : image.dynamic()) {
    const auto text = [&] { return image.text_at(names + entry.d_un.d_val).value_or(std::string()); };
    if (entry.d_tag == DT_NEEDED) needs.needed.push_back(text());
    if (entry.d_tag == DT_SONAME) needs.soname = text();
    if (entry.d_tag == DT_RPATH) needs.rpath = folders_of(text(), origin);
    if (entry.d_tag == DT_RUNPATH) needs.runpath = folders_of(text(), origin);
  }
  if (!needs.runpath.empty()) needs.rpath.clear();
  return needs;
}

std::string origin_folder(const std::string& path) {
  std::error_code error;
  return std::filesystem::absolute(path, error).lexically_normal().parent_path().string();
}

}  // namespace flowgauge
