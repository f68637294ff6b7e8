#include <algorithm>
#include <utility>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/base/utf8.h"
#include "core/labels/label_texts.h"

namespace flowgauge {
namespace {

struct Row {
  std::vector<std::string> cells;
  int line = 0;  // of its first character
};

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Takes rows from the front of a text. A quote begins a cell, or it is a letter like others.
class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& path) : text_(text), path_(path) {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;  // a byte order mark, as spreadsheets write it
  }

  // False at the end of the text.
  Result<bool> next(Row& row) {
    pass_over_remarks();
    if (at_ == text_.size()) return false;
    row.cells.clear();
    row.line = line_;
    for (bool more = true; more;) {
      auto cell = text_[at_] == '"' ? quoted() : plain();
      if (!cell) return std::unexpected(cell.error());
      if (!is_utf8(*cell))
        return fail(ExitCode::kUsage, "{}:{}: a text is not UTF-8; save the file as UTF-8", path_, line_);
      row.cells.push_back(std::move(*cell));
      more = at_ < text_.size() && text_[at_] == ',';
      if (more) ++at_;
      if (more && at_ == text_.size()) {  // an empty last cell of the file
        row.cells.emplace_back();
        more = false;
      }
    }
    end_line();
    return true;
  }

 private:
  [[nodiscard]] bool at_line_end() const {
    return at_ == text_.size() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
  }

  void end_line() {
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size()) ++at_;
    ++line_;
  }

  void pass_over_remarks() {
    while (at_ < text_.size() && (text_[at_] == '#' || at_line_end())) {
      at_ = std::min(text_.find('\n', at_), text_.size());
      end_line();
    }
  }

  Result<std::string> plain() {
    const std::size_t begin = at_;
    while (!at_line_end() && text_[at_] != ',') ++at_;
    return trimmed(std::string(text_.substr(begin, at_ - begin)));
  }

  Result<std::string> quoted() {
    const int begins = line_;
    std::string cell;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] != '"') {
        cell += text_[at_];
      } else if (text_.substr(at_, 2) == "\"\"") {
        cell += text_[at_++];
      } else {
        ++at_;
        if (at_line_end() || text_[at_] == ',') return cell;
        return fail(ExitCode::kUsage, "{}:{}: after a closing quote a comma or the line's end must follow", path_,
                    line_);
      }
    }
    return fail(ExitCode::kUsage, "{}:{}: a quote is opened and not closed", path_, begins);
  }

  std::string_view text_;
  const std::string& path_;
  std::size_t at_ = 0;
  int line_ = 1;
};

// What stands before `label` are conditions, the rest label columns.
Result<std::vector<std::string>> label_columns(const Row& header, const std::string& path) {
  const auto label = std::ranges::find(header.cells, "label");
  std::vector<std::string> known = condition_names();
  known.emplace_back("label");
  for (auto name = header.cells.begin(); name != label; ++name) {
    if (is_condition(*name)) {
      if (std::find(header.cells.begin(), name, *name) == name) continue;
      return fail(ExitCode::kUsage, "{}:{}: the column '{}' is there twice", path, header.line, *name);
    }
    std::string hint = did_you_mean(*name, known);
    if (hint.empty()) hint = fmt::format("; before 'label' there may be {}", join(condition_names()));
    return fail(ExitCode::kUsage, "{}:{}: unknown column '{}'{}", path, header.line, printable(*name), hint);
  }
  if (label == header.cells.end())
    return fail(ExitCode::kUsage,
                "{}:{}: no column is called 'label'; the first line names the columns, as 'src_ip,label'", path,
                header.line);
  return std::vector<std::string>(label, header.cells.end());
}

}  // namespace

Result<LabelTexts> label_texts_of_csv(const std::string& text, const std::string& path) {
  CsvReader reader(text, path);
  Row header;
  Result<bool> more = reader.next(header);
  if (!more) return std::unexpected(more.error());
  if (!*more) return fail(ExitCode::kUsage, "{}:1: the file is empty", path);
  auto columns = TRY(label_columns(header, path));
  LabelTexts texts{std::move(columns), {}, std::nullopt};
  for (Row row;;) {
    more = reader.next(row);
    if (!more) return std::unexpected(more.error());
    if (!*more) return texts;
    if (row.cells.size() != header.cells.size())
      return fail(ExitCode::kUsage, "{}:{}: {}, but the header has {}; put texts with commas in quotes", path, row.line,
                  counted(row.cells.size(), "cell"), header.cells.size());
    RuleTexts rule{{}, row.line};
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      rule.texts.push_back({header.cells[i], std::move(row.cells[i]), row.line});
    texts.rules.push_back(std::move(rule));
  }
}

}  // namespace flowgauge
