#include "core/monitor/metrics_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/monitor/made_status.h"

namespace flowgauge::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

RunStatus busy_status() {
  RunStatus status = live_status(4s);
  status.interfaces[0].seen = 12;
  status.interfaces[1].ring_full = 3;
  status.interfaces[1].blind = 1500ms;
  status.workers[1].flows.packets = 9;
  status.rings = {{512, 65'536}, {0, 65'536}};
  status.outputs[0].rows = 7;
  status.outputs[0].path = "a \"b\"\\c\n\xff.csv";
  status.outputs[1].conditions = {{.name = "server_away", .text = "it is gone", .holds = true}, {.name = "is_over"}};
  status.host.links[0].rx_missed = 5;
  status.lag.clock = 150ms;
  status.counters = {{"tls", "handshakes", FG_UNIT_COUNT, 11}};
  set_evictions(status, 2);
  return status;
}

TEST(MetricsText, HasEachNumberWithItsLabels) {
  constexpr std::array<std::string_view, 1> kConditions = {"lag"};
  const std::string text = metrics_text(busy_status(), kConditions);
  for (const char* line :
       {"flowgauge_elapsed_seconds 4.000000\n",
        "flowgauge_packets_total 9\n",
        "flowgauge_condition{condition=\"lag\"} 1\n",
        "flowgauge_condition{condition=\"ring_full\"} 0\n",
        "flowgauge_flows_ended_total{reason=\"lack_of_resources\"} 2\n",
        "flowgauge_output_rows_total{output=\"0\",schema=\"basic\",path=\"a \\\"b\\\"\\\\c\\n\xef\xbf\xbd.csv\"} 7\n",
        "flowgauge_output_rows_total{output=\"1\",schema=\"cic\",path=\"-\"} 0\n",
        "flowgauge_output_condition{output=\"1\",schema=\"cic\",path=\"-\",condition=\"server_away\"} 1\n",
        "flowgauge_output_condition{output=\"1\",schema=\"cic\",path=\"-\",condition=\"is_over\"} 0\n",
        "flowgauge_interface_seen_frames_total{interface=\"eth0\",direction=\"ingress\"} 12\n",
        "flowgauge_interface_ring_full_packets_total{interface=\"eth0\",direction=\"egress\"} 3\n",
        "flowgauge_interface_blind_seconds_total{interface=\"eth0\",direction=\"egress\"} 1.500000\n",
        "flowgauge_link_rx_missed_total{interface=\"eth0\"} 5\n",
        "flowgauge_softnet_dropped_total 0\n",
        "flowgauge_lag_seconds 0.150000\n",
        "flowgauge_lane_packets_total{lane=\"1\"} 9\n",
        "flowgauge_lane_lag_seconds{lane=\"0\"} 0.150000\n",
        "flowgauge_lane_ring_used_bytes{lane=\"0\"} 512\n",
        "flowgauge_lane_ring_bytes{lane=\"1\"} 65536\n",
        "flowgauge_feature_total{feature=\"tls\",counter=\"handshakes\",unit=\"count\"} 11\n"})
    EXPECT_THAT(text, HasSubstr(line));
}

// Every family is documented, and each page's name is given by some run.
TEST(MetricsText, IsWhatThePageSays) {
  RunStatus files = live_status(1s);
  files.interfaces.clear();
  files.files = SourceProgress{};
  std::set<std::string> given;
  for (const RunStatus& status : {busy_status(), files}) {
    std::istringstream lines(metrics_text(status, {}));
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("# TYPE ")) continue;
      const std::string name = line.substr(7, line.rfind(' ') - 7);
      EXPECT_EQ(line.ends_with(" counter"), name.ends_with("_total")) << name;
      given.insert(name);
    }
  }
  std::set<std::string> documented;
  const std::string page = [] {
    std::ostringstream text;
    text << std::ifstream(FLOWGAUGE_SOURCE_DIR "/docs/monitoring.md").rdbuf();
    return text.str();
  }();
  for (std::size_t at = page.find("`flowgauge_"); at != std::string::npos; at = page.find("`flowgauge_", at + 1)) {
    const std::string name = page.substr(at + 1, page.find_first_of("`{", at + 1) - at - 1);
    documented.insert(name);
  }
  EXPECT_EQ(given, documented);
}

}  // namespace
}  // namespace flowgauge::test
