#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/base/text.h"
#include "core/summary/findings.h"
#include "core/summary/summary_forms.h"
#include "core/text/iso_time.h"

namespace flowgauge {
namespace {

constexpr std::size_t kLeastWidth = 72;
constexpr std::size_t kNameColumns = 18;
constexpr std::size_t kMissingColumns = 7;
constexpr std::size_t kFigureColumns = 8;
constexpr std::size_t kBeforeFigures = 2 + kNameColumns + 1 + 5 + 1 + kMissingColumns + 1;
constexpr std::size_t kShareColumns = 24;

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

// In exactly so many columns; what does not fit ends in "~".
std::string fitted(std::string_view text, std::size_t columns) {
  const std::size_t characters = characters_of(text);
  if (characters <= columns) return std::string(text).append(columns - characters, ' ');
  std::string cut;
  std::size_t seen = 0;
  for (const char byte : text) {
    if ((static_cast<unsigned char>(byte) & 0xC0U) != 0x80U && seen++ == columns - 1) break;
    cut += byte;
  }
  return cut + '~';
}

std::string to_the_right(std::string_view text, std::size_t columns) {
  const std::size_t characters = characters_of(text);
  return characters >= columns ? std::string(text) : std::string(columns - characters, ' ').append(text);
}

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
  // Words over several lines.
  void wrapped(std::string_view first, std::string_view indent, std::string_view words) {
    std::string row(first);
    std::size_t columns = characters_of(first);
    bool is_first = true;
    while (!words.empty()) {
      const std::size_t end = std::min(words.find(' '), words.size());
      const std::string_view word = words.substr(0, end);
      words.remove_prefix(std::min(end + 1, words.size()));
      if (!is_first && columns + 1 + characters_of(word) > width_) {
        line(row);
        row = indent;
        columns = characters_of(indent);
        is_first = true;
      }
      if (!is_first) row += ' ';
      columns += (is_first ? 0 : 1) + characters_of(word);
      row += word;
      is_first = false;
    }
    line(row);
  }
  void fact(std::string_view label, const std::string& text) {
    wrapped(fmt::format("  {:<9}", label), std::string(11, ' '), text);
  }

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
          "  {} {} {} {}", fitted(printable(one.value), kShareColumns), to_the_right(with_thousands(one.rows), 14),
          to_the_right(percent_text(one.rows, summary_.rows), 8), bar_of(one.rows, shares.front().rows, bar)));
    }
    if (seen < summary_.rows)
      line(dim(fmt::format("  {} {} {}", fitted("others, or none", kShareColumns),
                           to_the_right(with_thousands(summary_.rows - seen), 14),
                           to_the_right(percent_text(summary_.rows - seen, summary_.rows), 8))));
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
                         to_the_right("missing", kMissingColumns), to_the_right("min", kFigureColumns),
                         to_the_right("median", kFigureColumns), to_the_right("mean", kFigureColumns),
                         to_the_right("max", kFigureColumns))));
    for (const ColumnReport& column : summary_.columns) {
      const std::string head = fmt::format(
          "  {} {} {}", fitted(column.name.empty() ? "(no name)" : printable(column.name), kNameColumns),
          fitted(type_name_of(column.type), 5),
          to_the_right(column.missing == 0 ? "" : percent_text(column.missing, summary_.rows), kMissingColumns));
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
          "{} {} {} {} {}", to_the_right(figure(numbers.least), kFigureColumns),
          to_the_right(figure(numbers.median), kFigureColumns), to_the_right(figure(numbers.mean), kFigureColumns),
          to_the_right(figure(numbers.greatest), kFigureColumns), bars_of(column.histogram, bars, look_.glyphs));
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
      wrapped(is_warning ? "  ! " : "  - ", "    ", finding.what + ".");
      wrapped("    ", "    ", finding.why);
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
