#include "core/profile/output_name.h"

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

}  // namespace

Result<std::optional<TableFormat>> format_of_name(std::string_view path) {
  const std::string_view name = without_compression(path.substr(path.rfind('/') + 1));
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == name.size()) return std::nullopt;
  const std::string_view ending = name.substr(dot);
  for (const TableFormatName& known : kTableFormats) {
    if (known.ending == ending) return known.value;
  }
  if (!is_letter(ending[1])) return std::nullopt;
  return fail(
      ExitCode::kUsage,
      "'{}' ends in '{}', which is no format of tables: .csv, .jsonl (JSON lines) and .txt (an aligned table) are, "
      "each also with .gz or .zst behind it",
      printable(path), printable(ending));
}

Result<void> settle_formats(Profile& profile) {
  for (ProfileExporter& exporter : profile.exporters) {
    if (exporter.format_from == ProfileExporter::FormatFrom::kChoice) continue;
    const auto format = format_of_name(exporter.path.value);
    if (!format) {
      // From the profile it has a place.
      const bool is_flag = exporter.path.file.empty();
      return fail(ExitCode::kUsage, "{}{}; or give the format with {}",
                  is_flag ? "--export-path: " : exporter.path.where(), format.error().message,
                  is_flag ? "-o" : "'format'");
    }
    if (*format) exporter.format = **format;
  }
  return {};
}

}  // namespace flowgauge
