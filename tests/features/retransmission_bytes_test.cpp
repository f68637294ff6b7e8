// Which packets repeat is tested with the feature retransmission; here what they count.
#include <gtest/gtest.h>

#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

TestRow bytes(std::uint64_t fwd, std::uint64_t bwd) { return {{"fwd", fwd}, {"bwd", bwd}}; }

TestPacket numbered(TestPacket packet, std::uint32_t seq, std::uint32_t payload) {
  return packet.flags(kAck).seq(seq).payload_length(payload);
}

// Of a packet that repeats one number all of its payload counts.
TEST(RetransmissionBytes, ThePayloadOfPacketsThatRepeat) {
  EXPECT_EQ(row_of("retransmission_bytes",
                   {numbered(forward(), 1'000, 100), numbered(forward(), 1'100, 100), numbered(forward(), 1'000, 100),
                    numbered(forward(), 1'199, 50), numbered(backward(), 1'000, 7), numbered(backward(), 1'000, 7)}),
            bytes(150, 7));
}

TEST(RetransmissionBytes, ASynAgainHasNone) {
  EXPECT_EQ(row_of("retransmission_bytes", {forward().flags(kSyn).seq(9), forward().flags(kSyn).seq(9)}), bytes(0, 0));
}

// A keep-alive of one byte repeats nothing (erratum R26).
TEST(RetransmissionBytes, KeepAlivesHaveNone) {
  EXPECT_EQ(row_of("retransmission_bytes", {numbered(forward(), 1'000, 100), numbered(forward(), 1'099, 1)}),
            bytes(0, 0));
}

}  // namespace
}  // namespace flowgauge::test
