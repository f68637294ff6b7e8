#include "core/view/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "core/base/text.h"
#include "core/engine/output_place.h"
#include "core/flow/flow_record.h"

namespace flowgauge {
namespace {

constexpr std::size_t kLabelColumns = 11;
constexpr std::size_t kValueColumns = 12;
constexpr std::size_t kMostOfASection = 4;  // lines of lanes, interfaces, outputs
constexpr std::size_t kMostMessages = 3;
constexpr std::size_t kBarColumns = 20;
constexpr std::size_t kWidestTable = 60;

class PageMaker {
 public:
  PageMaker(const RunPicture& picture, const PageChoices& choices, PageSize size)
      : picture_(picture), status_(picture.status()), choices_(choices), size_(size) {}

  std::vector<PageLine> make() {
    if (size_.columns < kLeastPage.columns || size_.rows < kLeastPage.rows) return too_small();
    title();
    graph("packets/s", picture_.packets(), Style::kGraph);
    graph("bits/s", picture_.bits(), Style::kGraph);
    if (!status_.interfaces.empty()) losses();
    flows();
    rows();
    if (status_.files) files();
    lanes();
    interfaces();
    outputs();
    const std::size_t messages = std::min(choices_.messages.size(), kMostMessages);
    const std::size_t kept = messages + 1;
    if (lines_.size() + kept + 2 < size_.rows) talkers(size_.rows - kept - lines_.size());
    while (lines_.size() + kept < size_.rows) lines_.emplace_back();
    lines_.resize(size_.rows - kept);
    for (std::size_t i = choices_.messages.size() - messages; i < choices_.messages.size(); ++i)
      add({{choices_.messages[i], Style::kWarning}});
    keys();
    return std::move(lines_);
  }

 private:
  std::vector<PageLine> too_small() {
    add({{fmt::format("{} packets/s; this screen is too small", short_number(picture_.packets().now())),
          Style::kPlain}});
    return std::move(lines_);
  }

  void add(PageLine line) { lines_.push_back(cut(std::move(line), size_.columns)); }
  void add_labelled(std::string_view label, const std::string& text, Style style = Style::kPlain) {
    add({{padded(label, kLabelColumns), Style::kDim}, {text, style}});
  }

  void title() {
    const std::string state = choices_.motion == Motion::kPaused            ? "PAUSED"
                              : status_.phase == RunStatus::Phase::kRunning ? "running"
                                                                            : "ending";
    const std::string right = fmt::format(" {} {} ", state, clock_text(status_.elapsed));
    const std::size_t left = size_.columns - columns_of(right);
    add({{padded(fmt::format(" flowgauge  {}", choices_.title), left), Style::kTitle}, {right, Style::kTitle}});
  }

  void graph(std::string_view label, const RateHistory& history, Style style) {
    const std::size_t width = size_.columns - kLabelColumns - kValueColumns - 2;
    add({{padded(label, kLabelColumns), Style::kDim},
         {right_aligned(short_number(history.now()), kValueColumns), Style::kBold},
         {"  " + sparkline(history.seconds(), width, choices_.glyphs), style}});
  }

  void losses() {
    const std::uint64_t lost = picture_.packets_lost();
    if (lost == 0) return add_labelled("lost", right_aligned("0", kValueColumns));
    graph("lost/s", picture_.lost(), Style::kWarning);
    add_labelled("lost", fmt::format("{} of {} packets", with_thousands(lost), with_thousands(picture_.packets_seen())),
                 Style::kWarning);
  }

  void flows() {
    const WorkerStatus total = status_.total();
    add_labelled("flows",
                 fmt::format("{} active, {} new/s, {} ended/s", with_thousands(total.open_flows),
                             short_number(picture_.new_flows().now()), short_number(picture_.ended_flows().now())));
    std::string ended;
    for (std::size_t reason = 0; reason < kEndReasons; ++reason)
      if (total.flows.ended[reason] != 0)
        ended += fmt::format("{}{} {}", ended.empty() ? "" : ", ", kEndReasonNames[reason],
                             short_number(static_cast<double>(total.flows.ended[reason])));
    add_labelled("ended", ended.empty() ? "none yet" : ended);
  }

  void rows() {
    std::string text = fmt::format("{} memory", human_bytes(status_.memory_bytes));
    if (status_.lag.clock)
      text += fmt::format(", {} ms behind the wire",
                          std::chrono::duration_cast<std::chrono::milliseconds>(*status_.lag.clock).count());
    text += fmt::format(", {} waiting to be written", counted(status_.lag.rows, "row"));
    add_labelled("run", text);
  }

  void files() {
    const SourceProgress& files = *status_.files;
    std::string text = fmt::format("{} of {}: {}", files.inputs_begun, files.inputs, printable(files.input));
    if (files.bytes_total == 0) return add_labelled("read", fmt::format("{}, {}", human_bytes(files.bytes_read), text));
    const double done = std::min(1.0, static_cast<double>(files.bytes_read) / static_cast<double>(files.bytes_total));
    add({{padded("read", kLabelColumns), Style::kDim},
         {bar(done), Style::kGraph},
         {fmt::format(" {:3.0f} % of {}, file {}", std::floor(done * 100), human_bytes(files.bytes_total), text),
          Style::kPlain}});
  }

  [[nodiscard]] std::string bar(double share) const {
    const auto full = static_cast<std::size_t>(share * kBarColumns + 0.5);
    std::string text;
    for (std::size_t i = 0; i < kBarColumns; ++i)
      text += i < full ? (choices_.glyphs == Glyphs::kBlocks ? "█" : "#")
                       : (choices_.glyphs == Glyphs::kBlocks ? "░" : ".");
    return text;
  }

