#include "descriptor_stream.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <stdexcept>

namespace arrow_sinks {
namespace {

constexpr std::int64_t kMostAtOnce = 1 << 30;  // write(2) takes no more than some 2 GiB

}  // namespace

DescriptorStream::DescriptorStream(int descriptor) : descriptor_(descriptor) {
  if (::isatty(descriptor) == 1)
    throw std::runtime_error("a terminal cannot show it; name a file with --export-path, or write into a pipe");
}

arrow::Status DescriptorStream::Write(const void* data, std::int64_t size) {
  const auto* bytes = static_cast<const std::byte*>(data);
  while (size > 0) {
    const ssize_t count = ::write(descriptor_, bytes, static_cast<std::size_t>(std::min(size, kMostAtOnce)));
    if (count >= 0) {
      bytes += count;
      size -= count;
      written_ += count;
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN) {
      pollfd ready{descriptor_, POLLOUT, 0};
      (void)::poll(&ready, 1, -1);
      continue;
    }
    is_reader_gone_ = errno == EPIPE;
    return arrow::Status::IOError(std::strerror(errno));
  }
  return arrow::Status::OK();
}

arrow::Status DescriptorStream::Close() {
  is_closed_ = true;
  return arrow::Status::OK();
}

}  // namespace arrow_sinks
