#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/summary/findings.h"
#include "core/summary/summary_forms.h"
#include "core/text/iso_time.h"
#include "core/text/number_text.h"

namespace flowgauge {
namespace {

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark; --back: #f6f7f9; --card: #fff; --text: #1a1f26; --dim: #5b6673; --rule: #dfe3e8; --line: #1f6feb; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --back: #0f1318; --card: #171c23; --text: #e6eaef; --dim: #98a3b0; --rule: #2a323c; --line: #58a6ff; --bad: #ff8078; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 90rem; padding: 1rem; background: var(--back); color: var(--text); font: 15px/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.25rem; margin: 0 0 .5rem; }
h2 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
h3 { font-size: .9rem; margin: 0; }
.grid { display: grid; margin-top: .75rem; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: .75rem; }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 6px; padding: .75rem; min-width: 0; }
.dim { color: var(--dim); }
ul { list-style: none; margin: 0; padding: 0; }
li { padding: .4rem 0 .4rem .75rem; border-left: 3px solid var(--rule); margin-bottom: .5rem; }
li.warning { border-color: var(--bad); }
li p { margin: 0; color: var(--dim); }
svg { display: block; width: 100%; height: 3.5rem; margin: .4rem 0; }
svg.wide { height: 6rem; }
rect { fill: var(--line); }
rect.back { fill: var(--rule); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
td { padding: .15rem .35rem .15rem 0; vertical-align: middle; }
td.number { text-align: right; white-space: nowrap; }
td.bar { width: 35%; }
td svg { height: .8rem; margin: 0; }
dl { display: grid; grid-template-columns: auto 1fr auto 1fr; gap: .1rem .5rem; margin: 0; font-variant-numeric: tabular-nums; }
dt { color: var(--dim); }
dd { margin: 0; min-width: 0; }
.ends { display: flex; justify-content: space-between; gap: 1rem; color: var(--dim); font-size: .85rem; }
</style>
)";

// As text of HTML, also within quotes. Bytes that are no UTF-8, and control characters, become U+FFFD.
std::string escaped_html(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::string html;
  while (!text.empty()) {
    const std::size_t bytes = utf8_character(text);
    const char first = text.front();
    const bool is_control =
        (static_cast<unsigned char>(first) < 0x20 && first != '\n' && first != '\t') || first == 0x7f;
    if (bytes == 0 || is_control)
      html += kReplacement;
    else if (first == '&')
      html += "&amp;";
    else if (first == '<')
      html += "&lt;";
    else if (first == '>')
      html += "&gt;";
    else if (first == '"')
      html += "&quot;";
    else if (first == '\'')
      html += "&#39;";
    else
      html += text.substr(0, bytes);
    text.remove_prefix(std::max<std::size_t>(1, bytes));
  }
  return html;
}

std::string exact(double value) {
  std::array<char, kRealTextBytes> digits;
  return {digits.data(), write_real(digits.data(), value)};
}

// What is shown is rounded; its value is that of the JSON form.
std::string shown(double value, std::string_view name) {
  return fmt::format("<data class=\"{}\" value=\"{}\">{}</data>", name, exact(value), figure(value));
}
std::string shown_count(std::uint64_t number, std::string_view name) {
  return fmt::format("<data class=\"{}\" value=\"{}\">{}</data>", name, number, with_thousands(number));
}

class PageOfSummary {
 public:
  explicit PageOfSummary(const Summary& summary) : summary_(summary) {}

  std::string make() {
    html_ = kHead;
    add("<title>{}</title>\n</head>\n<body>\n<h1>{}</h1>\n", escaped_html(summary_.files.front().name), title());
    facts();
    findings();
    span();
    html_ += "<div class=\"grid\">\n";
    shares("Protocols", "", "protocols", summary_.protocols);
    shares("Services", summary_.services_are, "services", summary_.services);
    shares("End reasons", "", "end_reasons", summary_.end_reasons);
    shares("Labels", summary_.label_column, "labels", summary_.labels);
    html_ += "</div>\n<h2>Columns</h2>\n<div class=\"grid\">\n";
    for (const ColumnReport& column : summary_.columns) add_card(column);
    html_ +=
        "</div>\n<p class=\"dim\">Made by flowgauge summary. Figures are rounded; medians and quantiles are within 0.8 "
        "%.</p>\n</body>\n</html>\n";
    return std::move(html_);
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    html_ += fmt::format(format, std::forward<Args>(args)...);
  }

