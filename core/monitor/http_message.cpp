#include "core/monitor/http_message.h"

#include <fmt/format.h>

#include <algorithm>

namespace flowgauge {
namespace {

std::string_view status_text(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 431:
      return "Request Header Fields Too Large";
    default:
      return "Service Unavailable";
  }
}

}  // namespace

// Lines may end in a newline alone (RFC 9112, section 2.2).
std::optional<std::size_t> head_bytes(std::string_view received) {
  for (std::size_t at = received.find('\n'); at != std::string_view::npos; at = received.find('\n', at + 1)) {
    const std::string_view rest = received.substr(at + 1);
    if (rest.starts_with("\n")) return at + 2;
    if (rest.starts_with("\r\n")) return at + 3;
  }
  return std::nullopt;
}

std::optional<HttpRequest> parse_request(std::string_view head) {
  std::string_view line = head.substr(0, head.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  const std::size_t method_end = line.find(' ');
  const std::size_t target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || target_end <= method_end) return std::nullopt;
  const std::string_view method = line.substr(0, method_end);
  const std::string_view target = line.substr(method_end + 1, target_end - method_end - 1);
  const std::string_view version = line.substr(target_end + 1);
  const bool is_token =
      !method.empty() && std::ranges::all_of(method, [](char letter) { return letter >= 'A' && letter <= 'Z'; });
  const bool is_visible = std::ranges::all_of(target, [](char letter) { return letter > ' ' && letter < 0x7f; });
  if (!is_token || !is_visible || !target.starts_with('/') || (version != "HTTP/1.1" && version != "HTTP/1.0"))
    return std::nullopt;
  HttpRequest request;
  if (method == "GET") request.method = HttpRequest::Method::kGet;
  if (method == "HEAD") request.method = HttpRequest::Method::kHead;
  request.path = target.substr(0, target.find('?'));
  return request;
}

// The page asks nobody but its own server, and no other page may show it.
std::string http_text(const HttpAnswer& answer, HttpBody body) {
  std::string text = fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\nCache-Control: no-store\r\n"
      "X-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
      "script-src 'unsafe-inline'; connect-src 'self'; img-src data:; frame-ancestors 'none'; base-uri "
      "'none'\r\n{}\r\n",
      answer.status, status_text(answer.status), answer.type, answer.body.size(),
      answer.status == 405 ? "Allow: GET, HEAD\r\n" : "");
  if (body == HttpBody::kSent) text += answer.body;
  return text;
}

}  // namespace flowgauge
