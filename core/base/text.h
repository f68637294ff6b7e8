// Small readers and writers of text that the command line, profiles and messages share. Stateless, no locale.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace flowgauge {

// Longest duration: 10^9 s, some 31 years. Sums of a timestamp and a few of these stay within 64 bits.
inline constexpr std::int64_t kLongestDurationNs = 1'000'000'000'000'000'000;

// "120", "0.5", "250ms", "2m": a number in seconds or with a unit of ns, us, ms, s, m, h, d. Exact: what is
// finer than a nanosecond is refused, not rounded. No sign, no exponent. The error (kUsage) quotes the text.
[[nodiscard]] Result<std::int64_t> parse_duration_ns(std::string_view text);

// The canonical text that parse_duration_ns reads back: "120s", "0.25s", "0".
[[nodiscard]] std::string duration_text(std::int64_t duration_ns);

// Decimal digits alone, within 64 bits; nothing else.
[[nodiscard]] std::optional<std::uint64_t> parse_u64(std::string_view text);

// "65536", "64KiB", "32MiB", "1GiB"; K, M, G alone are the same. Whole numbers, within 64 bits. The error (kUsage)
// quotes the text.
[[nodiscard]] Result<std::uint64_t> parse_size_bytes(std::string_view text);

// The canonical text that parse_size_bytes reads back: "32MiB", "1000".
[[nodiscard]] std::string size_text(std::uint64_t size_bytes);

// Each `from` is `to`.
[[nodiscard]] std::string replaced(std::string text, std::string_view from, std::string_view to);

// Foreign text for a message: control characters as \x1b, at most 100 bytes of it, so that it stays one line and
// steers no terminal.
[[nodiscard]] std::string printable(std::string_view text);

// As a shell takes it: in quotes where it has to be.
[[nodiscard]] std::string shell_word(std::string_view text);

// "a, b, c"; with quote = "'": "'a', 'b', 'c'".
[[nodiscard]] std::string join(std::span<const std::string> items, std::string_view separator = ", ",
                               std::string_view quote = "");

// "512 B", "1.5 KiB", "1024.0 KiB" is written "1.0 MiB".
[[nodiscard]] std::string human_bytes(std::uint64_t size_bytes);

// "1,234,567": for people, never for files that programs read.
[[nodiscard]] std::string with_thousands(std::uint64_t number);

// "1 packet", "2 packets".
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view noun);

}  // namespace flowgauge
