#include "core/profile/output_name.h"

#include "core/base/plugin_name.h"
#include "core/base/text.h"

namespace flowgauge {
namespace {

std::string_view without_compression(std::string_view name) {
  for (const std::string_view ending : {".gz", ".zst"}) {
    if (name.size() > ending.size() && name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return name;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Of the last part of the path, with its dot, and whether a compression stands behind it; empty: there is none.
std::string_view ending_of(std::string_view path) {
  const std::string_view name = without_compression(path.substr(path.rfind('/') + 1));
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == name.size()) return {};
  return name.substr(dot);
}

std::string no_format(std::string_view path) {
  return fmt::format(
      "'{}' ends in '{}', which is no format of tables: .csv, .jsonl (JSON lines) and .txt (an aligned table) are, "
      "each also with .gz or .zst behind it, and the names of sinks that are installed",
      printable(path), printable(ending_of(path)));
}

// From the profile a path has a place.
std::unexpected<Error> refused(const ProfileExporter& exporter, std::string_view what) {
  const bool is_flag = exporter.path.file.empty();
  return fail(ExitCode::kUsage, "{}{}; or give the format with {}", is_flag ? "--export-path: " : exporter.path.where(),
              what, is_flag ? "-o" : "'format'");
}

}  // namespace

Result<std::optional<std::string>> format_of_name(std::string_view path) {
  const std::string_view ending = ending_of(path);
  if (ending.empty()) return std::nullopt;
  for (const TableFormatName& known : kTableFormats)
    if (known.ending == ending) return std::string(known.name);
  if (!is_letter(ending[1])) return std::nullopt;
  const std::string_view sink = ending.substr(1);
  if (is_plugin_name(sink) && path.ends_with(ending)) return std::string(sink);
  return fail(ExitCode::kUsage, "{}", no_format(path));
}

std::unexpected<Error> unknown_ending(const ProfileExporter& exporter) {
  return refused(exporter, no_format(exporter.path.value));
}

Result<void> settle_formats(Profile& profile) {
  for (ProfileExporter& exporter : profile.exporters) {
    if (exporter.format_from == ProfileExporter::FormatFrom::kChoice) continue;
    const auto format = format_of_name(exporter.path.value);
    if (!format) return refused(exporter, format.error().message);
    if (*format)
      exporter.format = {.name = {**format, exporter.path.file, exporter.path.line}, .plugin = {}, .options = {}};
  }
  return {};
}

}  // namespace flowgauge
