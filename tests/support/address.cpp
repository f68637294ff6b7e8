#include "tests/support/address.h"

#include <arpa/inet.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace flowgauge::test {

namespace {

[[noreturn]] void refuse(std::string_view what, std::string_view text) {
  std::fprintf(stderr, "test code: '%.*s' is no %.*s\n", static_cast<int>(text.size()), text.data(),
               static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace

Address address(std::string_view text) {
  Address result;
  result.version = text.find(':') == std::string_view::npos ? 4 : 6;
  if (inet_pton(result.version == 4 ? AF_INET : AF_INET6, std::string(text).c_str(), result.bytes.data()) != 1) {
    refuse("address", text);
  }
  return result;
}

std::uint8_t tcp_flags(std::string_view letters) {
  constexpr std::string_view kLetters = "FSRPAUEC";
  unsigned flags = 0;
  for (const char letter : letters) {
    const std::size_t bit = kLetters.find(letter);
    if (bit == std::string_view::npos) refuse("set of TCP flags", letters);
    flags |= 1U << bit;
  }
  return static_cast<std::uint8_t>(flags);
}

}  // namespace flowgauge::test
