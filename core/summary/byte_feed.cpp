#include "core/summary/byte_feed.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace flowgauge {
namespace {

constexpr std::size_t kReadAtOnceBytes = 1UZ << 20;

}  // namespace

ByteFeed::ByteFeed(std::unique_ptr<CompressedStream> stream)
    : stream_(std::move(stream)), buffer_(kPaddingBytes, '\0') {}

bool ByteFeed::fill(std::size_t kept_from) {
  const std::size_t kept = size_ - kept_from;
  std::memmove(buffer_.data(), buffer_.data() + kept_from, kept);
  size_ = kept;
  // Twice as much where a row is long, so that it is not searched for its end again and again.
  const std::size_t wanted = std::max(kReadAtOnceBytes, kept);
  const std::size_t room = kept + wanted + kPaddingBytes;
  // Without zeros: of a small table most of it is never touched.
  if (buffer_.size() < room) buffer_.resize_and_overwrite(room, [](char*, std::size_t size) { return size; });
  const std::size_t got = stream_->read(buffer_.data() + kept, wanted);
  size_ += got;
  std::memset(buffer_.data() + size_, 0, kPaddingBytes);
  return got > 0;
}

}  // namespace flowgauge
