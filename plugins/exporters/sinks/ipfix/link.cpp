#include "link.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace ipfix_sinks {
namespace {

constexpr int kConnectLimitMs = 5'000;

struct FreeAddresses {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Addresses addresses_of(const Address& address) {
  addrinfo wanted{};
  wanted.ai_socktype = address.transport == Transport::kUdp ? SOCK_DGRAM : SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &wanted, &found); error != 0)
    throw std::runtime_error("host '" + address.host + "': " + ::gai_strerror(error));
  return Addresses(found);
}

// 0, or errno.
int connect_to(int socket, const addrinfo& place) {
  if (::connect(socket, place.ai_addr, place.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd ready{socket, POLLOUT, 0};
  if (::poll(&ready, 1, kConnectLimitMs) <= 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  (void)::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

}  // namespace

Socket::~Socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Socket connected(const Address& address) {
  const Addresses all = addresses_of(address);
  int error = 0;
  for (const addrinfo* one = all.get(); one != nullptr; one = one->ai_next) {
    Socket socket(::socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, one->ai_protocol));
    error = socket.get() < 0 ? errno : connect_to(socket.get(), *one);
    if (error != 0) continue;
    (void)::fcntl(socket.get(), F_SETFL, 0);  // from here on it may block
    return socket;
  }
  throw std::runtime_error("cannot connect to host '" + address.host + "', port " + address.port + ": " +
                           std::strerror(error) + "; is a collector listening there?");
}

std::unique_ptr<Link> open_link(const Address& address, std::size_t mtu, const Certificates& certificates) {
  Socket socket = connected(address);
  switch (address.transport) {
    case Transport::kUdp:
      return udp_link(std::move(socket), mtu);
    case Transport::kTcp:
      return stream_link(std::move(socket));
    default:
      return tls_link(std::move(socket), address.host, certificates);
  }
}

}  // namespace ipfix_sinks
