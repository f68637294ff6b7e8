#include "core/text/iso_time.h"

#include <array>
#include <chrono>

namespace flowgauge {
namespace {

char* write_digits(char* out, unsigned number, unsigned digits) noexcept {
  for (unsigned i = digits; i > 0; --i, number /= 10) out[i - 1] = static_cast<char>('0' + number % 10);
  return out + digits;
}

}  // namespace

char* write_iso_time(char* out, std::int64_t time_ns) noexcept {
  using namespace std::chrono;
  const sys_time<nanoseconds> moment{nanoseconds(time_ns)};
  const sys_days day = floor<days>(moment);
  const year_month_day date(day);
  const hh_mm_ss time(floor<milliseconds>(moment - day));
  out = write_digits(out, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  *out++ = '-';
  out = write_digits(out, static_cast<unsigned>(date.month()), 2);
  *out++ = '-';
  out = write_digits(out, static_cast<unsigned>(date.day()), 2);
  *out++ = 'T';
  out = write_digits(out, static_cast<unsigned>(time.hours().count()), 2);
  *out++ = ':';
  out = write_digits(out, static_cast<unsigned>(time.minutes().count()), 2);
  *out++ = ':';
  out = write_digits(out, static_cast<unsigned>(time.seconds().count()), 2);
  *out++ = '.';
  out = write_digits(out, static_cast<unsigned>(time.subseconds().count()), 3);
  *out++ = 'Z';
  return out;
}

std::string iso_time(std::int64_t time_ns) {
  std::array<char, kIsoTimeBytes> text{};
  return {text.data(), write_iso_time(text.data(), time_ns)};
}

}  // namespace flowgauge