  [[nodiscard]] std::string title() const {
    const std::string first = escaped_html(summary_.files.front().name);
    return summary_.files.size() == 1 ? first : fmt::format("{} and {} more", first, summary_.files.size() - 1);
  }

  void facts() {
    add("<p>{} rows of {} columns", shown_count(summary_.rows, "rows"),
        shown_count(summary_.columns.size(), "columns"));
    if (summary_.schema) add(", schema {}", escaped_html(*summary_.schema));
    html_ += ".</p>\n";
    if (summary_.fault)
      add("<p><strong>Not whole:</strong> {}. What is told here is of the rows before that.</p>\n",
          escaped_html(summary_.fault->message));
    if (summary_.files.size() < 2) return;
    html_ += "<ul>\n";
    for (const SummarizedFile& file : summary_.files)
      add("<li>{}: {} rows</li>\n", escaped_html(file.name), with_thousands(file.rows));
    html_ += "</ul>\n";
  }

  void findings() {
    html_ += "<h2>Suspicious</h2>\n";
    if (summary_.findings.empty()) {
      html_ += "<p>Nothing.</p>\n";
      return;
    }
    html_ += "<ul id=\"findings\">\n";
    for (const TableFinding& finding : summary_.findings)
      add("<li class=\"{}\" data-kind=\"{}\"><span>{}.</span><p>{}</p></li>\n",
          finding.weight == TableFinding::Weight::kWarning ? "warning" : "note", finding.kind,
          escaped_html(finding.what), escaped_html(finding.why));
    html_ += "</ul>\n";
  }

  void span() {
    const ColumnReport* start = summary_.start();
    if (start == nullptr) return;
    html_ += "<h2>Rows by time</h2>\n<div class=\"card\">\n";
    add("<p class=\"dim\">Column {}, {}</p>\n", escaped_html(start->name),
        span_text(start->moments->last_ns - start->moments->first_ns));
    plot(start->histogram, "wide", "Rows by time");
    ends(*start);
    html_ += "</div>\n";
  }

  void ends(const ColumnReport& column) {
    add("<div class=\"ends\"><time>{}</time><time>{}</time></div>\n", iso_time(column.moments->first_ns),
        iso_time(column.moments->last_ns));
  }

  static std::string bin_text(const Histogram& histogram, const Histogram::Bin& bin) {
    if (histogram.scale == Histogram::Scale::kTime)
      return fmt::format("from {}: {} rows", iso_time(static_cast<std::int64_t>(bin.from)), with_thousands(bin.rows));
    if (histogram.scale == Histogram::Scale::kWhole || bin.from == bin.to)
      return fmt::format("{}: {} rows", figure(bin.from), with_thousands(bin.rows));
    return fmt::format("{} to {}: {} rows", figure(bin.from), figure(bin.to), with_thousands(bin.rows));
  }

  void plot(const Histogram& histogram, std::string_view kind, const std::string& label) {
    if (histogram.bins.empty()) return;
    std::uint64_t most = 1;
    for (const Histogram::Bin& bin : histogram.bins) most = std::max(most, bin.rows);
    add("<svg class=\"{}\" viewBox=\"0 0 {} 40\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}: {} bars, "
        "the greatest has {} rows\">",
        kind, 10 * histogram.bins.size(), label, histogram.bins.size(), with_thousands(most));
    for (std::size_t i = 0; i < histogram.bins.size(); ++i) {
      const Histogram::Bin& bin = histogram.bins[i];
      const double height =
          bin.rows == 0 ? 0 : std::max(1.0, 40 * static_cast<double>(bin.rows) / static_cast<double>(most));
      add("<rect x=\"{}\" y=\"{:.2f}\" width=\"9\" height=\"{:.2f}\"><title>{}</title></rect>", 10 * i, 40 - height,
          height, bin_text(histogram, bin));
    }
    html_ += "</svg>\n";
  }

