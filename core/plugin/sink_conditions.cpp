#include "core/plugin/sink_conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "core/base/plugin_name.h"
#include "core/base/shown_text.h"
#include "core/text/iso_time.h"

namespace flowgauge {
namespace {

constexpr std::uint64_t kMostLines = 100;  // in a log, of an output

// One for the process. It is never destroyed: a sink's own thread may call while the process ends.
struct Voices {
  std::mutex mutex;  // held while somebody speaks, so that nobody is heard once his number is gone
  std::uint64_t newest = 0;
  std::map<std::uint64_t, SinkConditions*> boards;
};

Voices& voices() {
  static Voices* const kAll = new Voices;
  return *kAll;
}

std::int64_t now_ns() { return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count(); }

// Without half a character at its end.
std::string sentence_of(std::string_view text) {
  std::size_t size = std::min<std::size_t>(text.size(), FG_CONDITION_BYTES);
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U) --size;
  return shown_text(text.substr(0, size));
}

}  // namespace

std::vector<SinkCondition> SinkConditions::all() const {
  const std::scoped_lock lock(mutex_);
  const Clock::time_point now = Clock::now();
  std::vector<SinkCondition> all;
  for (const Kept& kept : kept_) {
    SinkCondition& one = all.emplace_back(kept.condition);
    if (!one.holds) continue;
    one.held_for = now - kept.began;
    one.held += one.held_for;
  }
  return all;
}

SinkConditions::Refused SinkConditions::take_refused() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(refused_, {});
}

void SinkConditions::say_in_log() {
  const std::scoped_lock lock(mutex_);
  log_ = bound_log();
}

void SinkConditions::tell(const char* name, std::string_view text) {
  const std::scoped_lock lock(mutex_);
  if (name == nullptr) return refuse("one without a name");
  const std::string_view given(name, ::strnlen(name, kLongestPluginName + 1));
  if (given.size() > kLongestPluginName || !is_plugin_name(given))
    return refuse(fmt::format("'{}', whose name is not [a-z0-9_]+, of at most {} letters",
                              shown_text(given.substr(0, kLongestPluginName)), kLongestPluginName));
  if (!text.empty()) return begin(given, sentence_of(text));
  for (Kept& kept : kept_)
    if (kept.condition.name == given) end(kept);
}

void SinkConditions::begin(std::string_view name, std::string text) {
  auto found = std::ranges::find(kept_, name, [](const Kept& kept) { return std::string_view(kept.condition.name); });
  if (found == kept_.end()) {
    if (kept_.size() == FG_SINK_CONDITIONS)
      return refuse(fmt::format("'{}', and {} others before", name, FG_SINK_CONDITIONS));
    found = kept_.insert(kept_.end(), Kept{{.name = std::string(name)}, {}});
  }
  found->condition.text = std::move(text);
  if (std::exchange(found->condition.holds, true)) return;
  ++found->condition.times;
  found->condition.since_ns = now_ns();
  found->began = Clock::now();
  say(*found);
}

void SinkConditions::end(Kept& kept) {
  if (!std::exchange(kept.condition.holds, false)) return;
  kept.condition.held += Clock::now() - kept.began;
  say(kept);
}

void SinkConditions::end_all() noexcept {
  const std::scoped_lock lock(mutex_);
  Log* const log = std::exchange(log_, nullptr);  // that they end says nothing of their cause
  for (Kept& kept : kept_) end(kept);
  log_ = log;
}

void SinkConditions::refuse(std::string why) {
  if (refused_.times++ == 0) refused_.why = std::move(why);
}

// On threads of the sink's own, too, which no log is bound to.
void SinkConditions::say(const Kept& kept) {
  if (log_ == nullptr || lines_++ >= kMostLines) return;
  const LogScope scope(log_);
  const std::string began = iso_time(kept.condition.since_ns);
  log_warning("{} {}: {}", place_,
              kept.condition.holds ? "since " + began : fmt::format("from {} to {}", began, iso_time(now_ns())),
              kept.condition.text);
}

SinkVoice::SinkVoice(std::shared_ptr<SinkConditions> board)
    : board_(board == nullptr ? std::make_shared<SinkConditions>("") : std::move(board)) {
  Voices& all = voices();
  const std::scoped_lock lock(all.mutex);
  number_ = ++all.newest;
  all.boards.emplace(number_, board_.get());
}

void SinkVoice::fall_silent() noexcept {
  Voices& all = voices();
  const std::scoped_lock lock(all.mutex);
  if (all.boards.erase(number_) == 0) return;
  board_->end_all();
}

void tell_condition(std::uint64_t sink, const char* name, const char* text, std::size_t size_bytes) noexcept {
  try {
    Voices& all = voices();
    const std::scoped_lock lock(all.mutex);
    const auto found = all.boards.find(sink);
    if (found == all.boards.end()) return;
    found->second->tell(name, text == nullptr ? std::string_view() : std::string_view(text, size_bytes));
  } catch (...) {  // out of memory: nobody is told, and the run goes on
  }
}

}  // namespace flowgauge
