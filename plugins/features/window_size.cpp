// window_size: the TCP window of packets as sent, unscaled (RFC 9293 3.1); 0 for other protocols and later fragments.
// Its extremes and the first window of each side tell operating systems apart.
#include <algorithm>
#include <flowgauge/sdk.hpp>

namespace {

struct WindowSize {
  static constexpr fg::About kAbout{.name = "window_size",
                                    .version = "1.0",
                                    .doc = "TCP window as sent, per flow and per direction.",
                                    .source = "semantics 4, 5; RFC 9293 3.1"};
  static constexpr fg::Column kColumns[] = {
      {"flow", "TCP window of all packets", FG_SERIES, FG_UNIT_NONE, FG_REVEALS_NOTHING, FG_REVEALS_OS},
      {"fwd", "TCP window of the source side's packets", FG_SERIES, FG_UNIT_NONE, FG_REVEALS_NOTHING, FG_REVEALS_OS},
      {"bwd", "TCP window of the other side's packets", FG_SERIES, FG_UNIT_NONE, FG_REVEALS_NOTHING, FG_REVEALS_OS},
      {"fwd_init", "Window of the source side's first packet", FG_U64, FG_UNIT_NONE, FG_REVEALS_OS},
      {"bwd_init", "Window of the other side's first packet", FG_U64, FG_UNIT_NONE, FG_REVEALS_OS},
  };

  // fg::Series of 16 bits with the first window in its last ones; zero bytes are the empty series.
  struct Side {
    std::uint64_t sum;
    std::uint64_t squares;
    std::uint16_t carries;  // of the squares, out of 64 bits
    std::uint16_t complement_of_min;
    std::uint16_t max;
    std::uint16_t first;

    void add(std::uint16_t window) {
      sum += window;
      const std::uint64_t square = std::uint64_t{window} * window;
      squares += square;
      carries += static_cast<std::uint16_t>(squares < square);
      complement_of_min = std::max(complement_of_min, static_cast<std::uint16_t>(~window));
      max = std::max(max, window);
    }
    [[nodiscard]] fg::Series<std::uint16_t> series() const {
      return {sum,
              {.squares_low = squares, .squares_high = carries, .complement_of_min = complement_of_min, .max = max}};
    }
  };
  Side sides[2];

  void update(const fg::Packet& packet, fg::Direction direction) {
    if (packet.direction_index == 0) sides[direction].first = packet.tcp_window;
    sides[direction].add(packet.tcp_window);
  }

  void emit(fg::Row<WindowSize>& row, const fg::Flow& flow) const {
    const auto& [fwd, bwd] = sides;
    row.set<"flow">(
        fwd.series().merged_with(bwd.series()).cell(flow.packets[fg::kForward] + flow.packets[fg::kBackward]));
    row.set<"fwd">(fwd.series().cell(flow.packets[fg::kForward]));
    row.set<"bwd">(bwd.series().cell(flow.packets[fg::kBackward]));
    row.set<"fwd_init">(std::uint64_t{fwd.first});
    row.set<"bwd_init">(std::uint64_t{bwd.first});
  }
};
static_assert(sizeof(WindowSize) == 48, "half of it is touched by a packet");

}  // namespace

FG_MODULE("window_size", "1.0", "Apache-2.0", fg::Features<WindowSize>, fg::Schemas<>);
