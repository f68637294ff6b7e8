// A small HTTP server for a few texts, on one thread of its own: a client that is slow or silent keeps nobody waiting,
// and has ten seconds.
// Why not a library: docs/engineering-notes.md.
#pragma once

#include <functional>
#include <string_view>
#include <thread>
#include <utility>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/monitor/http_message.h"
#include "core/monitor/listen_address.h"

namespace flowgauge {

class HttpServer {
 public:
  using Answer = std::function<HttpAnswer(std::string_view path)>;

  // Binds and listens: who connects from here on waits until serve(). Fails with kOutput, where the port is in use.
  [[nodiscard]] static Result<HttpServer> open(const ListenAddress& address);
  HttpServer(HttpServer&&) = default;
  HttpServer& operator=(HttpServer&&) = default;
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer() { stop(); }

  // Once; from here on `answer` is called on the server's thread, which has no capability.
  [[nodiscard]] Result<void> serve(Answer answer);
  void stop();

  // With the port that it has got.
  [[nodiscard]] const ListenAddress& address() const { return address_; }

 private:
  HttpServer(FileDescriptor socket, FileDescriptor wake, ListenAddress address)
      : socket_(std::move(socket)), wake_(std::move(wake)), address_(std::move(address)) {}

  FileDescriptor socket_;
  FileDescriptor wake_;
  ListenAddress address_;
  std::jthread thread_;
};

}  // namespace flowgauge
