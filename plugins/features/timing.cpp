// timing: first and last seen of each direction. It knows times since the flow's start alone; the host
// makes them absolute. A packet older than the first moves the first back (docs/semantics.md, section 3).
#include <algorithm>
#include <flowgauge/sdk.hpp>

namespace {

struct Timing {
  static constexpr fg::About kAbout{
      .name = "timing", .version = "1.0", .doc = "First and last seen of each direction, and the time between."};
  static constexpr fg::Column kColumns[] = {
      {"fwd_first", "First packet of the source side, 0 if it sent none", FG_TIME, FG_UNIT_NS, FG_REVEALS_TIME},
      {"fwd_last", "Last packet of the source side, 0 if it sent none", FG_TIME, FG_UNIT_NS, FG_REVEALS_TIME},
      {"fwd_duration", "fwd_last - fwd_first", FG_U64, FG_UNIT_NS, FG_REVEALS_NOTHING},
      {"bwd_first", "First packet of the other side, 0 if it sent none", FG_TIME, FG_UNIT_NS, FG_REVEALS_TIME},
      {"bwd_last", "Last packet of the other side, 0 if it sent none", FG_TIME, FG_UNIT_NS, FG_REVEALS_TIME},
      {"bwd_duration", "bwd_last - bwd_first", FG_U64, FG_UNIT_NS, FG_REVEALS_NOTHING},
  };

  // Since the flow's start. Zero bytes say nothing of "none": the count of packets does.
  struct Span {
    std::int64_t first_ns;
    std::int64_t last_ns;
    [[nodiscard]] std::uint64_t duration_ns() const { return static_cast<std::uint64_t>(last_ns - first_ns); }
  };
  Span by_direction[2];

  void update(const fg::Packet& packet, fg::Direction direction) {
    Span& span = by_direction[direction];
    const bool begins = packet.direction_index == 0;
    span.first_ns = begins ? packet.time_ns : std::min(span.first_ns, packet.time_ns);
    span.last_ns = begins ? packet.time_ns : std::max(span.last_ns, packet.time_ns);
  }

  void emit(fg::Row<Timing>& row, const fg::Flow& flow) const {
    const auto& [fwd, bwd] = by_direction;
    const bool has_fwd = flow.packets[fg::kForward] > 0;
    const bool has_bwd = flow.packets[fg::kBackward] > 0;
    row.set<"fwd_first">(has_fwd ? fg::Moment{fwd.first_ns} : fg::kNever);
    row.set<"fwd_last">(has_fwd ? fg::Moment{fwd.last_ns} : fg::kNever);
    row.set<"fwd_duration">(fwd.duration_ns());
    row.set<"bwd_first">(has_bwd ? fg::Moment{bwd.first_ns} : fg::kNever);
    row.set<"bwd_last">(has_bwd ? fg::Moment{bwd.last_ns} : fg::kNever);
    row.set<"bwd_duration">(bwd.duration_ns());
  }
};
static_assert(sizeof(Timing) == 32);

}  // namespace

FG_MODULE("timing", "1.0", "Apache-2.0", fg::Features<Timing>, fg::Schemas<>);
