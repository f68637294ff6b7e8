#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace flowgauge {
namespace {

struct DurationUnit {
  std::string_view name;
  std::int64_t size_ns;
};
constexpr std::array kDurationUnits = {
    DurationUnit{"", 1'000'000'000},
    DurationUnit{"s", 1'000'000'000},
    DurationUnit{"ns", 1},
    DurationUnit{"us", 1'000},
    DurationUnit{"ms", 1'000'000},
    DurationUnit{"m", 60'000'000'000},
    DurationUnit{"h", 3'600'000'000'000},
    DurationUnit{"d", 86'400'000'000'000},
};

struct SizeUnit {
  std::string_view name;
  unsigned shift;
};
constexpr std::array kSizeUnits = {
    SizeUnit{"", 0},   SizeUnit{"B", 0},    SizeUnit{"K", 10}, SizeUnit{"KiB", 10},
    SizeUnit{"M", 20}, SizeUnit{"MiB", 20}, SizeUnit{"G", 30}, SizeUnit{"GiB", 30},
};

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

std::unexpected<Error> not_a_duration(std::string_view text) {
  return fail(ExitCode::kUsage,
              "'{}' is not a duration; write seconds (120, 0.5) or a number with one of ns, us, ms, s, m, h, d",
              printable(text));
}

}  // namespace

Result<std::int64_t> parse_duration_ns(std::string_view text) {
  std::size_t number_end = 0;
  while (number_end < text.size() && (is_digit(text[number_end]) || text[number_end] == '.')) ++number_end;
  const std::string_view number = text.substr(0, number_end);
  const std::string_view unit_name = text.substr(number_end);
  const std::size_t point = number.find('.');
  const std::string_view whole = number.substr(0, point);
  std::string_view fraction = point == std::string_view::npos ? std::string_view("0") : number.substr(point + 1);
  if (whole.empty() || fraction.empty() || fraction.find('.') != std::string_view::npos) return not_a_duration(text);

  const DurationUnit* unit = nullptr;
  for (const DurationUnit& known : kDurationUnits) {
    if (known.name == unit_name) unit = &known;
  }
  if (unit == nullptr) return not_a_duration(text);

  // whole and fraction are digits alone, so an unreadable one is merely too large.
  const auto too_long = [&] {
    return fail(ExitCode::kUsage, "'{}' is longer than the limit of 1000000000s", printable(text));
  };
  const std::optional<std::uint64_t> units = parse_u64(whole);
  const auto size_ns = static_cast<std::uint64_t>(unit->size_ns);
  if (!units || *units > static_cast<std::uint64_t>(kLongestDurationNs) / size_ns) return too_long();

  while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
  // The fraction must be whole nanoseconds. Even a day (2^16 x 5^11 x 27 ns) has none with more than 16 digits;
  // 20 of them times a day still fit into 128 bits.
  unsigned __int128 scaled = 0;
  unsigned __int128 power = 1;
  for (const char digit : fraction.substr(0, 20)) {
    scaled = scaled * 10 + static_cast<unsigned>(digit - '0');
    power *= 10;
  }
  scaled *= size_ns;
  if (fraction.size() > 20 || scaled % power != 0) {
    return fail(ExitCode::kUsage, "'{}' is finer than a nanosecond", printable(text));
  }
  const std::uint64_t duration_ns = *units * size_ns + static_cast<std::uint64_t>(scaled / power);
  if (duration_ns > static_cast<std::uint64_t>(kLongestDurationNs)) return too_long();
  return static_cast<std::int64_t>(duration_ns);
}

std::string duration_text(std::int64_t duration_ns) {
  if (duration_ns == 0) return "0";
  const std::int64_t seconds = duration_ns / 1'000'000'000;
  const std::int64_t rest_ns = duration_ns % 1'000'000'000;
  if (rest_ns == 0) return fmt::format("{}s", seconds);
  std::string text = fmt::format("{}.{:09}", seconds, rest_ns);
  text.erase(text.find_last_not_of('0') + 1);
  return text + "s";
}

Result<std::uint64_t> parse_size_bytes(std::string_view text) {
  const std::size_t number_end = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::optional<std::uint64_t> number = parse_u64(text.substr(0, number_end));
  for (const SizeUnit& unit : kSizeUnits) {
    if (!number || unit.name != text.substr(number_end) || *number > (UINT64_MAX >> unit.shift)) continue;
    return *number << unit.shift;
  }
  return fail(ExitCode::kUsage, "'{}' is not a size; write bytes (65536) or a whole number with one of KiB, MiB, GiB",
              printable(text));
}

std::string size_text(std::uint64_t size_bytes) {
  for (const SizeUnit& unit : {SizeUnit{"GiB", 30}, SizeUnit{"MiB", 20}, SizeUnit{"KiB", 10}}) {
    const std::uint64_t units = size_bytes >> unit.shift;
    if (units != 0 && units << unit.shift == size_bytes) return fmt::format("{}{}", units, unit.name);
  }
  return fmt::format("{}", size_bytes);
}

std::optional<std::uint64_t> parse_u64(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string printable(std::string_view text) {
  constexpr std::size_t kMostBytes = 100;
  std::string result;
  for (const char letter : text.substr(0, kMostBytes)) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x20 || byte == 0x7f) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += letter;
    }
  }
  if (text.size() > kMostBytes) {
    while (!result.empty() && (static_cast<unsigned char>(result.back()) & 0xc0) == 0x80) result.pop_back();
    if (!result.empty() && (static_cast<unsigned char>(result.back()) & 0xc0) == 0xc0) result.pop_back();
    result += "...";
  }
  return result;
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-,:@%=";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string join(std::span<const std::string> items, std::string_view separator, std::string_view quote) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += separator;
    text += fmt::format("{}{}{}", quote, items[i], quote);
  }
  return text;
}

std::string human_bytes(std::uint64_t size_bytes) {
  constexpr std::array<std::string_view, 7> kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (size_bytes < 1024) return fmt::format("{} B", size_bytes);
  auto size = static_cast<double>(size_bytes);
  std::size_t unit = 0;
  while (size >= 1023.95 && unit + 1 < kUnits.size()) {  // what would be rounded to 1024.0 takes the next unit
    size /= 1024;
    ++unit;
  }
  return fmt::format("{:.1f} {}", size, kUnits[unit]);
}

std::string with_thousands(std::uint64_t number) {
  std::string text = fmt::format("{}", number);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return text;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", with_thousands(number), noun, number == 1 ? "" : "s");
}

}  // namespace flowgauge
