// Against clients of all kinds, over real sockets.
#include "core/monitor/http_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <string>
#include <thread>
#include <vector>

namespace flowgauge {
namespace {

using testing::EndsWith;
using testing::StartsWith;

class HttpServerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = HttpServer::open({});
    ASSERT_TRUE(opened) << opened.error().message;
    server_.emplace(std::move(*opened));
  }
  void serve() {
    ASSERT_TRUE(server_->serve([](std::string_view path) {
      return HttpAnswer{.body = path == "/long" ? std::string(4 << 20, 'x') : "you asked for " + std::string(path)};
    }));
  }

  [[nodiscard]] FileDescriptor connect() const {
    FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server_->address().port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return socket;
  }
  static void send(const FileDescriptor& socket, std::string_view text) {
    EXPECT_EQ(::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  static std::string read_all(const FileDescriptor& socket) {
    std::string text;
    std::array<char, 65'536> part;
    for (ssize_t size = 0; (size = ::recv(socket.get(), part.data(), part.size(), 0)) > 0;)
      text.append(part.data(), static_cast<std::size_t>(size));
    return text;
  }
  [[nodiscard]] std::string ask(std::string_view request) const {
    const FileDescriptor socket = connect();
    send(socket, request);
    return read_all(socket);
  }

  std::optional<HttpServer> server_;
};

TEST_F(HttpServerTest, Answers) {
  serve();
  EXPECT_THAT(ask("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"), EndsWith("\r\n\r\nyou asked for /a"));
  EXPECT_THAT(ask("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n"), EndsWith("\r\n\r\n"));
  EXPECT_THAT(ask("DELETE / HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(ask("nonsense\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(ask("GET /" + std::string(9000, 'a')), StartsWith("HTTP/1.1 431 "));
  EXPECT_EQ(ask("GET /long HTTP/1.1\r\n\r\n").size() > (4U << 20), true);
}

TEST_F(HttpServerTest, WhoConnectsBeforeItServesIsAnsweredThen) {
  const FileDescriptor early = connect();
  send(early, "GET /early HTTP/1.1\r\n\r\n");
  serve();
  EXPECT_THAT(read_all(early), EndsWith("you asked for /early"));
}

TEST_F(HttpServerTest, NobodyWaitsForThoseWhoSayNothing) {
  serve();
  std::vector<FileDescriptor> silent;
  for (int i = 0; i < 40; ++i) silent.push_back(connect());
  send(silent.front(), "GET /slo");
  const FileDescriptor deaf = connect();  // asks for much and reads nothing
  send(deaf, "GET /long HTTP/1.1\r\n\r\n");
  EXPECT_THAT(ask("GET /now HTTP/1.1\r\n\r\n"), EndsWith("you asked for /now"));
  send(silent.front(), "w HTTP/1.1\r\n\r\n");
  EXPECT_THAT(read_all(silent.front()), EndsWith("you asked for /slow"));
}

TEST_F(HttpServerTest, EndsWhileClientsAreThere) {
  serve();
  const FileDescriptor silent = connect();
  EXPECT_THAT(ask("GET /a HTTP/1.1\r\n\r\n"), EndsWith("/a"));
  server_->stop();
  EXPECT_EQ(read_all(silent), "");
}

TEST_F(HttpServerTest, APortInUseIsRefused) {
  const auto second = HttpServer::open(server_->address());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ExitCode::kOutput);
  EXPECT_EQ(second.error().message, server_->address().text() + " is in use by another program; choose another port");
}

}  // namespace
}  // namespace flowgauge
