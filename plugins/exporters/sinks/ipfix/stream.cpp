#include "stream.h"

#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>

namespace ipfix_sinks {
namespace {

constexpr std::chrono::seconds kEndLimit{10};
constexpr std::chrono::seconds kLostLimit{1};  // a machine acknowledges much sooner what has arrived
constexpr int kLookMs = 5;
const std::string kGone = "the collector is gone: ";

class Plain final : public Link {
 public:
  explicit Plain(Socket socket) : stream_(std::move(socket)) {}
  void send(std::span<const std::byte> message, Carried carried) override {
    stream_.write(message);
    stream_.mark(carried.rows);
  }
  void end(std::chrono::seconds) override { stream_.end(); }
  [[nodiscard]] std::size_t largest() const override { return kLongestMessage; }
  [[nodiscard]] std::uint64_t rows_certain() override { return stream_.rows_certain(); }
  [[nodiscard]] std::uint64_t rows_failed() const override { return stream_.rows_failed(); }
  std::uint64_t give_up() override { return stream_.give_up(); }
  [[nodiscard]] std::string loss() override { return stream_.loss(); }

 private:
  Stream stream_;
};

}  // namespace

void Stream::write(std::span<const std::byte> bytes) {
  if (const std::string why = loss(); !why.empty()) throw std::runtime_error(why);
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      written_ += static_cast<std::uint64_t>(count);
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      throw std::runtime_error(kGone + std::strerror(errno));
    }
  }
}

void Stream::end() {
  (void)::shutdown(socket_.get(), SHUT_WR);
  (void)wait_for_acknowledgement(kEndLimit);
}

std::uint64_t Stream::give_up() { return wait_for_acknowledgement(kLostLimit); }

std::uint64_t Stream::wait_for_acknowledgement(std::chrono::seconds longest) {
  const auto limit = std::chrono::steady_clock::now() + longest;
  while (waiting() != 0 && !is_broken() && std::chrono::steady_clock::now() < limit) (void)::poll(nullptr, 0, kLookMs);
  (void)rows_certain();
  std::uint64_t rows = 0;
  for (const Mark& mark : marks_) rows += mark.rows;
  marks_.clear();
  failed_ += rows;
  return rows;
}

// A collector that closes reads no more, though the kernel would take what is sent.
std::string Stream::loss() const {
  char one = 0;
  const ssize_t count = ::recv(socket_.get(), &one, 1, MSG_PEEK | MSG_DONTWAIT);
  if (count == 0) return kGone + "it closed the connection";
  return count > 0 || errno == EAGAIN || errno == EINTR ? std::string() : kGone + std::strerror(errno);
}

bool Stream::is_broken() const {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0;
}

std::uint64_t Stream::rows_certain() {
  const std::uint64_t acknowledged = written_ - waiting();
  for (; !marks_.empty() && marks_.front().end <= acknowledged; marks_.pop_front()) certain_ += marks_.front().rows;
  return certain_;
}

std::uint64_t Stream::waiting() const {
  int bytes = 0;
  if (::ioctl(socket_.get(), SIOCOUTQ, &bytes) != 0) return written_;
  // The end itself takes a number.
  return static_cast<std::uint64_t>(bytes) > written_ ? written_ : static_cast<std::uint64_t>(bytes);
}

std::unique_ptr<Link> stream_link(Socket socket) { return std::make_unique<Plain>(std::move(socket)); }

}  // namespace ipfix_sinks
