#include "core/plugin/judged_library.h"

#include <span>
#include <utility>
#include <vector>

#include "core/base/digest.h"
#include "core/base/try.h"
#include "core/plugin/elf_image.h"

namespace flowgauge {
namespace {

Result<LibraryNeeds> needs_in(std::span<const std::uint8_t> bytes, const std::string& path) {
  return needs_of(TRY(ElfImage::read(bytes, path, "give a shared library")), origin_folder(path));
}

}  // namespace

Result<std::shared_ptr<const JudgedLibrary>> JudgedLibrary::judge(TrustedFile file, LibraryPlace place) {
  std::shared_ptr<JudgedLibrary> library(new JudgedLibrary);
  if (place == LibraryPlace::kSystem) {
    const std::vector<std::uint8_t> bytes = TRY(read_all(file));
    library->needs_ = TRY(needs_in(bytes, file.path));
    library->sha256_ = to_hex(flowgauge::sha256(bytes));
    return library;
  }
  library->copy_ = TRY(sealed_copy(file));
  library->needs_ = TRY(needs_in(library->copy_.bytes, file.path));
  if (!library->copy_.descriptor) library->copy_.descriptor = std::move(file.descriptor);
  return library;
}

const std::string& JudgedLibrary::sha256() const {
  std::call_once(hashed_, [this] {
    if (copy_.memory == nullptr) return;  // a library of the system's
    sha256_ = to_hex(flowgauge::sha256(copy_.bytes));
    copy_.bytes = {};
    copy_.memory.reset();
  });
  return sha256_;
}

Result<std::shared_ptr<const JudgedLibrary>> JudgedLibraries::judge(TrustedFile file, LibraryPlace place) {
  const Key key{file.path, file.device, file.inode, file.size_bytes, file.changed_ns, place};
  if (const auto found = known_.find(key); found != known_.end()) return found->second;
  std::shared_ptr<const JudgedLibrary> library = TRY(JudgedLibrary::judge(std::move(file), place));
  known_.emplace(key, library);
  return library;
}

}  // namespace flowgauge
