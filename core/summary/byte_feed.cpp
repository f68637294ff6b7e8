#include "core/summary/byte_feed.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace flowgauge {
namespace {

constexpr std::size_t kReadAtOnceBytes = 1UZ << 20;

}  // namespace

ByteFeed::ByteFeed(std::unique_ptr<CompressedStream> stream) : stream_(std::move(stream)), buffer_(kPaddingBytes) {}

bool ByteFeed::fill(std::size_t kept_from) {
  const std::size_t kept = size_ - kept_from;
  std::memmove(buffer_.data(), buffer_.data() + kept_from, kept);
  size_ = kept;
  // Twice as much where a row is long, so that it is not searched for its end again and again.
  const std::size_t wanted = std::max(kReadAtOnceBytes, kept);
  if (buffer_.size() < kept + wanted + kPaddingBytes) buffer_.resize(kept + wanted + kPaddingBytes);
  const std::size_t got = stream_->read(buffer_.data() + kept, wanted);
  size_ += got;
  std::memset(buffer_.data() + size_, 0, kPaddingBytes);
  return got > 0;
}

}  // namespace flowgauge
