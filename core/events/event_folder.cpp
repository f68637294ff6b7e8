#include "core/events/event_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "core/base/text.h"
#include "core/base/try.h"
#include "core/events/event_file_reader.h"

namespace flowgauge {
namespace {

constexpr std::string_view kNameEnd = ".events";

// Of a file that event_file_name() names.
std::optional<std::uint32_t> number_of(const std::string& name) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || event_file_name(number) != name) return std::nullopt;
  return number;
}

Result<std::vector<std::uint32_t>> numbers_in(const std::string& folder) {
  std::vector<std::uint32_t> numbers;
  std::error_code error;
  std::filesystem::directory_iterator files(folder, error);
  for (; !error && files != std::filesystem::directory_iterator(); files.increment(error))
    if (const auto number = number_of(files->path().filename().string())) numbers.push_back(*number);
  if (error) return fail(ExitCode::kInput, "{}: cannot be read: {}", folder, error.message());
  if (numbers.empty())
    return fail(ExitCode::kInput, "{}: has no event files (000001{}); flowgauge events makes them", folder, kNameEnd);
  std::ranges::sort(numbers);
  return numbers;
}

std::string without_indent(std::string_view line) {
  return std::string(line.substr(std::min(line.size(), line.find_first_not_of(' '))));
}

// The first lines in which two texts differ.
std::pair<std::string, std::string> first_difference(std::string_view a, std::string_view b) {
  for (;;) {
    const std::string_view line_a = a.substr(0, a.find('\n'));
    const std::string_view line_b = b.substr(0, b.find('\n'));
    if (line_a != line_b || (a.empty() && b.empty())) return {without_indent(line_a), without_indent(line_b)};
    a.remove_prefix(std::min(a.size(), line_a.size() + 1));
    b.remove_prefix(std::min(b.size(), line_b.size() + 1));
  }
}

Result<void> check_settings(const std::string& path, std::string_view there, std::string_view here) {
  if (there.starts_with(here)) return {};  // bytes of packets that this run does not want stand last
  const auto [line_there, line_here] = first_difference(there, here);
  return fail(ExitCode::kInput,
              "{}: was made with '{}', this run has '{}'; both stages need the same program, profile and flags", path,
              printable(line_there), printable(line_here));
}

}  // namespace

Result<std::vector<EventFileEntry>> list_event_files(const std::string& folder, std::string_view settings) {
  const auto numbers = TRY(numbers_in(folder));
  std::vector<EventFileEntry> entries;
  std::uint32_t count = 0;
  for (const std::uint32_t number : numbers) {
    std::string path = folder + "/" + event_file_name(number);
    const auto reader = TRY(EventFileReader::open(path));
    const EventFileAbout& about = reader.about();
    if (entries.empty()) count = about.count;
    if (about.number != number)
      return fail(ExitCode::kInput, "{}: says that it is number {}; it has another file's name", path, about.number);
    if (about.count != count)
      return fail(ExitCode::kInput, "{}: is of a job of {}, {} of one of {}; a folder is for one job", path,
                  counted(about.count, "capture"), entries.front().path, count);
    TRY(check_settings(path, about.settings, settings));
    if (number != entries.size() + 1) break;
    entries.push_back({std::move(path), reader.size_bytes(), about.capture, about.problem});
  }
  if (entries.size() != count)
    return fail(ExitCode::kInput, "{}: {} is missing, of {}; run flowgauge events for that capture", folder,
                event_file_name(static_cast<std::uint32_t>(entries.size() + 1)), count);
  return entries;
}

}  // namespace flowgauge
