// The retransmission feature against a slow model: per direction an ordered map of ranges over numbers that never wrap,
// joined anew after each packet (docs/semantics.md, section 5; errata R12, R22, R26).
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "tests/features/random_packets.h"

namespace flowgauge::test {
namespace {

class Model {
 public:
  void see(const fg_packet& packet) {
    const int syn = (packet.tcp_flags & kSyn) != 0 ? 1 : 0;
    const int fin = (packet.tcp_flags & kFin) != 0 ? 1 : 0;
    const std::int64_t size = std::int64_t{packet.payload_length_bytes} + syn + fin;
    const auto next = static_cast<std::uint32_t>(packet.tcp_seq + static_cast<std::uint64_t>(size));
    const bool rst = (packet.tcp_flags & kRst) != 0;
    if (next_ && packet.tcp_seq + 1 == *next_ && packet.payload_length_bytes <= 1 && syn + fin == 0 && !rst) return;
    if (!rst && (!next_ || (next - *next_ != 0 && next - *next_ < 0x8000'0000))) next_ = next;
    if (size == 0) return;
    const std::int64_t begin = begun_ ? nearest(packet.tcp_seq) : std::int64_t{packet.tcp_seq};
    begun_ = true;
    previous_ = begin;
    for (const auto& [known, end] : ranges_) {
      if (begin < end && known < begin + size) {
        ++repeated_;
        break;
      }
    }
    ranges_.emplace(begin, begin + size);
    join();
    while (ranges_.size() > 4) ranges_.erase(ranges_.begin());
  }
  [[nodiscard]] std::uint64_t repeated() const { return repeated_; }

 private:
  // Of all integers that are `seq` modulo 2^32 the one nearest to the range before, the lower of two.
  [[nodiscard]] std::int64_t nearest(std::uint32_t seq) const {
    constexpr std::int64_t cycle = std::int64_t{1} << 32;
    std::int64_t best = seq - 8 * cycle;
    for (std::int64_t number = best; number < 16 * cycle; number += cycle) {
      if (std::abs(number - previous_) < std::abs(best - previous_)) best = number;
    }
    return best;
  }
  void join() {
    std::multimap<std::int64_t, std::int64_t> joined;
    for (const auto& [begin, end] : ranges_) {
      if (!joined.empty() && begin <= joined.rbegin()->second) {
        joined.rbegin()->second = std::max(joined.rbegin()->second, end);
      } else {
        joined.emplace(begin, end);
      }
    }
    ranges_ = joined;
  }

  std::multimap<std::int64_t, std::int64_t> ranges_;
  std::optional<std::uint32_t> next_;  // number expected
  std::int64_t previous_ = 0;
  bool begun_ = false;
  std::uint64_t repeated_ = 0;
};

// What a flow's numbers look like: small steps around one place, so that ranges meet, and now and then a far jump.
TestPacket any_packet(Chance& chance, std::uint32_t place, bool jumps) {
  TestPacket packet = chance.one_in(3) ? backward() : forward();
  auto seq = place + static_cast<std::uint32_t>(chance.below(64));
  if (jumps && chance.one_in(4)) {
    seq += chance.any_of<std::uint32_t>({0x7fff'ffff, 0x8000'0000, 0x8000'0001, 0x4000'0000, 0xffff'ff80, 0x80});
  }
  packet.seq(seq).flags(
      chance.any_of<std::uint8_t>({kAck, kAck, kAck, kAck, 0, kSyn, kSyn | kAck, kFin | kAck, kSyn | kFin, kRst}));
  packet.payload_length(static_cast<std::uint32_t>(chance.one_in(4) ? 0 : chance.below(9)));
  if (jumps && chance.one_in(16)) packet.payload_length(chance.any_of<std::uint32_t>({0x7fff'fff0, 1'460, 70'000}));
  return packet;
}

TEST(RetransmissionModel, RandomFlowsAgree) {
  constexpr std::size_t flows = 6'000;
  Chance chance(6);
  // Before, at and after the wrap; in the middle, where a sign would change; anywhere.
  const std::vector<std::uint32_t> places = {0xffff'ffe0, 0xffff'ffff, 0,      0xffff'ff00,
                                             0x7fff'ffe0, 0x8000'0000, 123'456};
  std::vector<std::uint32_t> place(flows);
  std::vector<Model> models(2 * flows);
  for (auto& number : place)
    number = chance.one_in(8) ? static_cast<std::uint32_t>(chance.number()) : chance.any_of(places);
  FeatureHost host(built_feature("retransmission"));
  std::vector<TestPacket> arrivals;
  for (std::size_t i = 0; i < 20; ++i) {
    for (std::size_t flow = 0; flow < flows; ++flow) {
      const TestPacket packet = any_packet(chance, place[flow], flow % 2 == 1).of(flow);
      models[2 * flow + packet.fields.direction].see(packet.fields);
      arrivals.push_back(packet);
    }
  }
  ASSERT_EQ(host.update(arrivals), FG_OK);
  const std::vector<TestRow> rows = host.emit();
  std::uint64_t repeated = 0;
  for (std::size_t flow = 0; flow < flows; ++flow) {
    const std::uint64_t fwd = models[2 * flow].repeated();
    const std::uint64_t bwd = models[2 * flow + 1].repeated();
    ASSERT_EQ(rows[flow], (TestRow{{"fwd", fwd}, {"bwd", bwd}})) << "flow " << flow;
    repeated += fwd + bwd;
  }
  EXPECT_GT(repeated, flows) << "the lists hold repetitions at all";
}

}  // namespace
}  // namespace flowgauge::test
