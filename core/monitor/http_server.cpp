#include "core/monitor/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <new>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/crash_stack.h"
#include "core/base/log.h"
#include "core/host/capabilities.h"

namespace flowgauge {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostClients = 64;
constexpr int kWaiting = 16;  // that have connected and are not accepted yet
constexpr int kPauseMs = 100;
constexpr std::chrono::seconds kClientTime{10};

std::unexpected<Error> refuse(const ListenAddress& address, int error) {
  if (error == EADDRINUSE)
    return fail(ExitCode::kOutput, "{} is in use by another program; choose another port", address.text());
  return fail(ExitCode::kOutput, "cannot listen on {}: {}", address.text(), std::strerror(error));
}

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t bytes = 0;
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress socket_address(const ListenAddress& address) {
  SocketAddress made;
  if (address.family == ListenAddress::Family::kIpv4) {
    auto& ip = reinterpret_cast<sockaddr_in&>(made.storage);
    ip.sin_family = AF_INET;
    ip.sin_port = htons(address.port);
    ::inet_pton(AF_INET, address.host.c_str(), &ip.sin_addr);
    made.bytes = sizeof ip;
  } else {
    auto& ip = reinterpret_cast<sockaddr_in6&>(made.storage);
    ip.sin6_family = AF_INET6;
    ip.sin6_port = htons(address.port);
    ::inet_pton(AF_INET6, address.host.c_str(), &ip.sin6_addr);
    made.bytes = sizeof ip;
  }
  return made;
}

// One connection: a request comes in, an answer goes out.
class Client {
 public:
  explicit Client(FileDescriptor socket) : socket_(std::move(socket)), until_(Clock::now() + kClientTime) {}

  [[nodiscard]] pollfd waits() const {
    return {socket_.get(), static_cast<short>(answer_.empty() ? POLLIN : POLLOUT), 0};
  }
  [[nodiscard]] Clock::time_point until() const { return until_; }
  [[nodiscard]] bool is_done() const { return is_done_; }

  void go_on(const HttpServer::Answer& answer) {
    if (answer_.empty()) receive(answer);
    if (!answer_.empty()) send();
  }

 private:
  void receive(const HttpServer::Answer& answer) {
    std::array<char, 2048> part;
    const ssize_t size = ::recv(socket_.get(), part.data(), part.size(), 0);
    if (size <= 0) {
      is_done_ = size == 0 || (errno != EAGAIN && errno != EINTR);
      return;
    }
    received_.append(part.data(), static_cast<std::size_t>(size));
    if (const auto bytes = head_bytes(received_))
      reply(parse_request(std::string_view(received_).substr(0, *bytes)), answer);
    else if (received_.size() > kMostRequestBytes)
      answer_ = http_text({.status = 431, .body = "the request is too long\n"}, HttpBody::kSent);
  }

  void reply(const std::optional<HttpRequest>& request, const HttpServer::Answer& answer) {
    if (!request) {
      answer_ = http_text({.status = 400, .body = "this is no HTTP request\n"}, HttpBody::kSent);
    } else if (request->method == HttpRequest::Method::kOther) {
      answer_ = http_text({.status = 405, .body = "only GET and HEAD\n"}, HttpBody::kSent);
    } else {
      const bool is_head = request->method == HttpRequest::Method::kHead;
      answer_ = http_text(answer(request->path), is_head ? HttpBody::kLeftOut : HttpBody::kSent);
    }
  }

  void send() {
    const ssize_t size = ::send(socket_.get(), answer_.data() + sent_, answer_.size() - sent_, MSG_NOSIGNAL);
    if (size < 0) {
      is_done_ = errno != EAGAIN && errno != EINTR;
      return;
    }
    sent_ += static_cast<std::size_t>(size);
    is_done_ = sent_ == answer_.size();
    if (is_done_) ::shutdown(socket_.get(), SHUT_WR);
  }

