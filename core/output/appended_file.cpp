#include "core/output/appended_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include "core/base/handle.h"
#include "core/base/host_path.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/compression/decoder.h"
#include "core/output/column_names.h"
#include "core/output/join_note.h"
#include "core/output/new_name.h"
#include "core/output/part_file.h"
#include "core/output/row_ends.h"

namespace flowgauge {
namespace {

constexpr std::size_t kPieceBytes = 1 << 16;

std::unexpected<Error> cannot_append(const std::string& path, std::string_view why) {
  return fail(ExitCode::kOutput, "{}: cannot be appended to: {}; take another name, or replace it with --force", path,
              why);
}

// Calls each(bytes) for all of the file from `offset` on, until it says no. False: a read failed.
template <class Each>
bool read_pieces(int fd, off_t offset, Each each) {
  std::string piece(kPieceBytes, '\0');
  for (;;) {
    const ssize_t count = ::pread(fd, piece.data(), piece.size(), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count == 0;
    if (!each(std::string_view(piece).substr(0, static_cast<std::size_t>(count)))) return true;
    offset += count;
  }
}

// The first line of a text that comes in pieces, with its end; and the text's last byte.
class LineAndEnd {
 public:
  void add(std::string_view text) {
    if (text.empty()) return;
    last_ = text.back();
    if (has_line_) return;
    const std::size_t end = text.find('\n');
    has_line_ = end != std::string_view::npos;
    line_ += text.substr(0, has_line_ ? end + 1 : text.size());
  }
  [[nodiscard]] bool has_line() const { return has_line_; }
  [[nodiscard]] const std::string& line() const { return line_; }
  [[nodiscard]] bool is_empty() const { return line_.empty(); }
  [[nodiscard]] bool ends_whole() const { return is_empty() || last_ == '\n'; }

 private:
  std::string line_;
  char last_ = '\n';
  bool has_line_ = false;
};

bool copy_behind(int from, int to, std::uint64_t header_bytes, off_t end) {
  bool is_written = true;
  const bool is_read = read_pieces(from, static_cast<off_t>(header_bytes), [&](std::string_view piece) {
    while (!piece.empty()) {
      const ssize_t count = ::pwrite(to, piece.data(), piece.size(), end);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return is_written = false;
      end += count;
      piece.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  });
  // From here on the rows are there alone, also after a loss of power.
  return is_read && is_written && ::fdatasync(to) == 0;
}

Result<void> copy_rows(const std::string& part, const std::string& path, const JoinNote& note) {
  const FileDescriptor from(::open(host_path(part).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  const FileDescriptor to(::open(host_path(path).c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  struct stat status {};
  const bool is_open = from && to && ::fstat(to.get(), &status) == 0;
  if (!is_open || !copy_behind(from.get(), to.get(), note.header_bytes, note.bytes)) {
    const int error = errno;
    if (is_open && ::ftruncate(to.get(), note.bytes) != 0) log_debug("{}: {}", path, std::strerror(errno));
    note.remove(path);
    return fail(ExitCode::kOutput, "{}: its rows cannot be added to {}: {}; all rows are in {}", part, path,
                std::strerror(error), part);
  }
  if (::unlink(host_path(part).c_str()) != 0) log_warning("{}: cannot be removed: {}", part, std::strerror(errno));
  note.remove(path);
  return {};
}

}  // namespace

AppendedFile::AppendedFile(std::string path, TableFormat format, std::string header)
    : path_(std::move(path)), format_(format), header_(std::move(header)) {}

Result<void> AppendedFile::check_columns(std::string_view line) const {
  if (header_.empty()) return {};
  const auto difference = different_column(format_, line, header_);
  if (difference) return cannot_append(path_, "its columns are others: " + *difference);
  return {};
}

Result<void> AppendedFile::check_text(int fd, off_t bytes) const {
  LineAndEnd text;
  if (!read_pieces(fd, 0, [&](std::string_view piece) {
        text.add(piece);
        return !text.has_line();
      }))
    return cannot_append(path_, std::strerror(errno));
  if (!text.is_empty()) TRY(check_columns(text.line()));
  char last = '\n';
  if (bytes > 0 && ::pread(fd, &last, 1, bytes - 1) != 1) return cannot_append(path_, std::strerror(errno));
  if (last != '\n') return cannot_append(path_, "it ends within a row");
  return {};
}

Result<void> AppendedFile::check_compressed(int fd) const {
  std::unique_ptr<Decoder> decoder;
  LineAndEnd text;
  std::string error;
  std::string out(kPieceBytes, '\0');
  const bool is_read = read_pieces(fd, 0, [&](std::string_view piece) {
    if (decoder == nullptr) decoder = make_decoder(compression_of(piece));
    if (decoder == nullptr) return false;
    for (Decoder::Step step{.consumed = 0, .produced = 1}; !piece.empty() || step.produced != 0;) {
      step = decoder->decode(piece, out);
      text.add(std::string_view(out).substr(0, step.produced));
      piece.remove_prefix(step.consumed);
      error = step.error;
      if (!error.empty()) return false;
    }
    return true;
  });
  if (!is_read) return cannot_append(path_, std::strerror(errno));
  if (decoder == nullptr) return cannot_append(path_, "it is not compressed, though its name says so");
  if (!error.empty()) return cannot_append(path_, error);
  if (!decoder->complete()) return cannot_append(path_, "its compressed bytes are cut");
  if (!text.is_empty()) TRY(check_columns(text.line()));
  return text.ends_whole() ? Result<void>() : cannot_append(path_, "it ends within a row");
}

Result<void> AppendedFile::check() {
  const FileDescriptor fd(::open(host_path(path_).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd && errno == ENOENT) return {};
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return cannot_append(path_, std::strerror(errno));
  if (!S_ISREG(status.st_mode) || status.st_size == 0) return {};
  const Mark mark{status.st_dev, status.st_ino, status.st_size};
  if (mark == checked_) return {};
  TRY(is_compressed() ? check_compressed(fd.get()) : check_text(fd.get(), status.st_size));
  checked_ = mark;
  return {};
}

bool AppendedFile::is_compressed() const { return path_.ends_with(".gz") || path_.ends_with(".zst"); }

Result<void> AppendedFile::recover(LeftRows left_rows) {
  const std::string part = path_ + ".part";
  const LeftPart left = take_left_part(part);
  if (left.state == LeftPart::State::kInUse) return {};
  if (const auto note = JoinNote::of(path_)) {
    if (left.state == LeftPart::State::kDead && note->cut(path_)) return copy_rows(part, path_, *note);
    note->remove(path_);  // all was copied, or PATH is another file
  }
  if (left.state == LeftPart::State::kNone || left_rows == LeftRows::kAside || is_compressed()) return {};
  return add_left_rows(part, left.fd.get());
}

Result<void> AppendedFile::add_left_rows(const std::string& part, int fd) {
  LineAndEnd text;
  RowEnds ends(format_);
  if (!read_pieces(fd, 0, [&](std::string_view piece) {
        text.add(piece);
        ends.add(piece);
        return true;
      }))
    return {};
  // Without column names nobody can say whether these rows belong there.
  if (header_.empty() || !text.has_line() || different_column(format_, text.line(), header_)) return {};
  const std::uint64_t header_bytes = format_ == TableFormat::kCsv ? text.line().size() : 0;
  const std::uint64_t rows = ends.whole().rows - (header_bytes == 0 ? 0 : 1);
  if (::ftruncate(fd, static_cast<off_t>(ends.whole().bytes)) != 0) return {};
  TRY(check());
  if (rows == 0) {
    ::unlink(host_path(part).c_str());
    return {};
  }
  if (rename_new(host_path(part), host_path(path_)) != 0) TRY(join_part(part, path_, header_bytes));
  const std::uint64_t cut = ends.bytes() - ends.whole().bytes;
  log_warning("{}: was left by a run that did not end well; its {} are added to {}{}", part, counted(rows, "row"),
              path_, cut == 0 ? "" : fmt::format("; {} of a row that was cut are left out", counted(cut, "byte")));
  return {};
}

Result<void> join_part(const std::string& part, const std::string& path, std::uint64_t header_bytes) {
  JoinNote note;
  struct stat status {};
  if (::stat(host_path(path).c_str(), &status) == 0) note = {status.st_size, header_bytes, status.st_ino};
  if (note.bytes == 0) note.header_bytes = 0;
  if (note.write(path)) return copy_rows(part, path, note);
  return fail(ExitCode::kOutput, "{}: its rows cannot be added to {}: {}; all rows are in {}", part, path,
              std::strerror(errno), part);
}

}  // namespace flowgauge