  void shares(const std::string& title, const std::string& more, std::string_view id,
              const std::vector<ValueShare>& shares) {
    if (shares.empty()) return;
    add("<section class=\"card\"><h3>{}</h3>", title);
    if (!more.empty()) add("<div class=\"dim\">{}</div>", escaped_html(more));
    add("<table id=\"{}\"><tbody>\n", id);
    for (const ValueShare& one : shares) {
      const double width =
          100 * static_cast<double>(one.rows) / static_cast<double>(std::max<std::uint64_t>(1, shares.front().rows));
      add("<tr><td>{}</td><td class=\"number\">{}</td><td class=\"number dim\">{}</td><td class=\"bar\"><svg "
          "viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
          "aria-hidden=\"true\"><rect class=\"back\" width=\"100\" height=\"10\"/><rect width=\"{:.2f}\" "
          "height=\"10\"/></svg></td></tr>\n",
          escaped_html(one.value), shown_count(one.rows, "rows"), percent_text(one.rows, summary_.rows), width);
    }
    html_ += "</tbody></table></section>\n";
  }

  void add_card(const ColumnReport& column) {
    add("<section class=\"card column\" data-name=\"{0}\"><h3>{0}</h3>\n<div class=\"dim\">{1}",
        escaped_html(column.name), type_name_of(column.type));
    if (!column.meaning.unit.empty()) add(", in {}", escaped_html(column.meaning.unit));
    add(", {} distinct", (column.distinct_is_estimate ? "about " : "") + shown_count(column.distinct, "distinct"));
    if (column.missing > 0)
      add(", {} missing ({})", shown_count(column.missing, "missing"), percent_text(column.missing, summary_.rows));
    for (const std::string& one : column.meaning.classes) add(", reveals {}", escaped_html(one));
    html_ += "</div>\n";
    if (column.moments) {
      plot(column.histogram, "", "Rows by time");
      ends(column);
    }
    if (column.numbers) numbers(column);
    if (!column.top.empty() && !column.moments) top(column);
    html_ += "</section>\n";
  }

  void numbers(const ColumnReport& column) {
    plot(column.histogram, "",
         column.histogram.scale == Histogram::Scale::kLog ? "Rows by size, edges grow by the same factor"
                                                          : "Rows by value");
    const ColumnReport::Numbers& of = *column.numbers;
    html_ += "<dl>";
    const auto pair = [&](std::string_view term, std::string_view name, double value) {
      add("<dt>{}</dt><dd>{}</dd>", term, shown(value, name));
    };
    pair("min", "min", of.least);
    pair("max", "max", of.greatest);
    pair("median", "median", of.median);
    pair("mean", "mean", of.mean);
    pair("5 %", "p05", of.p05);
    pair("95 %", "p95", of.p95);
    pair("25 %", "p25", of.p25);
    pair("75 %", "p75", of.p75);
    pair("std", "std", of.deviation);
    add("<dt>zeros</dt><dd>{}</dd></dl>\n", shown_count(of.zeros, "zeros"));
  }

  void top(const ColumnReport& column) {
    html_ += "<table><tbody>\n";
    for (std::size_t i = 0; i < std::min<std::size_t>(5, column.top.size()); ++i)
      add("<tr><td>{}</td><td class=\"number\">{}</td><td class=\"number dim\">{}</td></tr>\n",
          escaped_html(column.top[i].value), shown_count(column.top[i].rows, "top"),
          percent_text(column.top[i].rows, summary_.rows));
    html_ += "</tbody></table>\n";
  }

  const Summary& summary_;
  std::string html_;
};

}  // namespace

std::string summary_page(const Summary& summary) { return PageOfSummary(summary).make(); }

}  // namespace flowgauge
