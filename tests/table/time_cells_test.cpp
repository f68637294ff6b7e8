// Which columns are absolute times, and in which form they show them.
#include "core/table/time_cells.h"

#include <gtest/gtest.h>

#include "tests/table/lab.h"

namespace flowgauge {
namespace {

struct Row {
  std::string_view expression;
  std::string_view form;
};

TEST(TimeCells, AreThoseThatAreNothingButATime) {
  const Lab lab;
  for (const auto& [expression, form] : {
           Row{"flow.first_seen", "ns"},
           Row{"timing.bwd_last", "ns"},
           Row{"floor(flow.first_seen, ns)", "ns"},
           Row{"floor(flow.first_seen, us)", "us"},
           Row{"us(flow.first_seen)", "us"},
           Row{"ms(timing.fwd_first)", "ms"},
           Row{"s(flow.last_seen)", "s"},
           Row{"flow.last_seen / 1000", "us"},
           Row{"floor(timing.fwd_first, us) / 1000", "ms"},
           Row{"trunc_div(floor(flow.first_seen, us), 1000)", "ms"},
           Row{"trunc_div(floor(flow.first_seen, us), 1000000)", "s"},
           Row{"trunc_div(trunc_div(flow.first_seen, 1000000), 1000)", "s"},
           Row{"flow.last_seen / 1", "ns"},
           Row{"time_text(flow.first_seen)", "text"},
           Row{"time_text(floor(timing.fwd_first, s))", "text"},
           // Of class time, and no times.
           Row{"flow.last_seen - flow.first_seen", ""},
           Row{"elapsed(flow.first_seen, flow.last_seen, us)", ""},
           Row{"-flow.first_seen", ""},
           Row{"abs(flow.first_seen)", ""},
           Row{"flow.first_seen / 10", ""},
           Row{"flow.first_seen / -1000", ""},
           Row{"flow.first_seen / 1000.0", ""},
           Row{"flow.first_seen / flow.last_seen", ""},
           Row{"1000 / flow.first_seen", ""},
           Row{"floor(floor(flow.first_seen, us), us)", ""},
           Row{"us(us(flow.first_seen))", ""},
           Row{"floor(flow.first_seen, s) / 1000", ""},
           Row{"flow.first_seen / 1000000000 / 1000000000 / 1000000000", ""},
           Row{"flow.first_seen / 18446744073709551615", ""},
           Row{"time_text(misc.i)", ""},
           Row{"time_text(flow.last_seen - flow.first_seen)", ""},
           Row{"prefix(time_text(flow.first_seen), 10)", ""},
           // A plugin's integer may be a constant, whatever its class.
           Row{"misc.clock", ""},
           Row{"misc.u", ""},
           Row{"flow.src_ip", ""},
           Row{"flow.none", ""},
           Row{"", ""},
       })
    EXPECT_EQ(time_cells(expression, lab.catalog()), form) << expression;
}

}  // namespace
}  // namespace flowgauge