  FileDescriptor socket_;
  Clock::time_point until_;
  std::string received_;
  std::string answer_;
  std::size_t sent_ = 0;
  bool is_done_ = false;
};

// The server's thread.
class Service {
 public:
  Service(int socket, int wake, HttpServer::Answer answer) : socket_(socket), wake_(wake), answer_(std::move(answer)) {}

  void run() {
    while (wait()) {
      try {
        for (std::size_t i = 0; i < clients_.size(); ++i)
          if (waits_[i + 2].revents != 0) clients_[i].go_on(answer_);
        std::erase_if(clients_,
                      [now = Clock::now()](const Client& one) { return one.is_done() || one.until() <= now; });
        if ((waits_[1].revents & POLLIN) != 0) accept();
      } catch (const std::bad_alloc&) {
        clients_.clear();
      }
    }
  }

 private:
  // False: it is to stop.
  bool wait() {
    const bool has_room = clients_.size() < kMostClients && !is_short_of_files_;
    waits_.assign({{wake_, POLLIN, 0}, {has_room ? socket_ : -1, POLLIN, 0}});
    auto until = Clock::time_point::max();
    for (const Client& client : clients_) {
      waits_.push_back(client.waits());
      until = std::min(until, client.until());
    }
    int patience_ms = -1;
    if (!clients_.empty()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
      patience_ms = static_cast<int>(std::max<std::int64_t>(left, 0));
    }
    if (is_short_of_files_) patience_ms = patience_ms < 0 ? kPauseMs : std::min(patience_ms, kPauseMs);
    is_short_of_files_ = false;
    if (::poll(waits_.data(), waits_.size(), patience_ms) < 0)
      for (pollfd& one : waits_) one.revents = 0;
    return waits_[0].revents == 0;
  }

  void accept() {
    FileDescriptor socket(::accept4(socket_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket)
      clients_.emplace_back(std::move(socket));
    else
      is_short_of_files_ = errno == EMFILE || errno == ENFILE;
  }

  int socket_;
  int wake_;
  HttpServer::Answer answer_;
  std::vector<Client> clients_;
  std::vector<pollfd> waits_;
  bool is_short_of_files_ = false;  // the next look at who waits comes a little later
};

}  // namespace

Result<HttpServer> HttpServer::open(const ListenAddress& address) {
  SocketAddress wanted = socket_address(address);
  FileDescriptor socket(::socket(wanted.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return refuse(address, errno);
  // So that a run may follow another at once; a port that somebody listens on stays refused.
  const int yes = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(socket.get(), wanted.get(), wanted.bytes) != 0 || ::listen(socket.get(), kWaiting) != 0)
    return refuse(address, errno);
  if (::getsockname(socket.get(), wanted.get(), &wanted.bytes) != 0) return refuse(address, errno);
  ListenAddress bound = address;
  bound.port = ntohs(address.family == ListenAddress::Family::kIpv4
                         ? reinterpret_cast<const sockaddr_in&>(wanted.storage).sin_port
                         : reinterpret_cast<const sockaddr_in6&>(wanted.storage).sin6_port);
  FileDescriptor wake(::eventfd(0, EFD_CLOEXEC));
  if (!wake) return refuse(address, errno);
  return HttpServer(std::move(socket), std::move(wake), std::move(bound));
}

Result<void> HttpServer::serve(Answer answer) {
  try {
    thread_ =
        std::jthread([log = bound_log(), service = Service(socket_.get(), wake_.get(), std::move(answer))]() mutable {
          const LogScope scope(log);
          const CrashStack crash_stack;
          if (const auto dropped = drop_all_capabilities(); !dropped) {
            log_error("--metrics: nobody is answered: {}", dropped.error().message);
            return;
          }
          service.run();
        });
  } catch (const std::system_error& error) {
    return fail(ExitCode::kMemory, "--metrics: no thread can be started: {}", error.what());
  }
  return {};
}

void HttpServer::stop() {
  if (!thread_.joinable()) return;
  const std::uint64_t one = 1;
  if (::write(wake_.get(), &one, sizeof one) < 0) log_debug("--metrics: {}", std::strerror(errno));
  thread_.join();
}

}  // namespace flowgauge
