// A library that plugins bring, as it was judged; and those that one start has judged, each read once however many
// plugins need it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

#include "core/base/result.h"
#include "core/plugin/library_needs.h"
#include "core/plugin/sealed_copy.h"
#include "core/plugin/trust.h"

namespace flowgauge {

// kChosen: found in a folder that the plugin or LD_LIBRARY_PATH names, so that its copy is loaded. kSystem: the linker
// finds it by itself.
enum class LibraryPlace : std::uint8_t { kChosen, kSystem };

class JudgedLibrary {
 public:
  [[nodiscard]] static Result<std::shared_ptr<const JudgedLibrary>> judge(TrustedFile file, LibraryPlace place);

  [[nodiscard]] const LibraryNeeds& needs() const { return needs_; }
  // What is loaded: a sealed copy, or the file where the system lets no code run from one; none: the system's own.
  [[nodiscard]] const FileDescriptor& copy() const { return copy_.descriptor; }
  // Of the bytes that were judged, which nobody can change: so a copy is hashed when this is asked for. Most never ask.
  // From any thread.
  [[nodiscard]] const std::string& sha256() const;

 private:
  JudgedLibrary() = default;

  LibraryNeeds needs_;
  mutable SealedCopy copy_;  // its bytes until they are hashed
  mutable std::once_flag hashed_;
  mutable std::string sha256_;
};

// Set-up only: one thread.
class JudgedLibraries {
 public:
  // The file is trusted already: that is judged for each plugin.
  [[nodiscard]] Result<std::shared_ptr<const JudgedLibrary>> judge(TrustedFile file, LibraryPlace place);

 private:
  // The file and its contents, as far as the kernel tells: path, device, inode, size, time of its last change.
  using Key = std::tuple<std::string, dev_t, ino_t, std::uint64_t, std::int64_t, LibraryPlace>;
  std::map<Key, std::shared_ptr<const JudgedLibrary>> known_;
};

}  // namespace flowgauge
