#include "core/ingest/record_buffer.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace flowgauge {
namespace {

// Always so many at once, and only when no more is there: so libpcap's stream was read, and what damage of the
// compression says of a record that lies near to it stays the same.
constexpr std::size_t kReadBytes = 256UZ * 1024;
// Before what is read stands the part of a record that came before: any of a classic capture (24 + 262,144 bytes) and
// nearly any pcapng block. Memory that no long record touches is never resident.
constexpr std::size_t kCarriedBytes = kReadBytes + 4096;

}  // namespace

RecordBuffer::RecordBuffer(Read read, std::string_view begun, std::int64_t position)
    : read_(std::move(read)),
      read_begin_(kCarriedBytes),
      buffer_(std::make_unique_for_overwrite<char[]>(kCarriedBytes + kReadBytes)),
      begin_(kCarriedBytes),
      end_(kCarriedBytes + begun.size()),
      read_to_(position + static_cast<std::int64_t>(begun.size())) {
  std::ranges::copy(begun, buffer_.get() + begin_);
}

// False: the content ends before.
bool RecordBuffer::fill(std::size_t bytes) {
  while (size() < bytes) {
    make_room();
    if (!read_piece()) return false;
  }
  return true;
}

bool RecordBuffer::read_piece() {
  const std::size_t got = read_(buffer_.get() + end_, kReadBytes);
  end_ += got;
  read_to_ += static_cast<std::int64_t>(got);
  return got > 0;
}

void RecordBuffer::make_room() {
  const std::size_t carried = size();
  const char* from = data();
  std::unique_ptr<char[]> smaller;  // holds what is carried until it was moved
  if (carried > read_begin_) {
    read_begin_ *= 2;  // of what is carried a piece at most came since it was last enough
    smaller = std::exchange(buffer_, std::make_unique_for_overwrite<char[]>(read_begin_ + kReadBytes));
  }
  std::memmove(buffer_.get() + read_begin_ - carried, from, carried);
  begin_ = read_begin_ - carried;
  end_ = read_begin_;
}

std::uint64_t RecordBuffer::skip(std::uint64_t bytes) {
  for (;;) {
    const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, size()));
    take(taken);
    bytes -= taken;
    if (bytes == 0) return 0;
    make_room();
    if (!read_piece()) return bytes;
  }
}

std::size_t RecordBuffer::count_zeros(std::size_t bytes) const {
  return static_cast<std::size_t>(std::find_if(data(), data() + bytes, [](char byte) { return byte != 0; }) - data());
}

bool RecordBuffer::has_only_zeros(std::size_t bytes) {
  if (size() > 0 && *data() != 0) return false;
  const std::int64_t at = position();
  if (at <= other_at_ && other_at_ < at + static_cast<std::int64_t>(bytes)) return false;
  const std::size_t there = has(bytes) ? bytes : size();
  const std::size_t zeros = count_zeros(there);
  if (zeros < there) other_at_ = at + static_cast<std::int64_t>(zeros);
  return zeros == there;
}

RecordBuffer::Zeros RecordBuffer::take_zeros() {
  Zeros zeros;
  for (;;) {
    const std::size_t taken = count_zeros(size());
    take(taken);
    zeros.bytes += taken;
    if (size() > 0) return zeros;
    make_room();
    if (!read_piece()) {
      zeros.to_the_end = true;
      return zeros;
    }
  }
}

}  // namespace flowgauge
