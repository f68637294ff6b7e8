#include "core/monitor/http_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowgauge {
namespace {

using Method = HttpRequest::Method;

TEST(HttpMessage, AHeadEndsWithAnEmptyLine) {
  EXPECT_EQ(head_bytes("GET / HTTP/1.1\r\n\r\n"), 18U);
  EXPECT_EQ(head_bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\nbody"), 27U);
  EXPECT_EQ(head_bytes("GET / HTTP/1.1\n\n"), 16U);
  for (const char* part : {"", "GET", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\n\r"})
    EXPECT_EQ(head_bytes(part), std::nullopt) << part;
}

TEST(HttpMessage, TheRequestLineIsRead) {
  EXPECT_EQ(parse_request("GET / HTTP/1.1\r\n\r\n"), (HttpRequest{Method::kGet, "/"}));
  EXPECT_EQ(parse_request("HEAD /metrics?a=b HTTP/1.0\r\nX: y\r\n\r\n"), (HttpRequest{Method::kHead, "/metrics"}));
  EXPECT_EQ(parse_request("POST /x HTTP/1.1\n\n"), (HttpRequest{Method::kOther, "/x"}));
}

TEST(HttpMessage, WhatIsNoRequestIsRefused) {
  for (const char* head :
       {"\r\n\r\n", "GET /\r\n\r\n", "GET  HTTP/1.1\r\n\r\n", "get / HTTP/1.1\r\n\r\n", "GET x HTTP/1.1\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\n\r\n", "GET / HTTP/2\r\n\r\n", "GET /a b HTTP/1.1\r\n\r\n",
        " GET / HTTP/1.1\r\n\r\n", "GET /\x01 HTTP/1.1\r\n\r\n", "\x16\x03\x01 / HTTP/1.1\r\n\r\n"})
    EXPECT_EQ(parse_request(head), std::nullopt) << head;
}

TEST(HttpMessage, AnAnswerSaysHowLongItIs) {
  const std::string sent = http_text({.status = 503, .body = "so\n"}, HttpBody::kSent);
  EXPECT_THAT(
      sent,
      testing::StartsWith(
          "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\n"));
  EXPECT_THAT(sent, testing::EndsWith("\r\n\r\nso\n"));
  EXPECT_EQ(http_text({.status = 503, .body = "so\n"}, HttpBody::kLeftOut) + "so\n", sent);
  EXPECT_THAT(http_text({.status = 405}, HttpBody::kSent), testing::HasSubstr("\r\nAllow: GET, HEAD\r\n"));
}

}  // namespace
}  // namespace flowgauge
