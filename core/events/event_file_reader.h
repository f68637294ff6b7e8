// Reads event files. One thread. What is not as the writer makes it is an error (kInput) that names file and capture.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/compression/zstd_frame.h"
#include "core/events/event_file.h"

namespace flowgauge {

class EventFileReader {
 public:
  [[nodiscard]] static Result<EventFileReader> open(std::string path);

  [[nodiscard]] const EventFileAbout& about() const { return about_; }
  [[nodiscard]] std::uint64_t size_bytes() const { return size_bytes_; }
  [[nodiscard]] Result<std::vector<Chunk>> chunks();
  // The unpacked bytes of a chunk's track.
  [[nodiscard]] Result<std::string> track(const Chunk& chunk);
  // Appends to `events`. `what` is it for messages.
  [[nodiscard]] Result<void> append(const EventPiece& piece, std::string_view what, PieceEvents& events);
  // "PATH: is damaged (WHAT); ..."
  [[nodiscard]] Error damage(std::string_view what) const;

 private:
  EventFileReader(FileDescriptor fd, std::string path, std::uint64_t size_bytes)
      : fd_(std::move(fd)), path_(std::move(path)), size_bytes_(size_bytes) {}
  Result<void> read_end();
  Result<void> read_at(std::uint64_t offset, char* to, std::size_t bytes) const;
  Result<std::string> read_piece(const Piece& piece, std::string_view what);

  FileDescriptor fd_;
  std::string path_;
  std::uint64_t size_bytes_;
  FrameUnpacker unpacker_;
  EventFileTail tail_;
  EventFileAbout about_;
  std::string packed_;
};

}  // namespace flowgauge
