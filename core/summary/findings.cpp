#include "core/summary/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "core/base/nanoseconds.h"
#include "core/base/text.h"
#include "core/text/iso_time.h"

namespace flowgauge {
namespace {

using Weight = TableFinding::Weight;

constexpr std::size_t kMostNames = 6;
constexpr double kManyHalves = 0.5;        // of rows, from which on a direction seems to be missing
constexpr double kManyLeftovers = 0.1;     // of rows that ended with the input
constexpr double kLongGap = 0.05;          // of the span
constexpr double kRowsExpectedInGap = 30;  // at the average rate: fewer than that may be missing by chance

// End reasons as tables have them: in words, IPFIX's numbers (RFC 5102, 5.11.3), the run report's names.
constexpr std::array<std::string_view, 3> kEndsOfInput = {"Exporter Shutdown", "4", "forced_end"};
constexpr std::array<std::string_view, 3> kEvictions = {"Resource Limit", "5", "lack_of_resources"};

bool is_one_of(std::string_view value, std::span<const std::string_view> names) {
  return std::ranges::find(names, value) != names.end();
}

class FindingMaker {
 public:
  FindingMaker(const Summary& summary, const std::optional<TableAccount>& account)
      : summary_(summary), account_(account) {}

  std::vector<TableFinding> make(const TimeHistogram* starts) {
    reading();
    if (account_) run(*account_);
    rows();
    if (starts != nullptr) gaps(*starts);
    ends();
    add_column_findings(summary_, findings_);
    return warnings_first();
  }

 private:
  std::vector<TableFinding> warnings_first() {
    std::vector<TableFinding> ordered;
    for (const Weight weight : {Weight::kWarning, Weight::kNote})
      for (TableFinding& finding : findings_)
        if (finding.weight == weight) ordered.push_back(std::move(finding));
    return ordered;
  }

  void add(Weight weight, std::string kind, std::string what, std::string why, std::uint64_t rows = 0) {
    findings_.push_back({weight, std::move(kind), std::move(what), std::move(why), rows, {}});
  }

  void reading() {
    LeftOut all;
    for (const SummarizedFile& file : summary_.files) {
      all.blank_lines += file.left_out.blank_lines;
      all.repeated_headers += file.left_out.repeated_headers;
    }
    if (all.repeated_headers > 0)
      add(Weight::kWarning, "repeated_headers",
          fmt::format("{} repeated among the rows, and left out here", counted(all.repeated_headers, "header line")),
          "Other readers take them for rows, and whole columns for text. Tables were joined: join them without their "
          "headers.",
          all.repeated_headers);
    if (all.blank_lines > 0)
      add(Weight::kNote, "blank_lines", fmt::format("{} left out", counted(all.blank_lines, "blank line")),
          "Some readers make rows without values of them.", all.blank_lines);
  }

