// active_idle: a gap of more than 5 s ends an active period and is an idle one [ns]. The period that is open at the
// flow's end counts as active; a period of one moment is none.
#include <algorithm>
#include <flowgauge/sdk.hpp>

namespace {

constexpr std::uint64_t kGapNs = 5'000'000'000;

struct ActiveIdle {
  static constexpr fg::About kAbout{
      .name = "active_idle", .version = "1.0", .doc = "Active periods of a flow, and the gaps over 5 s between them."};
  static constexpr fg::Column kColumns[] = {
      {"active", "Active periods longer than 0", FG_SERIES, FG_UNIT_NS, FG_REVEALS_NOTHING},
      {"idle", "Gaps of more than 5 s between packets of the flow", FG_SERIES, FG_UNIT_NS, FG_REVEALS_NOTHING},
  };

  struct Ended {
    fg::CountedSeries<std::uint64_t> active;
    fg::CountedSeries<std::uint64_t> idle;

    void add_active(std::int64_t from_ns, std::int64_t to_ns) {
      if (to_ns > from_ns) active.add(static_cast<std::uint64_t>(to_ns - from_ns));
    }
  };

  std::int64_t begin_ns;   // of the open period; the first begins at 0
  fg::Owned<Ended> ended;  // most flows have no pause

  void update(const fg::Packet& packet, fg::Direction) {
    if (packet.gap_ns <= kGapNs) [[likely]] {
      begin_ns = std::min(begin_ns, packet.time_ns);  // a packet out of order moves the beginning back
      return;
    }
    Ended& periods = ended.get_or_create();
    periods.add_active(begin_ns, packet.time_ns - static_cast<std::int64_t>(packet.gap_ns));
    periods.idle.add(packet.gap_ns);
    begin_ns = packet.time_ns;
  }

  void emit(fg::Row<ActiveIdle>& row, const fg::Flow& flow) const {
    Ended periods = ended ? *ended.get() : Ended{};
    periods.add_active(begin_ns, std::max(flow.last_ns[fg::kForward], flow.last_ns[fg::kBackward]));
    row.set<"active">(periods.active.cell());
    row.set<"idle">(periods.idle.cell());
  }

  void release() { ended.free(); }
};
static_assert(sizeof(ActiveIdle) == 16);

}  // namespace

FG_MODULE("active_idle", "1.0", "Apache-2.0", fg::Features<ActiveIdle>, fg::Schemas<>);
