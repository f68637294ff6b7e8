#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/base/text.h"
#include "core/summary/findings.h"
#include "core/summary/summary_forms.h"
#include "core/text/iso_time.h"
#include "core/text/text_columns.h"

namespace flowgauge {
namespace {

constexpr std::size_t kLeastWidth = 72;
constexpr std::size_t kNameColumns = 18;
constexpr std::size_t kMissingColumns = 7;
constexpr std::size_t kFigureColumns = 8;
constexpr std::size_t kBeforeFigures = 2 + kNameColumns + 1 + 5 + 1 + kMissingColumns + 1;
constexpr std::size_t kShareColumns = 24;

class TextMaker {
 public:
  TextMaker(const Summary& summary, const SummaryLook& look)
      : summary_(summary), look_(look), width_(std::max(look.width, kLeastWidth)) {}

  std::string make() {
    rows_and_span();
    shares("Protocols", "", summary_.protocols);
    shares("Services", summary_.services_are, summary_.services);
    shares("End reasons", "", summary_.end_reasons);
    if (!summary_.labels.empty())
      shares("Labels", fmt::format("column {}", printable(summary_.label_column)), summary_.labels);
    columns();
    findings();
    return std::move(text_);
  }

 private:
  [[nodiscard]] std::string bold(const std::string& text) const {
    return look_.emphasis == Emphasis::kTerminal ? fmt::format("\x1b[1m{}\x1b[0m", text) : text;
  }
  [[nodiscard]] std::string dim(const std::string& text) const {
    return look_.emphasis == Emphasis::kTerminal ? fmt::format("\x1b[2m{}\x1b[0m", text) : text;
  }
  void line(const std::string& text) {
    text_ += text;
    text_.erase(text_.find_last_not_of(' ') + 1);
    text_ += '\n';
  }
  void heading(const std::string& title, const std::string& more = {}) {
    if (!text_.empty()) line("");
    line(more.empty() ? bold(title) : fmt::format("{} {}", bold(title), dim(fmt::format("({})", more))));
  }
  // Words over several lines: `first` before the first, as many spaces before the others.
  void words(std::string_view first, std::string_view text) {
    const std::size_t indent = columns_of(first);
    std::string before(first);
    for (const std::string& part : wrapped(text, width_ - indent, LongWord::kWhole)) {
      line(before + part);
      before.assign(indent, ' ');
    }
  }
  void fact(std::string_view label, const std::string& text) { words(fmt::format("  {:<9}", label), text); }

  void rows_and_span() {
    heading("Rows and span");
    for (const SummarizedFile& file : summary_.files)
      fact(&file == &summary_.files.front() ? (summary_.files.size() == 1 ? "table" : "tables") : "",
           fmt::format("{} ({}{}){}", printable(file.name), file.format,
                       file.compression.empty() ? "" : ", " + file.compression,
                       summary_.files.size() == 1 ? "" : fmt::format(", {}", counted(file.rows, "row"))));
    fact("rows", fmt::format("{} of {}{}", counted(summary_.rows, "row"), counted(summary_.columns.size(), "column"),
                             summary_.schema ? fmt::format(", schema {}", printable(*summary_.schema)) : ""));
    if (summary_.fault) fact("partial", "what is told here is of the rows before the fault");
    if (summary_.account) fact("known by", printable(*summary_.account));
    const ColumnReport* start = summary_.start();
    if (start == nullptr) return;
    fact("span",
         fmt::format("{} to {}, {} (column {})", iso_time(start->moments->first_ns), iso_time(start->moments->last_ns),
                     span_text(start->moments->last_ns - start->moments->first_ns), printable(start->name)));
    const auto& bins = start->histogram.bins;
    line(fmt::format("  {:<9}{}", "rows by", bars_of(start->histogram, width_ - 11, look_.glyphs)));
    if (!bins.empty())
      fact("time", fmt::format("{} each", span_text(static_cast<std::int64_t>(bins.front().to - bins.front().from))));
  }

