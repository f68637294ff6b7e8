#include "core/monitor/stats_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/monitor/made_status.h"

namespace flowgauge::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

RunStatus at(std::chrono::nanoseconds elapsed, std::uint64_t packets) {
  RunStatus status = live_status(elapsed);
  status.ledger.frames_read = packets + 1;
  status.ledger.by_reason[PACKET_NOT_IP] = 1;
  status.interfaces[0].seen = packets;
  status.interfaces[0].ring_full = packets / 10;
  status.workers[1].flows.packets = packets;
  status.workers[1].flows.bytes = packets * 100;
  status.outputs[0].rows = packets / 2;
  status.rings = {{512, 65'536}, {0, 65'536}};
  status.host.links[0].rx_bytes = 60 * packets;
  status.lag.clock = 150ms;
  status.counters = {{"tls", "handshakes", FG_UNIT_COUNT, packets}};
  return status;
}

TEST(StatsLine, HasTotalsDifferencesAndRates) {
  const RunStatus before = at(2s, 100);
  RunStatus now = at(4s, 1100);
  now.outputs[0].conditions = {
      {.name = "server_away", .text = "it is \"gone\"", .holds = true, .times = 2, .since_ns = kBeginNs},
      {.name = "is_over", .text = "nothing"}};
  constexpr std::array<std::string_view, 1> kConditions = {"ring_full"};
  const std::string line = stats_line({.before = &before, .now = &now, .is_last = false, .conditions = kConditions});
  for (
      const char* part :
      {R"({"time":"2026-08-03T20:30:04.000Z","elapsed":4.000000,"interval":2.000000,"phase":"running","conditions":["ring_full"],)",
       R"("frames":{"total":1101,"new":1000,"per_second":500.000000})",
       R"("packets":{"total":1100,"new":1000,"per_second":500.000000})",
       R"("bytes":{"total":110000,"new":100000,"per_second":50000.000000})",
       R"("lost":{"total":110,"new":100,"per_second":50.000000})",
       R"("ignored":{"not_ip":{"total":1,"new":0,"per_second":0.000000}})",
       R"({"schema":"basic","path":"flows.csv","rows":{"total":550,"new":500,"per_second":250.000000},"conditions":[{"condition":"server_away","since":"2026-08-03T20:30:00.000Z","text":"it is \"gone\""}]})",
       R"({"interface":"eth0","direction":"ingress","seen":{"total":1100,"new":1000,)",
       R"("links":[{"interface":"eth0","rx_packets":{"total":0,)", R"("rx_bytes":{"total":66000,"new":60000,)",
       R"("softnet_dropped":{"total":0,"new":0,"per_second":0.000000})",
       R"({"lane":0,"packets":{"total":0,"new":0,"per_second":0.000000},)",
       R"("flows_active":0,"ring_used_bytes":512,"ring_bytes":65536,"lag":0.150000})",
       R"({"feature":"tls","counter":"handshakes","unit":"count","value":{"total":1100,"new":1000,"per_second":500.000000}})"})
    EXPECT_THAT(line, HasSubstr(part));
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(StatsLine, TheFirstOneCountsFromTheBeginning) {
  const RunStatus now = at(0s, 5);
  const std::string line = stats_line({.now = &now, .is_last = true, .conditions = {}});
  EXPECT_THAT(line, HasSubstr(R"("interval":0.000000,"phase":"done","conditions":[])"));
  EXPECT_THAT(line, HasSubstr(R"("packets":{"total":5,"new":5,"per_second":0.000000})")) << "no rate of no time";
}

TEST(StatsLine, OfFilesHasInputsAndNoInterfaces) {
  RunStatus now;
  now.files = SourceProgress{.bytes_read = 5, .bytes_total = 10, .input = "a\"b", .inputs_begun = 1, .inputs = 2};
  const std::string line = stats_line({.now = &now, .is_last = false, .conditions = {}});
  EXPECT_THAT(line, HasSubstr(R"("inputs":{"reading":"a\"b","begun":1,"all":2,"bytes_read":5,"bytes":10})"));
  EXPECT_THAT(line, HasSubstr(R"("lag":null)"));
  EXPECT_THAT(line, Not(HasSubstr("interfaces")));
  EXPECT_THAT(line, Not(HasSubstr("lost")));
}

}  // namespace
}  // namespace flowgauge::test
