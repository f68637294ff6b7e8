// The whole text of a summary, and what a page makes of hostile tables.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/summary/summary_forms.h"
#include "tests/summary/made_table.h"

namespace flowgauge::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kTable =
    "timestamp,protocol,destination_port,duration,note\n"
    "2026-08-03 20:00:00 UTC,6,443,0,\n"
    "2026-08-03 20:00:10 UTC,6,443,1500,\n"
    "2026-08-03 20:00:20 UTC,17,53,250,\n"
    "2026-08-03 20:01:00 UTC,6,22,3000000,\n";

std::string text_of(const MadeTable& table, Glyphs glyphs) {
  auto summary = table.summary();
  summary->files.front().name = "t.csv";
  return summary_text(*summary, {.width = 80, .glyphs = glyphs});
}

TEST(SummaryText, IsThis) {
  EXPECT_EQ(text_of(MadeTable(kTable), Glyphs::kAscii), R"(Rows and span
  table    t.csv (CSV)
  rows     4 rows of 5 columns
  span     2026-08-03T20:00:00.000Z to 2026-08-03T20:01:00.000Z, 1 min 0 s
           (column timestamp)
  rows by  #        #         #                                       #
  time     1.01 s each

Protocols
  tcp                                   3   75.0 % #############################
  udp                                   1   25.0 % ##########

Services (by protocol and destination port)
  tcp/443 web                           2   50.0 % #############################
  tcp/22 shell                          1   25.0 % ###############
  udp/53 dns                            1   25.0 % ###############

Columns (figures rounded, median within 0.8 %; bars by size, 0 first)
  name               type  missing      min   median     mean      max
  timestamp          time          2026-08-03T20:00:00 to 2026-08-03T20:01:00
  protocol           whole                6        6     8.75       17 #    -
  destination_port   whole               22       53    240.2      443 = =    #
  duration           whole                0      251  750,438  3000000 #=     =
  note               empty 100.0 %

Suspicious
  ! 1 column has no value in any row: note.
    What they are made of was not there, or the run could not see it. Leave them
    out, or look at the profile.
  - 1 flow (25.0 %) lasted no time.
    Rates over the duration are 0 for them, not infinite. A model may take that
    for slow.
)");
}

TEST(SummaryText, NoLineIsWiderThanItsTerminal) {
  for (const std::size_t width : {72, 80, 120, 160}) {
    const auto summary = MadeTable(kTable).summary();
    const std::string text = summary_text(*summary, {.width = width, .glyphs = Glyphs::kAscii});
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = text.find('\n', begin);
      const std::string line = text.substr(begin, end - begin);
      if (!line.starts_with("  table ")) {
        EXPECT_LE(line.size(), width) << line;
      }
      begin = end + 1;
    }
  }
}

TEST(SummaryText, ForeignTextSteersNoTerminal) {
  const std::string text = text_of(MadeTable("a\x1b[2Jb,\"c\nd\"\n\x1b]0;x\x07,2\n"), Glyphs::kBlocks);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("a\\x1b[2Jb"));
}

TEST(SummaryPage, ForeignTextIsText) {
  const auto summary =
      MadeTable("<script>alert(1)</script>,\"\"\"><img src=x>\",b\xff\x01\n<b>&,'x',2\n<b>&,'x',3\n").summary();
  ASSERT_TRUE(summary) << summary.error().message;
  const std::string page = summary_page(*summary);
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("<b>")));
  EXPECT_THAT(page, Not(HasSubstr("\x01")));
  EXPECT_THAT(page, Not(HasSubstr("\xff")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_THAT(page, HasSubstr("data-name=\"&quot;&gt;&lt;img src=x&gt;\""));
}

}  // namespace
}  // namespace flowgauge::test
