// Addresses and times as tests write them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace flowgauge::test {

struct Address {
  std::array<std::uint8_t, 16> bytes{};  // network order; version 4 in the first 4, the rest 0
  std::uint8_t version = 4;
};

// "10.0.0.1" or "2001:db8::1". Anything else stops the test program.
Address address(std::string_view text);

namespace literals {

constexpr std::int64_t operator""_ns(unsigned long long value) { return static_cast<std::int64_t>(value); }
constexpr std::int64_t operator""_us(unsigned long long value) { return static_cast<std::int64_t>(value) * 1'000; }
constexpr std::int64_t operator""_ms(unsigned long long value) { return static_cast<std::int64_t>(value) * 1'000'000; }
constexpr std::int64_t operator""_s(unsigned long long value) {
  return static_cast<std::int64_t>(value) * 1'000'000'000;
}

}  // namespace literals

// TCP flags by letter: F S R P A U E C; "" is none. Anything else stops the test program.
std::uint8_t tcp_flags(std::string_view letters);

}  // namespace flowgauge::test
