// The bytes of a capture, as they are asked for or as a FILE, decompressed on the way if they are compressed (by
// content, not by name). Single-threaded. The object outlives the FILE it gave out.
// Invariant: of a regular file no byte beyond its length at open is read, so that a growing file has an end.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/compression/decoder.h"

namespace flowgauge {

// What the owner of a stream shares with it; each may be null.
struct StreamControl {
  std::atomic<std::uint64_t>* bytes_read = nullptr;  // counts the stored bytes, as they are read
  const std::atomic<bool>* stop = nullptr;           // true ends a read that waits for a pipe
  // Called within a read from a pipe, before it waits: something was read, by this stream or those before it, longer
  // than kLongestHold ago and since the last call. An empty function counts as none.
  const std::function<void()>* on_held = nullptr;
};

class CompressedStream {
  using Clock = std::chrono::steady_clock;

 public:
  static constexpr std::size_t kHeadBytes = 32;
  static constexpr std::chrono::milliseconds kLongestHold{200};

  // "-" is standard input. Reads and keeps the first bytes. Fails (kInput): missing, unreadable, a folder.
  [[nodiscard]] static Result<std::unique_ptr<CompressedStream>> open(const std::string& path,
                                                                      const StreamControl& control);
  CompressedStream(const CompressedStream&) = delete;
  CompressedStream& operator=(const CompressedStream&) = delete;
  ~CompressedStream() = default;

  // The next bytes of the decompressed content, the head first and alone; what is stored plain is read into `buffer`
  // directly. 0: there are no more, whether so written or not (see damage(), stopped()).
  [[nodiscard]] std::size_t read(char* buffer, std::size_t size);
  // How many bytes of the decompressed content were read.
  [[nodiscard]] std::int64_t position() const { return position_; }

  // Gives the stream to the standard library; once. The caller closes it. ftello() tells the decompressed position.
  [[nodiscard]] std::FILE* open_file();

  [[nodiscard]] const std::string& name() const { return name_; }  // for messages
  [[nodiscard]] Compression compression() const { return compression_; }
  // The first bytes of the decompressed content, at most kHeadBytes.
  [[nodiscard]] std::string_view head() const { return {head_.data(), head_.size()}; }
  [[nodiscard]] bool empty() const { return head_.empty() && !damage_; }
  // What ended the stream before its time: damaged compression, a read error. In plain words.
  [[nodiscard]] const std::optional<std::string>& damage() const { return damage_; }
  [[nodiscard]] bool stopped() const { return stopped_; }

 private:
  CompressedStream(std::string name, FileDescriptor fd, const StreamControl& control);
  static ssize_t read_cookie(void* cookie, char* buffer, std::size_t size) noexcept;
  static int seek_cookie(void* cookie, off64_t* offset, int whence) noexcept;

  void begin();
  std::size_t read_content(char* buffer, std::size_t size);
  std::size_t decode(char* buffer, std::size_t size);
  std::size_t read_stored(char* buffer, std::size_t size);
  bool wait_for_pipe();
  std::chrono::milliseconds tell_what_is_held();

  std::string name_;
  FileDescriptor fd_;
  StreamControl control_;
  bool regular_ = false;
  std::uint64_t stored_left_ = 0;                // of a regular file
  std::optional<Clock::time_point> held_since_;  // of a pipe: when came what the owner was not told of

  Compression compression_ = Compression::kNone;
  std::unique_ptr<Decoder> decoder_;
  std::unique_ptr<char[]> stored_;  // read but not decoded yet: [stored_begin_, stored_end_)
  std::size_t stored_begin_ = 0;
  std::size_t stored_end_ = 0;
  bool may_hold_output_ = false;  // the decoder had no more room

  std::vector<char> head_;
  std::size_t head_given_ = 0;
  std::int64_t position_ = 0;
  std::optional<std::string> damage_;
  bool stopped_ = false;
  std::unique_ptr<char[]> file_buffer_;
};

}  // namespace flowgauge
