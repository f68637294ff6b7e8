// timing: first and last seen of each direction. The host keeps them; this feature sees times since the flow's start
// alone, and the host makes them absolute. A packet older than the first moves the first back (docs/semantics.md,
// section 3).
#include <flowgauge/sdk.hpp>

namespace {

struct Timing {
  static constexpr fg::About kAbout{.name = "timing",
                                    .version = "1.0",
                                    .doc = "First and last seen of each direction, and the time between.",
                                    .source = "semantics 3, 5"};
  static constexpr fg::Column kColumns[] = {
      {"fwd_first", "First packet of the source side, 0 if it sent none", FG_TIME, FG_UNIT_NS, FG_REVEALS_TIME},
      {"fwd_last", "Last packet of the source side, 0 if it sent none", FG_TIME, FG_UNIT_NS, FG_REVEALS_TIME},
      {"fwd_duration", "fwd_last - fwd_first", FG_U64, FG_UNIT_NS, FG_REVEALS_NOTHING},
      {"bwd_first", "First packet of the other side, 0 if it sent none", FG_TIME, FG_UNIT_NS, FG_REVEALS_TIME},
      {"bwd_last", "Last packet of the other side, 0 if it sent none", FG_TIME, FG_UNIT_NS, FG_REVEALS_TIME},
      {"bwd_duration", "bwd_last - bwd_first", FG_U64, FG_UNIT_NS, FG_REVEALS_NOTHING},
  };

  void emit(fg::Row<Timing>& row, const fg::Flow& flow) const {
    row.set<"fwd_first">(fg::Moment{flow.first_ns[fg::kForward]});
    row.set<"fwd_last">(fg::Moment{flow.last_ns[fg::kForward]});
    row.set<"fwd_duration">(duration_ns(flow, fg::kForward));
    row.set<"bwd_first">(fg::Moment{flow.first_ns[fg::kBackward]});
    row.set<"bwd_last">(fg::Moment{flow.last_ns[fg::kBackward]});
    row.set<"bwd_duration">(duration_ns(flow, fg::kBackward));
  }

 private:
  static std::uint64_t duration_ns(const fg::Flow& flow, fg::Direction direction) {
    return static_cast<std::uint64_t>(flow.last_ns[direction] - flow.first_ns[direction]);
  }
};

}  // namespace

FG_MODULE("timing", "1.0", "Apache-2.0", fg::Features<Timing>, fg::Schemas<>);
