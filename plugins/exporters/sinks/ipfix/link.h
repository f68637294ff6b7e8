// The way to a collector: a socket, and what became of the rows that went into it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "address.h"
#include "carried.h"

namespace ipfix_sinks {

inline constexpr std::size_t kLongestMessage = 65'535;  // RFC 7011 3.1: its length has 16 bits

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  ~Socket();
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

struct Certificates {
  std::string authorities;  // PEM of those that may sign the collector's; empty: the system's
  std::string own;          // PEM of ours and its chain; empty: none
  std::string key;
};

class Link {
 public:
  virtual ~Link() = default;

  // Blocks as long as the collector does. Throws where it went away.
  virtual void send(std::span<const std::byte> message, Carried carried) = 0;
  // Waits some seconds until what was sent has arrived, as far as the transport says; and so long for a collector that
  // is away.
  virtual void end(std::chrono::seconds longest_away) = 0;
  // The longest message now.
  [[nodiscard]] virtual std::size_t largest() const = 0;
  [[nodiscard]] virtual std::uint64_t rows_certain() = 0;
  [[nodiscard]] virtual std::uint64_t rows_failed() const = 0;
  // Why the collector is lost, as far as its machine has said so. Empty: it is there.
  [[nodiscard]] virtual std::string loss() { return {}; }
  // Between two messages, for those that connect again.
  virtual void restore() {}
  // Nothing is sent any more: what has not arrived for certain has failed. How many rows that are.
  virtual std::uint64_t give_up() { return 0; }
};

// Connects, or throws with what was tried.
[[nodiscard]] std::unique_ptr<Link> open_link(const Address& address, std::size_t mtu,
                                              const Certificates& certificates);

[[nodiscard]] Socket connected(const Address& address);
[[nodiscard]] std::unique_ptr<Link> udp_link(Socket socket, std::size_t mtu);
[[nodiscard]] std::unique_ptr<Link> stream_link(Socket socket);
[[nodiscard]] std::unique_ptr<Link> tls_link(Socket socket, const std::string& host, const Certificates& certificates);

}  // namespace ipfix_sinks
