// What a small HTTP/1.1 server needs of RFC 9112: the request line of a GET or HEAD, and an answer that ends its
// connection. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flowgauge {

inline constexpr std::size_t kMostRequestBytes = 8192;

struct HttpRequest {
  enum class Method : std::uint8_t { kGet, kHead, kOther };

  Method method = Method::kOther;
  std::string path;  // without the query

  bool operator==(const HttpRequest&) const = default;
};

struct HttpAnswer {
  int status = 200;
  std::string_view type = "text/plain; charset=utf-8";
  std::string body{};
};

// How much of what came is the head of a request: up to the empty line. None: more is to come.
[[nodiscard]] std::optional<std::size_t> head_bytes(std::string_view received);

// Of a whole head. None: it is no request.
[[nodiscard]] std::optional<HttpRequest> parse_request(std::string_view head);

enum class HttpBody : std::uint8_t { kSent, kLeftOut };  // of a HEAD
[[nodiscard]] std::string http_text(const HttpAnswer& answer, HttpBody body);

}  // namespace flowgauge
