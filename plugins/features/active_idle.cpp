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

  std::int64_t begin_ns;  // of the open period; the first begins at 0
  fg::Series64 active;
  fg::Series64 idle;
  std::uint32_t active_count;  // 2^32 gaps of 5 s are longer than time goes
  std::uint32_t idle_count;

  void update(const fg::Packet& packet, fg::Direction) {
    if (packet.gap_ns <= kGapNs) [[likely]] {
      begin_ns = std::min(begin_ns, packet.time_ns);  // a packet out of order moves the beginning back
      return;
    }
    const std::int64_t end_ns = packet.time_ns - static_cast<std::int64_t>(packet.gap_ns);
    if (end_ns > begin_ns) {
      active.add(static_cast<std::uint64_t>(end_ns - begin_ns));
      ++active_count;
    }
    idle.add(packet.gap_ns);
    ++idle_count;
    begin_ns = packet.time_ns;
  }

  void emit(fg::Row<ActiveIdle>& row, const fg::Flow& flow) const {
    const std::int64_t newest_ns = std::max(flow.last_ns[fg::kForward], flow.last_ns[fg::kBackward]);
    fg::Series64 periods = active;
    if (newest_ns > begin_ns) periods.add(static_cast<std::uint64_t>(newest_ns - begin_ns));
    row.set<"active">(periods.cell(active_count + static_cast<std::uint64_t>(newest_ns > begin_ns)));
    row.set<"idle">(idle.cell(idle_count));
  }
};
static_assert(sizeof(ActiveIdle) == 96, "8 of it are touched by a packet");

}  // namespace

FG_MODULE("active_idle", "1.0", "Apache-2.0", fg::Features<ActiveIdle>, fg::Schemas<>);