  // As many lines as a section may have, then how many more there are.
  template <class Items, class AddOne>
  void section(const Items& items, std::string_view noun, const AddOne& add_one) {
    const std::size_t shown = items.size() > kMostOfASection ? kMostOfASection - 1 : items.size();
    for (std::size_t i = 0; i < shown; ++i) add_one(items[i], i);
    if (shown < items.size())
      add_labelled("", fmt::format("and {}", counted(items.size() - shown, std::string("more ").append(noun))),
                   Style::kDim);
  }

  // "ring 12 %, 101 ms, " as far as the lane has a ring and has seen packets.
  [[nodiscard]] std::string ring_and_lag(const WorkerStatus& worker, std::size_t number) const {
    std::string text;
    if (number < status_.rings.size() && status_.rings[number].bytes > 0)
      text += fmt::format("ring {} %, ", status_.rings[number].used_bytes * 100 / status_.rings[number].bytes);
    if (!status_.interfaces.empty() && worker.clock_ns != kNoClock)
      text += fmt::format("{} ms, ", (status_.time_ns - worker.clock_ns) / 1'000'000);
    return text;
  }

  // One shard of files has nothing to tell that the run does not.
  void lanes() {
    if (status_.workers.size() < 2 && status_.interfaces.empty()) return;
    const std::string_view noun = status_.interfaces.empty() ? "worker" : "lane";
    section(status_.workers, noun, [&](const WorkerStatus& worker, std::size_t number) {
      add_labelled(
          fmt::format("{} {}", noun, number),
          fmt::format("{}{} active, {} in flows{}", ring_and_lag(worker, number), counted(worker.open_flows, "flow"),
                      counted(worker.flows.packets, "packet"),
                      worker.ring_drops == 0 ? "" : fmt::format(", {} lost", with_thousands(worker.ring_drops))),
          worker.ring_drops == 0 ? Style::kPlain : Style::kWarning);
    });
  }

  void interfaces() {
    section(status_.interfaces, "interface", [&](const LiveCounters& counters, std::size_t) {
      const std::uint64_t lost = counters.ring_full + counters.lost_before;
      add_labelled(printable(counters.interface),
                   fmt::format("{} {} seen, {} lost", counters.direction == TrafficDirection::kIngress ? "in " : "out",
                               counted(counters.seen, "packet"), with_thousands(lost)),
                   lost == 0 ? Style::kPlain : Style::kWarning);
    });
  }

  void outputs() {
    section(status_.outputs, "output", [&](const OutputStatus& output, std::size_t) {
      add_labelled("output",
                   fmt::format("{} of {} to {}", counted(output.rows, "row"), output.schema, shown_place(output.path)));
      for (const SinkCondition& one : output.conditions)
        if (one.holds) add_labelled("", one.text, Style::kWarning);
    });
  }

  // Those that pass the filter, in the order that was chosen. Most are never shown: they get no name where it says
  // nothing about that.
  [[nodiscard]] std::vector<TalkerRate> chosen(std::vector<TalkerRate> talkers) const {
    if (!choices_.filter.empty())
      std::erase_if(talkers, [&](const TalkerRate& talker) { return !name_of(talker.key).contains(choices_.filter); });
    if (choices_.order == TalkerOrder::kName)
      std::ranges::sort(talkers, {}, [](const TalkerRate& talker) { return name_of(talker.key); });
    return talkers;
  }

  // Two tables beside each other, or one where the screen is narrow.
  void talkers(std::size_t room) {
    const std::size_t tables = size_.columns >= 72 ? 2 : 1;
    const std::size_t width = std::min(kWidestTable, size_.columns / tables - 1);
    const std::vector<TalkerRate> addresses = chosen(picture_.addresses());
    const std::vector<TalkerRate> services = chosen(picture_.services());
    lines_.emplace_back();
    PageLine heads = {{table_head("address", width), Style::kBold}};
    if (tables == 2) heads.push_back({" " + table_head("service", width), Style::kBold});
    add(std::move(heads));
    const std::size_t count = std::max(addresses.size(), tables == 2 ? services.size() : 0);
    for (std::size_t i = 0; i < std::min(count, room - 2); ++i) {
      PageLine line = {{table_row(addresses, i, width), Style::kPlain}};
      if (tables == 2) line.push_back({" " + table_row(services, i, width), Style::kPlain});
      add(std::move(line));
    }
  }

  static std::string table_head(std::string_view what, std::size_t width) {
    return padded(what, width - 8) + right_aligned("bits/s", 8);
  }
  static std::string table_row(const std::vector<TalkerRate>& talkers, std::size_t index, std::size_t width) {
    if (index >= talkers.size()) return std::string(width, ' ');
    return padded(name_of(talkers[index].key), width - 8) + right_aligned(short_number(talkers[index].bits), 8);
  }

  void keys() {
    if (choices_.is_filter_typed)
      return add({{fmt::format(" filter: {}_  (Enter keeps it, Esc clears it)", choices_.filter), Style::kTitle}});
    std::string text = fmt::format(" q leave view  p {}  s sort by {}  / filter",
                                   choices_.motion == Motion::kPaused ? "go on" : "pause",
                                   choices_.order == TalkerOrder::kBits ? "name" : "bits/s");
    if (!choices_.filter.empty()) text += fmt::format(" ({})", choices_.filter);
    text += "  Ctrl-C end run";
    add({{padded(text, size_.columns), Style::kTitle}});
  }

  const RunPicture& picture_;
  const RunStatus& status_;
  const PageChoices& choices_;
  PageSize size_;
  std::vector<PageLine> lines_;
};

}  // namespace

std::vector<PageLine> page_of(const RunPicture& picture, const PageChoices& choices, PageSize size) {
  return PageMaker(picture, choices, size).make();
}

}  // namespace flowgauge
