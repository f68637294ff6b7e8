// What follows from statuses that come after each other.
#include "core/view/run_picture.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace flowgauge::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

RunStatus at(std::chrono::nanoseconds elapsed) {
  RunStatus status;
  status.elapsed = elapsed;
  return status;
}

TrafficKey address(std::uint8_t last) { return {.address = {10, 0, 0, last}, .ip_version = 4}; }
TrafficKey service(std::uint8_t protocol, std::uint16_t port) { return {.port = port, .protocol = protocol}; }

std::vector<std::string> texts(const std::vector<TalkerRate>& talkers) {
  std::vector<std::string> texts;
  for (const TalkerRate& talker : talkers) texts.push_back(fmt::format("{} {:.0f}", name_of(talker.key), talker.bits));
  return texts;
}

TEST(RunPicture, CountsWhatInterfacesShowed) {
  RunPicture picture;
  RunStatus status = at(0s);
  status.interfaces = {{.interface = "eth0", .seen = 100, .ring_full = 5},
                       {.interface = "eth0", .seen = 10, .lost_before = 1}};
  picture.add(status);
  status.elapsed = 2s;
  status.interfaces[0].seen = 300;
  status.interfaces[1].lost_before = 9;
  picture.add(status);
  EXPECT_EQ(picture.packets_seen(), 310U);
  EXPECT_EQ(picture.packets_lost(), 14U);
  EXPECT_EQ(picture.packets().now(), 100);
  EXPECT_EQ(picture.lost().now(), 4);
}

TEST(RunPicture, CountsFramesOfFiles) {
  RunPicture picture;
  picture.add(at(0s));
  RunStatus status = at(1s);
  status.ledger.frames_read = 1'000;
  status.workers.resize(2);
  status.workers[0].flows = {.bytes = 200, .flows = 7, .ended = {1, 2}};
  status.workers[1].flows = {.bytes = 300, .flows = 3, .ended = {0, 0, 4}};
  picture.add(status);
  EXPECT_EQ(picture.packets().now(), 1'000);
  EXPECT_EQ(picture.bits().now(), 4'000);
  EXPECT_EQ(picture.new_flows().now(), 10);
  EXPECT_EQ(picture.ended_flows().now(), 7);
}

TEST(RunPicture, WhoMovesMostIsFirst) {
  RunPicture picture;
  picture.add(at(0s));
  RunStatus status = at(1s);
  status.traffic.shares = {{address(1), 100},         {address(2), 1'000}, {service(6, 443), 1'000},
                           {service(17, 40'000), 90}, {service(1, 0), 10}, {service(200, 0), 5}};
  picture.add(status);
  // Of three seconds, of which one is known.
  const double part = 8 * (1 - std::exp(-1.0 / 3));
  EXPECT_THAT(texts(picture.addresses()),
              ElementsAre(fmt::format("10.0.0.2 {:.0f}", 1'000 * part), fmt::format("10.0.0.1 {:.0f}", 100 * part)));
  EXPECT_THAT(texts(picture.services()),
              ElementsAre(fmt::format("tcp/443 web {:.0f}", 1'000 * part), fmt::format("udp/40000 {:.0f}", 90 * part),
                          fmt::format("icmp {:.0f}", 10 * part), fmt::format("protocol 200 {:.0f}", 5 * part)));
}

TEST(RunPicture, ASteadyRateIsReached) {
  RunPicture picture;
  for (int i = 0; i <= 200; ++i) {
    RunStatus status = at(i * 200ms);
    if (i > 0) status.traffic.shares = {{address(1), 25'000}};  // in 0.2 s: a million bits a second
    picture.add(status);
  }
  EXPECT_THAT(texts(picture.addresses()), ElementsAre("10.0.0.1 999998"));
  for (int i = 0; i < 300; ++i) picture.add(at(41s + i * 200ms));
  EXPECT_THAT(picture.addresses(), testing::IsEmpty());  // forgotten
}

}  // namespace
}  // namespace flowgauge::test
