// UDP: a message is a datagram, of at most what the path to the collector takes. Nobody says that one has arrived; that
// one was refused the network may say, behind the next.
#include <linux/in6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "link.h"

namespace ipfix_sinks {
namespace {

constexpr std::size_t kIpv4Heads = 28;  // of IP and UDP
constexpr std::size_t kIpv6Heads = 48;
constexpr std::size_t kLongestDatagram = 65'507;
constexpr int kTries = 2;  // the first may bring the error of a datagram before

class Udp final : public Link {
 public:
  Udp(Socket socket, std::size_t mtu) : socket_(std::move(socket)), wanted_(mtu) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    (void)::getpeername(socket_.get(), reinterpret_cast<sockaddr*>(&peer), &size);
    is_ipv6_ = peer.ss_family == AF_INET6;
    // No fragments: where a path takes less, the kernel says so.
    const int discover = is_ipv6_ ? IPV6_PMTUDISC_DO : IP_PMTUDISC_DO;
    (void)::setsockopt(socket_.get(), is_ipv6_ ? static_cast<int>(IPPROTO_IPV6) : static_cast<int>(IPPROTO_IP),
                       is_ipv6_ ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, &discover, sizeof discover);
    measure();
    if (wanted_ > path_)
      throw std::runtime_error("'mtu' is " + std::to_string(wanted_) + ", and the path to the collector takes " +
                               std::to_string(path_) + " bytes; leave 'mtu' out, or write at most that");
  }

  void send(std::span<const std::byte> message, Carried carried) override {
    for (int tried = 0; tried < kTries; ++tried) {
      if (::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL) >= 0) {
        certain_ += std::exchange(newest_, carried.rows);
        return;
      }
      if (errno == ECONNREFUSED) {
        failed_ += std::exchange(newest_, 0);
      } else if (errno == EMSGSIZE) {
        measure();
        failed_ += carried.rows;
        return;
      } else if (errno != EINTR) {
        throw std::runtime_error(std::string("cannot send: ") + std::strerror(errno));
      }
    }
    failed_ += carried.rows;
  }

  void end(std::chrono::seconds) override {
    int error = 0;
    socklen_t size = sizeof error;
    (void)::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    (error == 0 ? certain_ : failed_) += std::exchange(newest_, 0);
  }

  [[nodiscard]] std::size_t largest() const override {
    const std::size_t packet = wanted_ == 0 ? path_ : std::min(wanted_, path_);
    return std::min(packet - (is_ipv6_ ? kIpv6Heads : kIpv4Heads), kLongestDatagram);
  }
  [[nodiscard]] std::uint64_t rows_certain() override { return certain_; }
  [[nodiscard]] std::uint64_t rows_failed() const override { return failed_; }

 private:
  void measure() {
    int mtu = 0;
    socklen_t size = sizeof mtu;
    const bool is_known =
        ::getsockopt(socket_.get(), is_ipv6_ ? static_cast<int>(IPPROTO_IPV6) : static_cast<int>(IPPROTO_IP),
                     is_ipv6_ ? IPV6_MTU : IP_MTU, &mtu, &size) == 0;
    path_ = is_known ? static_cast<std::size_t>(mtu) : 1'280;  // RFC 8200 5: what every IPv6 path takes
  }

  Socket socket_;
  std::size_t wanted_;
  std::size_t path_ = 0;
  bool is_ipv6_ = false;
  std::uint64_t newest_ = 0;  // rows of the datagram that may yet be refused
  std::uint64_t certain_ = 0;
  std::uint64_t failed_ = 0;
};

}  // namespace

std::unique_ptr<Link> udp_link(Socket socket, std::size_t mtu) { return std::make_unique<Udp>(std::move(socket), mtu); }

}  // namespace ipfix_sinks