  void shares(const std::string& title, const std::string& more, const std::vector<ValueShare>& shares) {
    if (shares.empty()) return;
    heading(title, more);
    const std::size_t bar = width_ - 2 - kShareColumns - 1 - 14 - 1 - 9;
    std::uint64_t seen = 0;
    for (const ValueShare& one : shares) {
      seen += one.rows;
      line(fmt::format(
          "  {} {} {} {}", fitted(printable(one.value), kShareColumns), right_aligned(with_thousands(one.rows), 14),
          right_aligned(percent_text(one.rows, summary_.rows), 8), bar_of(one.rows, shares.front().rows, bar)));
    }
    if (seen < summary_.rows)
      line(dim(fmt::format("  {} {} {}", fitted("others, or none", kShareColumns),
                           right_aligned(with_thousands(summary_.rows - seen), 14),
                           right_aligned(percent_text(summary_.rows - seen, summary_.rows), 8))));
  }
  [[nodiscard]] std::string bar_of(std::uint64_t rows, std::uint64_t most, std::size_t width) const {
    const double share = most == 0 ? 0 : static_cast<double>(rows) / static_cast<double>(most);
    const auto full = std::max<std::size_t>(1, static_cast<std::size_t>(share * static_cast<double>(width) + 0.5));
    std::string text;
    for (std::size_t i = 0; i < full; ++i) text += look_.glyphs == Glyphs::kBlocks ? "█" : "#";
    return text;
  }

  void columns() {
    heading("Columns", "figures rounded, median within 0.8 %; bars by size, 0 first");
    const std::size_t left = width_ - std::min(width_, kBeforeFigures + 4 * (kFigureColumns + 1));
    const std::size_t bars = std::clamp<std::size_t>(left, 0, Histogram::kMostBins);
    line(dim(fmt::format("  {} {} {} {} {} {} {}", fitted("name", kNameColumns), fitted("type", 5),
                         right_aligned("missing", kMissingColumns), right_aligned("min", kFigureColumns),
                         right_aligned("median", kFigureColumns), right_aligned("mean", kFigureColumns),
                         right_aligned("max", kFigureColumns))));
    for (const ColumnReport& column : summary_.columns) {
      const std::string head = fmt::format(
          "  {} {} {}", fitted(column.name.empty() ? "(no name)" : printable(column.name), kNameColumns),
          fitted(type_name_of(column.type), 5),
          right_aligned(column.missing == 0 ? "" : percent_text(column.missing, summary_.rows), kMissingColumns));
      line(head + " " + cells_of(column, bars));
    }
  }
  [[nodiscard]] std::string cells_of(const ColumnReport& column, std::size_t bars) const {
    const std::size_t room = 4 * (kFigureColumns + 1) - 1 + (bars > 0 ? bars + 1 : 0);
    if (column.moments)
      return fitted(fmt::format("{} to {}", iso_time(column.moments->first_ns).substr(0, 19),
                                iso_time(column.moments->last_ns).substr(0, 19)),
                    room);
    if (column.numbers && column.type != ColumnReport::Type::kMixed) {
      const auto& numbers = *column.numbers;
      return fmt::format(
          "{} {} {} {} {}", right_aligned(figure(numbers.least), kFigureColumns),
          right_aligned(figure(numbers.median), kFigureColumns), right_aligned(figure(numbers.mean), kFigureColumns),
          right_aligned(figure(numbers.greatest), kFigureColumns), bars_of(column.histogram, bars, look_.glyphs));
    }
    if (column.values == 0) return "";
    std::string distinct =
        fmt::format("{}{} distinct", column.distinct_is_estimate ? "about " : "", with_thousands(column.distinct));
    if (column.top.empty()) return distinct;
    return fitted(fmt::format("{}; {} '{}'", distinct, percent_text(column.top.front().rows, summary_.rows),
                              printable(column.top.front().value)),
                  room);
  }

  void findings() {
    heading("Suspicious");
    if (summary_.findings.empty()) return line("  nothing");
    for (const TableFinding& finding : summary_.findings) {
      const bool is_warning = finding.weight == TableFinding::Weight::kWarning;
      words(is_warning ? "  ! " : "  - ", finding.what + ".");
      words("    ", finding.why);
    }
  }

  const Summary& summary_;
  const SummaryLook& look_;
  std::size_t width_;
  std::string text_;
};

}  // namespace

std::string summary_text(const Summary& summary, const SummaryLook& look) { return TextMaker(summary, look).make(); }

}  // namespace flowgauge