  // What the rows themselves do not show.
  void run(const TableAccount& account) {
    if (account.complete && !*account.complete)
      add(Weight::kWarning, "not_complete", fmt::format("the table is not complete, says {}", printable(account.from)),
          "The run was interrupted, its input damaged, or the disk full. Run it again for all rows.");
    if (account.rows && summary_.files.size() == 1 && *account.rows != summary_.rows && !summary_.fault)
      add(Weight::kWarning, "other_rows",
          fmt::format("{} has {}, the table {}", printable(account.from), counted(*account.rows, "row"),
                      with_thousands(summary_.rows)),
          "The table was changed since it was written, or the metadata is another table's.");
    if (!account.problems.empty())
      add(Weight::kWarning, "run_problems", fmt::format("the run met {}", counted(account.problems.size(), "problem")),
          fmt::format("The first: {}", printable(account.problems.front())));
    std::uint64_t truncated = 0;
    for (const auto& [reason, frames] : account.ignored)
      if (reason.starts_with("truncated")) truncated += frames;
    if (truncated > 0)
      add(Weight::kWarning, "truncated_frames",
          fmt::format("{} of {} cut before the end of their headers", counted(truncated, "frame"),
                      with_thousands(account.frames_read)),
          "They are in no row. Capture with a greater snapshot length (tcpdump -s 0).", truncated);
    const std::uint64_t ignored = ignored_but_truncated(account);
    if (account.frames_read > 0 && ignored * 10 > account.frames_read)
      add(Weight::kNote, "ignored_frames",
          fmt::format("{} of {} are in no row ({})", counted(ignored, "frame"), with_thousands(account.frames_read),
                      percent_text(ignored, account.frames_read)),
          "The run report says why, by reason (docs/run-report.md).", ignored);
    if (account.lost > 0)
      add(Weight::kWarning, "lost_packets", fmt::format("{} lost while capturing", counted(account.lost, "packet")),
          "Counts of packets and bytes are too low by them. More or greater rings help (docs/realtime.md).",
          account.lost);
    if (account.untimed_frames > 0)
      add(Weight::kNote, "untimed_frames",
          fmt::format("{} without a time of their own", counted(account.untimed_frames, "frame")),
          "Each has that of the frame before it, so that gaps are 0.", account.untimed_frames);
    if (account.vlan_halves > 0)
      add(Weight::kWarning, "vlan_halves",
          fmt::format("{} in two flows each, since their directions have different VLANs",
                      counted(account.vlan_halves, "conversation")),
          "Each row has one direction alone. --flow-key no_vlan joins them.", account.vlan_halves);
    if (account.clock_steps + account.ahead_packets > 0)
      add(Weight::kWarning, "clock_of_run",
          fmt::format("the clock of the packets was set back {}, and {} were far ahead of it",
                      counted(account.clock_steps, "time"), counted(account.ahead_packets, "packet")),
          "Durations and gaps across such a step are wrong. Are captures in the wrong order, or was a clock corrected?",
          account.clock_steps + account.ahead_packets);
    if (account.cut_cells > 0)
      add(Weight::kNote, "cut_cells",
          fmt::format("{} did not fit into a row's 64 KiB and cut", counted(account.cut_cells, "cell")),
          "Lists and strings end early there.", account.cut_cells);
  }

  [[nodiscard]] static std::uint64_t ignored_but_truncated(const TableAccount& account) {
    std::uint64_t ignored = 0;
    for (const auto& [reason, frames] : account.ignored)
      if (!reason.starts_with("truncated") && reason != "other_partition" && reason != "filtered") ignored += frames;
    return ignored;
  }

  void rows() {
    const RowFacts& facts = summary_.facts;
    if (const std::uint64_t many = facts.zero_durations_of_many.value_or(0); many > 0)
      add(Weight::kWarning, "zero_durations_of_many",
          fmt::format("{} ({}) with more than one packet lasted no time", counted(many, "flow"),
                      percent_text(many, summary_.rows)),
          "Their packets have one timestamp: the clock of the capture is too coarse, or frames have no time. Rates are "
          "0 there.",
          many);
    if (const std::uint64_t zero = facts.zero_durations.value_or(0) - facts.zero_durations_of_many.value_or(0);
        zero > 0)
      add(Weight::kNote, "zero_durations",
          fmt::format("{} ({}) lasted no time{}", counted(zero, "flow"), percent_text(zero, summary_.rows),
                      facts.zero_durations_of_many ? ", each of one packet" : ""),
          "Rates over the duration are 0 for them, not infinite. A model may take that for slow.", zero);
    if (const std::uint64_t halves = facts.one_sided.value_or(0); halves > 0) {
      const bool is_much = static_cast<double>(halves) > kManyHalves * static_cast<double>(summary_.rows);
      add(is_much ? Weight::kWarning : Weight::kNote, "one_sided",
          fmt::format("{} ({}) with packets in one direction alone", counted(halves, "flow"),
                      percent_text(halves, summary_.rows)),
          is_much ? "Was one direction not captured: a mirror port or route of one side, or VLANs that differ "
                    "(--flow-key no_vlan)?"
                  : "Scans, lost answers and multicast look so; so does half of a conversation.",
          halves);
    }
    if (facts.steps_back > 0)
      add(Weight::kWarning, "steps_back",
          fmt::format("times of rows step back {}, the farthest by {}", counted(facts.steps_back, "time"),
                      span_text(facts.longest_step_ns)),
          "No timeout of flows explains that much. Were captures read in the wrong order, clocks set, or tables "
          "joined?",
          facts.steps_back);
  }

