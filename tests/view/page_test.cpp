// Whole pages, as a person sees them.
#include "core/view/page.h"

#include <gtest/gtest.h>

#include <string>

namespace flowgauge::test {
namespace {

using namespace std::chrono_literals;

std::string text_of(const std::vector<PageLine>& lines) {
  std::string text;
  for (const PageLine& line : lines) {
    std::string row;
    for (const Segment& segment : line) row += segment.text;
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + "\n";
  }
  return text;
}

RunStatus live_status() {
  RunStatus status;
  status.elapsed = 0s;
  status.interfaces = {{.interface = "eth0", .direction = TrafficDirection::kIngress},
                       {.interface = "eth0", .direction = TrafficDirection::kEgress}};
  status.workers.resize(2);
  status.outputs = {{.schema = "rustiflow", .path = "flows.csv"}};
  status.memory_bytes = 100 << 20;
  return status;
}

// 0 s, then 1 s later with traffic.
RunPicture live_picture() {
  RunPicture picture;
  RunStatus status = live_status();
  picture.add(status);
  status.elapsed = 1s;
  status.time_ns = 1'000'000'000;
  status.rings = {{500, 4'000}, {0, 4'000}};
  status.workers[0].clock_ns = 899'000'000;
  status.interfaces[0].seen = 1'234'000;
  status.interfaces[1].seen = 567;
  status.workers[0].open_flows = 1'200;
  status.workers[0].flows = {.packets = 1'234'000, .bytes = 1'250'000'000, .flows = 1'500, .ended = {250, 0, 49, 1}};
  status.workers[1].open_flows = 1;
  status.workers[1].flows = {.packets = 567, .flows = 1};
  status.outputs[0].rows = 300;
  status.lag.clock = 101ms;
  status.lag.rows = 1;
  status.traffic.shares = {{{.address = {10, 0, 0, 1}, .ip_version = 4}, 1'250'000'000},
                           {{.address = {10, 0, 0, 2}, .ip_version = 4}, 1'000'000'000},
                           {{.port = 443, .protocol = 6}, 1'000'000'000},
                           {{.port = 53, .protocol = 17}, 250'000'000}};
  picture.add(status);
  return picture;
}

TEST(Page, LiveTraffic) {
  const PageChoices choices{.title = "eth0", .messages = {"flowgauge: warning: first", "second"}};
  EXPECT_EQ(text_of(page_of(live_picture(), choices, {})),
            R"( flowgauge  eth0                                                   running 0:01
packets/s        1.23 M                                                        █
bits/s           10.0 G                                                        █
lost                  0
flows      1,201 active, 1.50 k new/s, 300 ended/s
ended      idle_timeout 250, fin 49, rst 1
run        100.0 MiB memory, 101 ms behind the wire, 1 row waiting to be written
lane 0     ring 12 %, 101 ms, 1,200 flows active, 1,234,000 packets in flows
lane 1     ring 0 %, 1 flow active, 567 packets in flows
eth0       in  1,234,000 packets seen, 0 lost
eth0       out 567 packets seen, 0 lost
output     300 rows of rustiflow to flows.csv

address                          bits/s service                          bits/s
10.0.0.1                         2.83 G tcp/443 web                      2.27 G
10.0.0.2                         2.27 G udp/53 dns                        567 M





flowgauge: warning: first
second
 q leave view  p pause  s sort by name  / filter  Ctrl-C end run
)");
}

TEST(Page, LossesAndPauseAreSeen) {
  RunPicture picture = live_picture();
  RunStatus status = picture.status();
  status.elapsed = 2s;
  status.interfaces[0].ring_full = 1'000;
  status.workers[0].ring_drops = 1'000;
  status.traffic = {};
  picture.add(status);
  const PageChoices choices{.title = "eth0",
                            .glyphs = Glyphs::kAscii,
                            .motion = Motion::kPaused,
                            .order = TalkerOrder::kName,
                            .filter = "0.2"};
  const std::vector<PageLine> lines = page_of(picture, choices, {.columns = 60, .rows = 19});
  EXPECT_EQ(text_of(lines),
            R"( flowgauge  eth0                                PAUSED 0:02
packets/s             0                                   #
bits/s                0                                   #
lost/s           1.00 k                                    #
lost       1,000 of 1,234,567 packets
flows      1,201 active, 0 new/s, 0 ended/s
ended      idle_timeout 250, fin 49, rst 1
run        100.0 MiB memory, 101 ms behind the wire, 1 row w
lane 0     ring 12 %, 101 ms, 1,200 flows active, 1,234,000
lane 1     ring 0 %, 1 flow active, 567 packets in flows
eth0       in  1,234,000 packets seen, 1,000 lost
eth0       out 567 packets seen, 0 lost
output     300 rows of rustiflow to flows.csv

address                                              bits/s
10.0.0.2                                             1.62 G


 q leave view  p go on  s sort by bits/s  / filter (0.2)  Ct
)");
  EXPECT_EQ(lines[4][1].style, Style::kWarning);
}

TEST(Page, WhatASinkTellsStandsBelowItsOutput) {
  RunPicture picture;
  RunStatus status = live_status();
  status.outputs[0].conditions = {{.name = "is_over", .text = "nothing"},
                                  {.name = "server_away", .text = "it is gone", .holds = true}};
  picture.add(status);
  EXPECT_NE(text_of(page_of(picture, {.title = "eth0"}, {}))
                .find("output     0 rows of rustiflow to flows.csv\n           it is gone\n"),
            std::string::npos);
}

TEST(Page, FilesHaveABar) {
  RunPicture picture;
  RunStatus status;
  status.workers.resize(1);
  status.files = SourceProgress{
      .bytes_read = 25 << 20, .bytes_total = 100 << 20, .input = "a\x1b[2Jb.pcap", .inputs_begun = 2, .inputs = 3};
  status.outputs.resize(6, {.schema = "basic", .path = "-"});
  picture.add(status);
  EXPECT_EQ(text_of(page_of(picture, {.title = "3 inputs"}, {.columns = 80, .rows = 16})),
            R"( flowgauge  3 inputs                                               running 0:00
packets/s             0
bits/s                0
flows      0 active, 0 new/s, 0 ended/s
ended      none yet
run        0 B memory, 0 rows waiting to be written
read       █████░░░░░░░░░░░░░░░  25 % of 100.0 MiB, file 2 of 3: a\x1b[2Jb.pcap
output     0 rows of basic to standard output
output     0 rows of basic to standard output
output     0 rows of basic to standard output
           and 3 more outputs

address                          bits/s service                          bits/s


 q leave view  p pause  s sort by name  / filter  Ctrl-C end run
)");
}

TEST(Page, IsNeverLargerThanTheScreen) {
  PageChoices choices{.title = std::string(300, 't'), .filter = std::string(300, 'f')};
  for (int i = 0; i < 9; ++i) choices.messages.push_back(std::string(300, 'm'));
  for (const PageSize size :
       {PageSize{1, 1}, PageSize{40, 10}, PageSize{80, 11}, PageSize{200, 60}, PageSize{39, 100}}) {
    const auto lines = page_of(live_picture(), choices, size);
    EXPECT_LE(lines.size(), size.rows);
    for (const PageLine& line : lines) {
      std::size_t columns = 0;
      for (const Segment& segment : line) columns += columns_of(segment.text);
      EXPECT_LE(columns, size.columns);
    }
  }
}

TEST(Page, ASmallScreenStillSaysTheRate) {
  EXPECT_EQ(text_of(page_of(live_picture(), {.title = "eth0"}, {.columns = 50, .rows = 3})),
            "1.23 M packets/s; this screen is too small\n");
}

}  // namespace
}  // namespace flowgauge::test
