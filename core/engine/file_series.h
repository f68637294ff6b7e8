// The files of one output, one after the other: when the next one is due, what each is called, which are kept.
// While it is written the file is PATH.part, with the fields of time as they stand in PATH.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "core/base/result.h"
#include "core/output/rotation.h"
#include "core/table/existing_file.h"

namespace flowgauge {

class FileSeries {
 public:
  // kPlain: a path that is its file's name, as those of tables per input.
  enum class Naming : std::uint8_t { kPlain, kFields };
  enum class Next : std::uint8_t { kFollows, kNone };  // whether this output has a further file

  FileSeries(std::string path, Naming naming, const RotateRule& rotate, const KeepRule& keep, ExistingFile existing);

  // Each file has a name of its own, that nobody has yet: none is replaced.
  [[nodiscard]] bool is_series() const { return has_fields_ || rotate_.any(); }
  [[nodiscard]] const RotateRule& rule() const { return rotate_; }

  // The first file begins, or the next one does.
  void begin(std::int64_t now_ns);
  [[nodiscard]] bool has_begun() const { return begin_ns_ != kNotBegun; }
  [[nodiscard]] bool is_due(std::int64_t now_ns) const { return has_begun() && now_ns >= due_ns_; }
  [[nodiscard]] bool is_full(std::uint64_t bytes) const {
    return rotate_.size_bytes != 0 && bytes >= rotate_.size_bytes;
  }

  // Of the file that ends now.
  [[nodiscard]] std::string name(Next next);
  // The file has got its name: the oldest ones go, as the rule says. How many.
  [[nodiscard]] std::uint64_t delete_oldest(const std::string& newest) const;

 private:
  static constexpr std::int64_t kNotBegun = std::numeric_limits<std::int64_t>::min();
  [[nodiscard]] std::string numbered();

  std::string path_;
  RotateRule rotate_;
  KeepRule keep_;
  bool has_fields_;
  ExistingFile existing_;
  bool is_first_ = true;
  std::int64_t begin_ns_ = kNotBegun;
  std::int64_t due_ns_ = std::numeric_limits<std::int64_t>::max();
  std::uint64_t number_ = 0;  // of the last file, where they have numbers alone
};

// Whether the fields of time in a path of the profile or the command line can be filled in (kUsage).
[[nodiscard]] Result<void> check_fields(const std::string& path, const std::string& where);

}  // namespace flowgauge
