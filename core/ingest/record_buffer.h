// The content of a capture as its records are walked: read a piece at a time and shown where it was read to. What a
// piece has of a record that goes on is carried before the next piece.
// Single-threaded. Bytes that were shown stay valid until the next call of has(), skip() or take_zeros().
// Invariant: [begin_, end_) was read and not taken yet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace flowgauge {

class RecordBuffer {
 public:
  // Gives the next bytes, at most so many. 0: there are no more.
  using Read = std::function<std::size_t(char*, std::size_t)>;

  struct Zeros {
    std::uint64_t bytes = 0;
    bool to_the_end = false;  // nothing else comes behind them
  };

  // `begun`: what was read before, its first byte at `position` of the content.
  explicit RecordBuffer(Read read, std::string_view begun = {}, std::int64_t position = 0);

  // Whether so many bytes are there, after reading if need be. The memory grows with what was read, not with what was
  // asked for.
  [[nodiscard]] bool has(std::size_t bytes) { return size() >= bytes || fill(bytes); }
  [[nodiscard]] std::size_t size() const { return end_ - begin_; }
  [[nodiscard]] char* data() { return buffer_.get() + begin_; }
  [[nodiscard]] const char* data() const { return buffer_.get() + begin_; }
  // Where data() lies in the content.
  [[nodiscard]] std::int64_t position() const { return read_to_ - static_cast<std::int64_t>(size()); }

  void take(std::size_t bytes) { begin_ += bytes; }
  // Takes so many bytes without keeping any. Says how many of them are not there (yet).
  [[nodiscard]] std::uint64_t skip(std::uint64_t bytes);
  // Whether all of the next so many bytes, or of those that there are, are zeros.
  [[nodiscard]] bool has_only_zeros(std::size_t bytes);
  // Takes all zeros that come next.
  [[nodiscard]] Zeros take_zeros();

  // The caller works on one record while the next one's header and frame come nearer.
  void prefetch() const {
    __builtin_prefetch(data());
    __builtin_prefetch(data() + kCacheLineBytes);
  }

 private:
  static constexpr std::size_t kCacheLineBytes = 64;

  bool fill(std::size_t bytes);
  bool read_piece();
  [[nodiscard]] std::size_t count_zeros(std::size_t bytes) const;  // that come first among so many
  void make_room();

  Read read_;
  std::size_t read_begin_;  // where pieces are read to
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_;
  std::size_t end_;
  std::int64_t read_to_;        // in the content
  std::int64_t other_at_ = -1;  // there: a byte that is no zero, looked for once for all records of no byte before it
};

}  // namespace flowgauge
