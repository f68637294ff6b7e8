// Every feature in the plugin folder, and traffic for all of them.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "tests/features/random_packets.h"

namespace flowgauge::test {

inline constexpr std::size_t kFlows = 24;
inline constexpr std::size_t kPackets = 24 * kFlows;

inline const std::vector<const fg_feature*>& built_features() {
  static const std::vector<const fg_feature*> kFeatures = [] {
    std::set<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator(FLOWGAUGE_BINARY_DIR "/lib/flowgauge/plugins")) {
      if (file.path().extension() == ".so") files.insert(file.path());
    }
    std::vector<const fg_feature*> found;
    for (const auto& file : files) {
      const fg_module& module = load_module(file);
      found.insert(found.end(), module.features, module.features + module.feature_count);
    }
    return found;
  }();
  return kFeatures;
}

// Fields that a packet of its protocol has; what is in them is by chance, and odd more often than on a wire.
inline TestPacket any_packet(Chance& chance, std::uint8_t protocol) {
  TestPacket packet = chance.one_in(3) ? backward() : forward();
  packet.protocol(protocol);
  const auto payload = static_cast<std::uint32_t>(chance.one_in(4) ? 0 : chance.below(1'461));
  if (chance.one_in(16)) return packet.length(20 + payload).payload_length(payload).mark(FG_MARK_LATER_FRAGMENT);
  if (protocol == kTcpProtocol) {
    packet.header(static_cast<std::uint8_t>(20 + 4 * chance.below(11)))
        .flags(static_cast<std::uint8_t>(chance.below(256)));
    packet.seq(0xffff'fc00U + static_cast<std::uint32_t>(chance.below(2'048)))
        .ack(static_cast<std::uint32_t>(chance.below(2)));
    packet.window(chance.any_of<std::uint16_t>({0, 1, 501, 65'535}));
    if (chance.one_in(3)) packet.flags(kAck);
  } else if (protocol == kUdpProtocol) {
    packet.header(8);
  } else if (protocol == 1) {
    packet.icmp(static_cast<std::uint8_t>(chance.below(13)), static_cast<std::uint8_t>(chance.below(16)));
  } else if (protocol == 58) {
    packet.icmpv6(static_cast<std::uint8_t>(chance.any_of<int>({1, 2, 3, 4, 128, 129, 255})), 0);
  }
  return packet.payload_length(payload).length(20 + packet.fields.l4_header_bytes + payload);
}

// Interleaved flows of several protocols; the first flow has one packet, the next two have one direction.
inline const std::vector<TestPacket>& packets() {
  static const std::vector<TestPacket> kList = [] {
    Chance chance(7);
    std::vector<TestPacket> all;
    std::vector<std::int64_t> now_ns(kFlows);
    for (std::size_t flow = 0; flow < kFlows; ++flow) all.push_back(forward().of(flow));
    while (all.size() < kPackets) {
      const std::size_t flow = 1 + chance.below(kFlows - 1);
      const auto protocol = std::vector<std::uint8_t>{6, 6, 6, 17, 1, 58, 132}[flow % 7];
      TestPacket packet = any_packet(chance, protocol).of(flow).at(now_ns[flow] = next_time(chance, now_ns[flow]));
      if (flow <= 2) packet.fields.direction = FG_FORWARD;
      all.push_back(packet);
    }
    return all;
  }();
  return kList;
}

// Those of one flow, as flow 0.
inline std::vector<TestPacket> packets_of(std::size_t flow) {
  std::vector<TestPacket> own;
  for (const TestPacket& packet : packets()) {
    if (packet.flow == flow) own.push_back(TestPacket(packet).of(0));
  }
  return own;
}

}  // namespace flowgauge::test