  void gaps(const TimeHistogram& starts) {
    const auto gap = starts.longest_gap();
    const std::int64_t span = starts.last_ns() - starts.first_ns();
    if (!gap || span <= 0) return;
    const double share = static_cast<double>(gap->end_ns - gap->begin_ns) / static_cast<double>(span);
    if (share < kLongGap || share * static_cast<double>(starts.count()) < kRowsExpectedInGap) return;
    add(Weight::kWarning, "gap",
        fmt::format("no row begins for {} from {} on", span_text(gap->end_ns - gap->begin_ns), iso_time(gap->begin_ns)),
        "Was the capture interrupted, or is a file missing? Flows across the gap are cut or stretched.");
  }

  void ends() {
    std::uint64_t left = 0, evicted = 0, all = 0, snapshots = 0;
    for (const ValueShare& one : summary_.end_reasons) {
      all += one.rows;
      if (is_one_of(one.value, kEndsOfInput)) left += one.rows;
      if (is_one_of(one.value, kEvictions)) evicted += one.rows;
    }
    if (left > 0 && static_cast<double>(left) >= kManyLeftovers * static_cast<double>(all))
      add(Weight::kNote, "leftovers",
          fmt::format("{} ({}) were still open when the input ended", counted(left, "flow"), percent_text(left, all)),
          "Their counts and durations end with the capture, not with the traffic.", left);
    if (evicted > 0)
      add(Weight::kWarning, "evicted",
          fmt::format("{} ({}) ended early for lack of memory", counted(evicted, "flow"), percent_text(evicted, all)),
          "Long flows are in several rows. Raise flow.max_flows.", evicted);
    for (const ColumnReport& column : summary_.columns) {
      if (column.meaning.role != Role::kSnapshot) continue;
      for (const ValueShare& one : column.top)
        if (one.value != "0" && one.value != "false") snapshots += one.rows;
    }
    if (snapshots > 0 && snapshots < summary_.rows)
      add(Weight::kWarning, "snapshots",
          fmt::format("{} are snapshots of flows that have further rows", counted(snapshots, "row")),
          "Sums over all rows count their packets twice. Keep rows with snapshot = 0, or one row of each flow.",
          snapshots);
    if (const double most = label_share(); most > 0.99 && summary_.labels.size() > 1)
      add(Weight::kNote, "imbalance",
          fmt::format("{} of the labelled rows are '{}'", percent_text(summary_.labels.front().rows, labelled()),
                      printable(summary_.labels.front().value)),
          "A model that always says so seems right. Judge it by each label, not by accuracy.");
  }

  [[nodiscard]] std::uint64_t labelled() const {
    std::uint64_t sum = 0;
    for (const ValueShare& one : summary_.labels) sum += one.rows;
    return sum;
  }
  [[nodiscard]] double label_share() const {
    return summary_.labels.empty()
               ? 0
               : static_cast<double>(summary_.labels.front().rows) / static_cast<double>(labelled());
  }

  const Summary& summary_;
  const std::optional<TableAccount>& account_;
  std::vector<TableFinding> findings_;
};

}  // namespace

std::vector<TableFinding> findings_of(const Summary& summary, const std::optional<TableAccount>& account,
                                      const TimeHistogram* starts) {
  return FindingMaker(summary, account).make(starts);
}

std::string names_text(const std::vector<std::string>& names) {
  std::vector<std::string> shown;
  for (const std::string& name : names) {
    if (shown.size() == kMostNames) break;
    shown.push_back(name.empty() ? "(no name)" : printable(name));
  }
  const std::string text = join(shown);
  return names.size() > shown.size() ? fmt::format("{} and {} more", text, names.size() - shown.size()) : text;
}

std::string percent_text(std::uint64_t part, std::uint64_t whole) {
  const double percent = whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
  if (part > 0 && percent < 0.1) return "< 0.1 %";
  if (part < whole && percent > 99.9) return "> 99.9 %";
  return fmt::format("{:.1f} %", percent);
}

std::string span_text(std::int64_t duration_ns) {
  const std::int64_t seconds = duration_ns / kNsPerSecond;
  if (duration_ns < kNsPerSecond) return fmt::format("{:.3g} ms", static_cast<double>(duration_ns) / 1e6);
  if (seconds < 60) return fmt::format("{:.3g} s", static_cast<double>(duration_ns) / 1e9);
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  if (seconds < 86400) return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{} d {} h", seconds / 86400, seconds / 3600 % 24);
}

}  // namespace flowgauge
