// header_length: the L4 header length of packets [bytes], as sent: TCP, DCCP data offset x 4; UDP, UDP-Lite,
// ICMP 8; SCTP 12; others and later fragments 0. Its extremes tell operating systems apart by their TCP options.
#include <algorithm>
#include <flowgauge/sdk.hpp>

namespace {

struct HeaderLength {
  static constexpr fg::About kAbout{.name = "header_length",
                                    .version = "1.0",
                                    .doc = "L4 header length of packets, per flow and per direction.",
                                    .source = "semantics 1, 4, 5"};
  static constexpr fg::Column kColumns[] = {
      {"flow", "L4 header length of all packets", FG_SERIES, FG_UNIT_BYTES, FG_REVEALS_NOTHING, FG_REVEALS_OS},
      {"fwd", "L4 header length of the source side's packets", FG_SERIES, FG_UNIT_BYTES, FG_REVEALS_NOTHING,
       FG_REVEALS_OS},
      {"bwd", "L4 header length of the other side's packets", FG_SERIES, FG_UNIT_BYTES, FG_REVEALS_NOTHING,
       FG_REVEALS_OS},
  };

  // A header has 60 bytes at most, so that its square never carries out of 64 bits. Zero bytes are the empty series.
  std::uint64_t sum[2];
  std::uint64_t squares[2];
  std::uint8_t complement_of_min[2];
  std::uint8_t max[2];

  void update(const fg::Packet& packet, fg::Direction direction) {
    const std::uint8_t bytes = packet.l4_header_bytes;
    sum[direction] += bytes;
    squares[direction] += std::uint64_t{bytes} * bytes;
    complement_of_min[direction] = std::max(complement_of_min[direction], static_cast<std::uint8_t>(~bytes));
    max[direction] = std::max(max[direction], bytes);
  }

  void emit(fg::Row<HeaderLength>& row, const fg::Flow& flow) const {
    const auto& [fwd, bwd] = flow.packets;
    row.set<"flow">(cell(fwd + bwd, sum[0] + sum[1], squares[0] + squares[1],
                         std::max(complement_of_min[0], complement_of_min[1]), std::max(max[0], max[1])));
    row.set<"fwd">(cell(fwd, sum[0], squares[0], complement_of_min[0], max[0]));
    row.set<"bwd">(cell(bwd, sum[1], squares[1], complement_of_min[1], max[1]));
  }

 private:
  static fg_series cell(std::uint64_t count, std::uint64_t sum, std::uint64_t squares, std::uint8_t complement_of_min,
                        std::uint8_t max) {
    if (count == 0) return {};
    return {.count = count,
            .sum = static_cast<std::int64_t>(sum),
            .sum_squares_low = squares,
            .sum_squares_high = 0,
            .min = static_cast<std::uint8_t>(~complement_of_min),
            .max = max};
  }
};
static_assert(sizeof(HeaderLength) == 40);

}  // namespace

FG_MODULE("header_length", "1.0", "Apache-2.0", fg::Features<HeaderLength>, fg::Schemas<>);
