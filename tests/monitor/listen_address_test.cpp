#include "core/monitor/listen_address.h"

#include <gtest/gtest.h>

namespace flowgauge {
namespace {

TEST(ListenAddress, APortAloneIsOfThisHost) {
  const std::pair<const char*, const char*> rows[] = {
      {"9464", "127.0.0.1:9464"},       {"0", "127.0.0.1:0"},
      {"localhost:80", "127.0.0.1:80"}, {"127.0.0.1:65535", "127.0.0.1:65535"},
      {"[::1]:9464", "[::1]:9464"},     {"0.0.0.0:1", "0.0.0.0:1"},
      {"[::]:9464", "[::]:9464"},
  };
  for (const auto& [text, read] : rows) {
    const auto address = parse_listen_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->text(), read);
    EXPECT_EQ(address->is_loopback(), !std::string(read).starts_with("0.") && !std::string(read).starts_with("[::]"))
        << text;
  }
}

TEST(ListenAddress, OthersAreRefused) {
  for (const char* text : {"", ":", ":9464", "65536", "-1", "9464 ", "host:9464", "127.0.0.1",
                           "127.0.0.1:", "1.2.3:9464", "::1:9464", "[::1:9464", "[127.0.0.1]:1", "[::1]", "a\nb:1"}) {
    const auto address = parse_listen_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().code, ExitCode::kUsage);
  }
  EXPECT_EQ(
      parse_listen_address("a\nb").error().message,
      "'a\\x0ab' is no address to listen on; give a port, as 9464, or ADDRESS:PORT, as 127.0.0.1:9464 or [::1]:9464");
}

}  // namespace
}  // namespace flowgauge
