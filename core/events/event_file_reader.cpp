#include "core/events/event_file_reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "core/base/try.h"

namespace flowgauge {

Result<EventFileReader> EventFileReader::open(std::string path) {
  FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0)
    return fail(ExitCode::kInput, "{}: cannot be read: {}", path, std::system_category().message(errno));
  EventFileReader reader(std::move(fd), std::move(path), static_cast<std::uint64_t>(status.st_size));
  TRY(reader.read_end());
  return reader;
}

Result<void> EventFileReader::read_end() {
  if (size_bytes_ < sizeof tail_) return std::unexpected(damage("its end is missing"));
  TRY(read_at(size_bytes_ - sizeof tail_, reinterpret_cast<char*>(&tail_), sizeof tail_));
  if (!tail_.has_magic()) return std::unexpected(damage("its end is missing"));
  if (tail_.format != kEventFileFormat)
    return fail(ExitCode::kInput,
                "{}: is of another version of flowgauge (format {}, here {}); run flowgauge events with this one",
                path_, tail_.format, kEventFileFormat);
  auto about = read_about(TRY(read_piece(tail_.about, "what it is about")));
  if (!about) return std::unexpected(damage("what it is about"));
  about_ = std::move(*about);
  return {};
}

Result<std::vector<Chunk>> EventFileReader::chunks() {
  auto chunks = read_chunks(TRY(read_piece(tail_.chunks, "its table")));
  if (!chunks) return std::unexpected(damage("its table"));
  std::uint64_t packets = 0;
  for (const Chunk& chunk : *chunks) packets += chunk.packets();
  if (packets != about_.ledger.accepted()) return std::unexpected(damage("its table"));
  return std::move(*chunks);
}

Result<std::string> EventFileReader::track(const Chunk& chunk) { return read_piece(chunk.track, "its timestamps"); }

Result<void> EventFileReader::append(const EventPiece& piece, std::string_view what, PieceEvents& events) {
  if (piece.packets == 0) return {};
  if (!events.append(TRY(read_piece(piece.piece, what)), piece.packets)) return std::unexpected(damage(what));
  return {};
}

Result<std::string> EventFileReader::read_piece(const Piece& piece, std::string_view what) {
  std::string bytes;
  if (piece.bytes == 0 && piece.packed_bytes == 0) return bytes;
  if (piece.offset > size_bytes_ || piece.packed_bytes > size_bytes_ - piece.offset || piece.bytes > kPieceBytes)
    return std::unexpected(damage(what));
  packed_.resize(piece.packed_bytes);
  TRY(read_at(piece.offset, packed_.data(), packed_.size()));
  bytes.resize(piece.bytes);
  if (!unpacker_.unpack(packed_, bytes)) return std::unexpected(damage(what));
  return bytes;
}

Result<void> EventFileReader::read_at(std::uint64_t offset, char* to, std::size_t bytes) const {
  while (bytes > 0) {
    const ssize_t got = ::pread(fd_.get(), to, bytes, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ExitCode::kInput, "{}: cannot be read: {}", path_, std::system_category().message(errno));
    if (got == 0) return std::unexpected(damage("it became shorter"));
    to += got;
    offset += static_cast<std::uint64_t>(got);
    bytes -= static_cast<std::size_t>(got);
  }
  return {};
}

Error EventFileReader::damage(std::string_view what) const {
  const std::string of = about_.capture.empty() ? "its capture" : about_.capture;
  return {ExitCode::kInput,
          fmt::format("{}: is no whole event file ({}); run flowgauge events for {} again", path_, what, of)};
}

}  // namespace flowgauge
