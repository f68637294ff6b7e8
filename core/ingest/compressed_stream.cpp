#include "core/ingest/compressed_stream.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio_ext.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/base/host_path.h"

namespace flowgauge {
namespace {

constexpr std::size_t kStoredBytes = 256UZ * 1024;      // of compressed data, read at once
constexpr std::size_t kFileBufferBytes = 256UZ * 1024;  // measured: 64 KiB costs 15 ns a packet more
constexpr std::chrono::milliseconds kStopCheck{100};

}  // namespace

Result<std::unique_ptr<CompressedStream>> CompressedStream::open(const std::string& path,
                                                                 const StreamControl& control) {
  const bool is_standard = path == "-";
  // Not blocking: a named pipe without a writer is waited for where a stop is seen, in wait_for_pipe().
  FileDescriptor fd =
      is_standard
          ? copy_of_descriptor(standard_input())
          : beyond_standard_streams(::open(host_path(path).c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  std::string name = is_standard ? "standard input" : path;
  if (!fd) {
    const int error = errno;
    const char* advice = error == ENOENT   ? "check the name"
                         : error == EACCES ? "ask for read permission"
                                           : "the system refused to open it";
    return fail(ExitCode::kInput, "cannot open {}: {}; {}", name, std::strerror(error), advice);
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) {
    return fail(ExitCode::kInput, "cannot examine {}: {}", name, std::strerror(errno));
  }
  if (S_ISDIR(status.st_mode)) return fail(ExitCode::kInput, "cannot read {}: it is a folder", name);
  std::unique_ptr<CompressedStream> stream(new CompressedStream(std::move(name), std::move(fd), control));
  stream->regular_ = S_ISREG(status.st_mode);
  if (stream->regular_) {
    // Standard input may have been read in part by someone before us.
    const off64_t at = ::lseek64(stream->fd_.get(), 0, SEEK_CUR);
    stream->stored_left_ = static_cast<std::uint64_t>(std::max<off64_t>(0, status.st_size - std::max<off64_t>(0, at)));
  }
  if (!stream->regular_) stream->held_since_ = Clock::now();
  stream->begin();
  return stream;
}

CompressedStream::CompressedStream(std::string name, FileDescriptor fd, const StreamControl& control)
    : name_(std::move(name)), fd_(std::move(fd)), control_(control) {}

void CompressedStream::begin() {
  stored_ = std::make_unique_for_overwrite<char[]>(kStoredBytes);  // of a plain file it is hardly touched
  // A pipe may give less than asked for.
  while (stored_end_ < kHeadBytes) {
    const std::size_t size = read_stored(stored_.get() + stored_end_, kHeadBytes - stored_end_);
    if (size == 0) break;
    stored_end_ += size;
  }
  compression_ = compression_of({stored_.get(), stored_end_});
  if (compression_ != Compression::kNone) {
    decoder_ = make_decoder(compression_);
    if (decoder_ == nullptr) damage_ = "there is not enough memory to decompress it";
  }
  std::array<char, kHeadBytes> head{};
  std::size_t size = 0;
  while (size < head.size()) {
    const std::size_t more = read_content(head.data() + size, head.size() - size);
    if (more == 0) break;
    size += more;
  }
  head_.assign(head.data(), head.data() + size);
}

std::size_t CompressedStream::read(char* buffer, std::size_t size) {
  std::size_t got = std::min(size, head_.size() - head_given_);
  if (got > 0) {
    std::memcpy(buffer, head_.data() + head_given_, got);
    head_given_ += got;
  } else {
    got = read_content(buffer, size);
  }
  position_ += static_cast<std::int64_t>(got);
  return got;
}

std::FILE* CompressedStream::open_file() {
  cookie_io_functions_t functions{};
  functions.read = read_cookie;
  functions.seek = seek_cookie;
  std::FILE* file = ::fopencookie(this, "r", functions);
  if (file == nullptr) return nullptr;
  file_buffer_ = std::make_unique_for_overwrite<char[]>(kFileBufferBytes);
  std::setvbuf(file, file_buffer_.get(), _IOFBF, kFileBufferBytes);
  __fsetlocking(file, FSETLOCKING_BYCALLER);  // one thread reads; spares two locks a packet
  return file;
}

ssize_t CompressedStream::read_cookie(void* cookie, char* buffer, std::size_t size) noexcept {
  return static_cast<ssize_t>(static_cast<CompressedStream*>(cookie)->read(buffer, size));
}

// Tells the position; the stream cannot be moved.
int CompressedStream::seek_cookie(void* cookie, off64_t* offset, int whence) noexcept {
  if (whence != SEEK_CUR || *offset != 0) {
    errno = ESPIPE;
    return -1;
  }
  *offset = static_cast<CompressedStream*>(cookie)->position_;
  return 0;
}

// 0: the end, wanted or not (see damage_, stopped_).
std::size_t CompressedStream::read_content(char* buffer, std::size_t size) {
  if (damage_ || stopped_) return 0;
  if (compression_ != Compression::kNone) return decode(buffer, size);
  if (stored_begin_ < stored_end_) {
    const std::size_t got = std::min(size, stored_end_ - stored_begin_);
    std::memcpy(buffer, stored_.get() + stored_begin_, got);
    stored_begin_ += got;
    return got;
  }
  return read_stored(buffer, size);
}

std::size_t CompressedStream::decode(char* buffer, std::size_t size) {
  for (;;) {
    // What the decoder holds already shall not wait for a pipe.
    const bool wants_input = stored_begin_ == stored_end_ && !may_hold_output_;
    if (wants_input) {
      stored_begin_ = 0;
      stored_end_ = read_stored(stored_.get(), kStoredBytes);
    }
    const bool at_end = wants_input && stored_end_ == 0;
    if (at_end && (damage_ || stopped_ || decoder_->complete())) return 0;
    // At the end of the input the decoder may still hold output.
    const Decoder::Step step =
        decoder_->decode({stored_.get() + stored_begin_, stored_end_ - stored_begin_}, {buffer, size});
    stored_begin_ += step.consumed;
    may_hold_output_ = step.produced == size;
    if (!step.error.empty()) {
      damage_ = fmt::format("its {} data is damaged ({})", compression_name(compression_), step.error);
    } else if (at_end && step.produced == 0 && !decoder_->complete()) {
      damage_ = fmt::format("its {} data ends in the middle", compression_name(compression_));
    }
    if (step.produced > 0 || damage_) return step.produced;
  }
}

std::size_t CompressedStream::read_stored(char* buffer, std::size_t size) {
  if (regular_) size = static_cast<std::size_t>(std::min<std::uint64_t>(size, stored_left_));
  while (size > 0) {
    if (!regular_ && !wait_for_pipe()) return 0;
    const ssize_t got = ::read(fd_.get(), buffer, size);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) {
      damage_ = fmt::format("reading failed ({})", std::strerror(errno));
      return 0;
    }
    if (regular_) stored_left_ -= static_cast<std::uint64_t>(got);
    if (control_.bytes_read != nullptr) {
      control_.bytes_read->fetch_add(static_cast<std::uint64_t>(got), std::memory_order_relaxed);
    }
    return static_cast<std::size_t>(got);
  }
  return 0;
}

// A pipe may be silent for long: looks up now and then whether to stop. False: stop.
bool CompressedStream::wait_for_pipe() {
  pollfd waiting{fd_.get(), POLLIN, 0};
  while (control_.stop == nullptr || !control_.stop->load(std::memory_order_relaxed)) {
    const auto longest = tell_what_is_held();
    if (::poll(&waiting, 1, static_cast<int>(longest.count())) <= 0) continue;
    if (!held_since_) held_since_ = Clock::now();
    return true;
  }
  stopped_ = true;
  return false;
}

// Returns how long may be waited until the next look.
std::chrono::milliseconds CompressedStream::tell_what_is_held() {
  if (control_.on_held == nullptr || !*control_.on_held || !held_since_) return kStopCheck;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*held_since_ + kLongestHold - Clock::now());
  if (left.count() > 0) return std::min(left, kStopCheck);
  held_since_.reset();
  (*control_.on_held)();
  return kStopCheck;
}

}  // namespace flowgauge
