// active_idle: a gap of more than 5 s ends an active period and is an idle one [ns]. The period that is open at the
// flow's end counts as active; a period of one moment is none.
#include <algorithm>
#include <flowgauge/sdk.hpp>

namespace {

constexpr std::uint64_t kGapNs = 5'000'000'000;

struct ActiveIdle {
  static constexpr fg::About kAbout{
      .name = "active_idle",
      .version = "1.0",
      .doc =
          "Active periods of a flow, and the gaps over 5 s between them. Keeps 96 bytes more for a flow that paused.",
      .source = "semantics 4, 5"};
  static constexpr fg::Column kColumns[] = {
      {"active", "Active periods longer than 0", FG_SERIES, FG_UNIT_NS, FG_REVEALS_NOTHING},
      {"idle", "Gaps of more than 5 s between packets of the flow", FG_SERIES, FG_UNIT_NS, FG_REVEALS_NOTHING},
  };

  // 32 bits count all idle gaps there can be: timestamps span less than 2^63 ns, which is 1.9 * 10^9 times 5 s. Each
  // ends one active period at most.
  struct Ended {
    fg::Series64 active;
    fg::Series64 idle;
    std::uint32_t active_count;
    std::uint32_t idle_count;
    std::int64_t last_ns;  // where the last of them ended
  };

  std::int64_t begin_ns;   // of the open period; the first begins at 0
  fg::Owned<Ended> ended;  // most flows have no pause

  void update(const fg::Packet& packet, fg::Direction) {
    if (packet.gap_ns <= kGapNs) [[likely]] {
      // A packet out of order moves the beginning back, but not into the period before: then their sum stays below
      // 2^63.
      if (packet.time_ns < begin_ns) [[unlikely]]
        begin_ns = ended ? std::max(packet.time_ns, std::min(begin_ns, ended.get()->last_ns)) : packet.time_ns;
      return;
    }
    Ended& periods = ended.get_or_create();
    periods.last_ns = packet.time_ns - static_cast<std::int64_t>(packet.gap_ns);
    periods.active_count += static_cast<std::uint32_t>(add(periods.active, periods.last_ns));
    periods.idle.add(packet.gap_ns);
    ++periods.idle_count;
    begin_ns = packet.time_ns;
  }

  void emit(fg::Row<ActiveIdle>& row, const fg::Flow& flow) const {
    Ended periods = ended ? *ended.get() : Ended{};
    const bool open = add(periods.active, std::max(flow.last_ns[fg::kForward], flow.last_ns[fg::kBackward]));
    row.set<"active">(periods.active.cell(std::uint64_t{periods.active_count} + int{open}));
    row.set<"idle">(periods.idle.cell(periods.idle_count));
  }

  void release() { ended.free(); }

 private:
  // The period that is open, as if it ended at `to_ns`; whether it is one.
  bool add(fg::Series64& active, std::int64_t to_ns) const {
    if (to_ns <= begin_ns) return false;
    active.add(static_cast<std::uint64_t>(to_ns - begin_ns));
    return true;
  }
};
static_assert(sizeof(ActiveIdle) == 16 && sizeof(ActiveIdle::Ended) == 96);

}  // namespace

FG_MODULE("active_idle", "1.0", "Apache-2.0", fg::Features<ActiveIdle>, fg::Schemas<>);
