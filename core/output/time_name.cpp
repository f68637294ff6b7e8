#include "core/output/time_name.h"

#include <array>
#include <ctime>
#include <utility>

#include "core/base/floor_divide.h"
#include "core/base/text.h"

namespace flowgauge {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::size_t kNumberDigits = 6;

struct TimeField {
  char letter;
  std::size_t digits;  // 0: any number of them
};
constexpr std::array kTimeFields = {TimeField{'Y', 4}, TimeField{'m', 2}, TimeField{'d', 2}, TimeField{'H', 2},
                                    TimeField{'M', 2}, TimeField{'S', 2}, TimeField{'j', 3}, TimeField{'s', 0}};

const TimeField* find_field(char letter) {
  for (const TimeField& field : kTimeFields)
    if (field.letter == letter) return &field;
  return nullptr;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t name_begin(std::string_view path) { return path.rfind('/') + 1; }  // npos + 1 is 0

// Where the endings of a file's name begin: ".csv.gz". A name that begins with a dot has none there.
std::size_t ending_begin(std::string_view name) {
  std::size_t end = name.size();
  for (const std::string_view packed : {".gz", ".zst"})
    if (name.ends_with(packed)) end = name.size() - packed.size();
  const std::size_t dot = name.substr(0, end).rfind('.');
  return dot == std::string_view::npos || dot == 0 ? end : dot;
}

// Takes digits from the front; false: there are not so many.
bool take_digits(std::string_view& text, std::size_t digits) {
  std::size_t found = 0;
  while (found < text.size() && is_digit(text[found]) && (digits == 0 || found < digits)) ++found;
  if (found == 0 || found < digits) return false;
  text.remove_prefix(found);
  return true;
}

// Takes what the pattern stands for from the front.
bool take_pattern(std::string_view pattern, std::string_view& text) {
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const TimeField* field = nullptr;
    if (pattern[at] == '%' && at + 1 < pattern.size()) field = find_field(pattern[++at]);
    if (field != nullptr) {
      if (!take_digits(text, field->digits)) return false;
      continue;
    }
    if (text.empty() || text.front() != pattern[at]) return false;
    text.remove_prefix(1);
  }
  return true;
}

}  // namespace

bool has_time_fields(std::string_view path) { return path.find('%') != std::string_view::npos; }

Result<void> check_time_fields(std::string_view path) {
  const std::size_t name = name_begin(path);
  for (std::size_t at = 0; at < path.size(); ++at) {
    if (path[at] != '%') continue;
    const std::string_view field = path.substr(at, 2);
    if (field == "%%") {
      ++at;
      continue;
    }
    if (field.size() < 2 || find_field(field[1]) == nullptr)
      return fail(ExitCode::kUsage,
                  "'{}': '{}' is no field of time: those are %Y %m %d %H %M %S %j %s; a percent sign is written %%",
                  printable(path), printable(field));
    if (at < name)
      return fail(ExitCode::kUsage, "'{}': fields of time may stand in the file's name alone, not in its folder",
                  printable(path));
  }
  return {};
}

std::string with_time(std::string_view path, std::int64_t time_ns) {
  const std::time_t seconds = floor_divide(time_ns, kNsPerSecond);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::string text;
  for (std::size_t at = 0; at < path.size(); ++at) {
    if (path[at] != '%' || at + 1 == path.size()) {
      text += path[at];
      continue;
    }
    switch (path[++at]) {
      case 'Y':
        text += fmt::format("{:04}", utc.tm_year + 1900);
        break;
      case 'm':
        text += fmt::format("{:02}", utc.tm_mon + 1);
        break;
      case 'd':
        text += fmt::format("{:02}", utc.tm_mday);
        break;
      case 'H':
        text += fmt::format("{:02}", utc.tm_hour);
        break;
      case 'M':
        text += fmt::format("{:02}", utc.tm_min);
        break;
      case 'S':
        text += fmt::format("{:02}", utc.tm_sec);
        break;
      case 'j':
        text += fmt::format("{:03}", utc.tm_yday + 1);
        break;
      case 's':
        text += fmt::format("{}", seconds);
        break;
      default:
        text += path[at];
    }
  }
  return text;
}

std::string with_number(std::string_view path, std::uint64_t number) {
  const std::size_t name = name_begin(path);
  const std::size_t ending = name + ending_begin(path.substr(name));
  return fmt::format("{}-{:0{}}{}", path.substr(0, ending), number, kNumberDigits, path.substr(ending));
}

std::optional<std::uint64_t> number_of_name(std::string_view path, std::string_view name) {
  const std::string_view pattern = path.substr(name_begin(path));
  const std::size_t ending = ending_begin(pattern);
  if (!take_pattern(pattern.substr(0, ending), name)) return std::nullopt;
  std::uint64_t number = 0;
  if (std::string_view digits = name; !digits.empty() && digits.front() == '-') {
    digits.remove_prefix(1);
    const std::string_view all = digits;
    if (!take_digits(digits, 0)) return std::nullopt;
    const auto read = parse_u64(all.substr(0, all.size() - digits.size()));
    if (!read || all.size() - digits.size() < kNumberDigits) return std::nullopt;
    number = *read;
    name = digits;
  }
  if (!take_pattern(pattern.substr(ending), name) || !name.empty()) return std::nullopt;
  return number;
}

}  // namespace flowgauge
