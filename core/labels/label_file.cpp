#include "core/labels/label_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <set>
#include <utility>

#include "core/base/digest.h"
#include "core/base/handle.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/labels/label_texts.h"

namespace flowgauge {
namespace {

using FileHandle = std::unique_ptr<std::FILE, Closer<std::fclose>>;

Result<std::string> contents_of(const std::string& path, std::string_view named_at) {
  const auto unreadable = [&] {
    return fail(ExitCode::kUsage, "{}{}: cannot read the labels: {}", named_at, path, std::strerror(errno));
  };
  const FileHandle file(std::fopen(path.c_str(), "re"));
  if (!file) return unreadable();
  std::string text;
  std::string buffer(256 * 1024, '\0');
  for (;;) {
    const std::size_t size_bytes = std::fread(buffer.data(), 1, buffer.size(), file.get());
    text.append(buffer, 0, size_bytes);
    if (size_bytes == 0) break;
    if (text.size() > kLargestLabelFileBytes)
      return fail(ExitCode::kUsage, "{}{}: larger than {}; this is no file of label rules", named_at, path,
                  human_bytes(kLargestLabelFileBytes));
  }
  if (std::ferror(file.get()) != 0) return unreadable();
  if (text.find('\0') != std::string::npos) return fail(ExitCode::kUsage, "{}{}: not a text file", named_at, path);
  return text;
}

Result<LabelTexts> texts_of(const std::string& text, const std::string& path) {
  if (path.ends_with(".csv")) return label_texts_of_csv(text, path);
  if (path.ends_with(".yaml") || path.ends_with(".yml")) return label_texts_of_yaml(text, path);
  return fail(ExitCode::kUsage, "{}: a file of label rules ends in .csv, .yaml or .yml", path);
}

Result<void> check_columns(const LabelTexts& texts, const std::string& path) {
  std::set<std::string> seen;
  for (const std::string& column : texts.columns) {
    if (column.empty()) return fail(ExitCode::kUsage, "{}: a label column has no name", path);
    if (is_condition(column))
      return fail(ExitCode::kUsage,
                  "{}: '{}' is a condition and cannot be a label column; conditions stand before 'label'", path,
                  printable(column));
    if (!seen.insert(column).second)
      return fail(ExitCode::kUsage, "{}: the label column '{}' is there twice", path, printable(column));
  }
  return {};
}

}  // namespace

Result<LabelFile> read_label_file(const std::string& path, std::optional<std::int32_t> zone_seconds,
                                  std::string_view named_at) {
  const std::string text = TRY(contents_of(path, named_at));
  LabelTexts texts = TRY(texts_of(text, path));
  TRY(check_columns(texts, path));
  if (texts.rules.empty()) return fail(ExitCode::kUsage, "{}: has no rule", path);
  if (!texts.zone_seconds) texts.zone_seconds = zone_seconds;
  LabelFile file{path, sha256_hex(text), texts.columns, {}};
  file.rules.reserve(texts.rules.size());
  for (const RuleTexts& one : texts.rules) {
    file.rules.push_back(TRY(read_rule(one, texts, path)));
  }
  return file;
}

}  // namespace flowgauge
