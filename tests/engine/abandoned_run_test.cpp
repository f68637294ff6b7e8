// A run whose rows nobody wants any more: its flows end all the same, and the ledger balances.
#include <gtest/gtest.h>

#include <string>

#include "core/base/stop_request.h"
#include "core/engine/plan.h"
#include "core/engine/shard.h"
#include "core/ingest/input_list.h"
#include "core/ingest/pcap_source.h"

namespace flowgauge {
namespace {

struct Done {
  std::uint64_t handed_on = 0;  // rows
  ShardCounters counters;
};

// Reads the demonstration capture; the request is abandoned, if at all, before the flows that are left end.
Done run(bool abandons) {
  Profile profile;
  profile.exporters.resize(1);
  profile.exporters[0].schema.value = "nfstream";
  const auto plan = make_plan(profile, {});
  EXPECT_TRUE(plan) << plan.error().message;
  const std::string path = FLOWGAUGE_SOURCE_DIR "/fixtures/demo.pcap";
  const auto listed = expand_inputs({&path, 1});
  auto source = PcapSource::create({.inputs = listed.value().inputs, .filter = {}});
  auto shard = Shard::create(**plan, 0, 1);
  EXPECT_TRUE(source && shard);
  StopRequest stop;
  (*shard)->obey(stop);
  Done done;
  const auto count = [&](const ShardRows& rows, Shard::Portion) { done.handed_on += rows.order.size(); };
  EventBlock block;
  for (bool more = true; more;) {
    more = (*source)->read(block) == SourceState::kMore;
    (*shard)->process(block, count);
  }
  if (abandons) stop.abandon();
  (*shard)->drain(count);
  EXPECT_FALSE((*shard)->error());
  done.counters = (*shard)->counters();
  return done;
}

TEST(AbandonedRun, MakesNoRowsAndCountsAllPackets) {
  const Done whole = run(false);
  EXPECT_EQ(whole.handed_on, 16U);
  EXPECT_EQ(whole.counters.rows, 16U);
  const Done abandoned = run(true);
  EXPECT_LT(abandoned.handed_on, whole.handed_on);
  EXPECT_EQ(abandoned.counters.rows, abandoned.handed_on);
  EXPECT_EQ(abandoned.counters.packets_in_rows, whole.counters.packets_in_rows);
  EXPECT_EQ(abandoned.counters.flows.flows, whole.counters.flows.flows);
  EXPECT_EQ(abandoned.counters.flows.ended, whole.counters.flows.ended);
}

TEST(AbandonedRun, IsARequestToStop) {
  StopRequest stop;
  EXPECT_FALSE(stop.abandoned());
  EXPECT_TRUE(stop.abandon());
  EXPECT_TRUE(stop.abandoned() && stop.requested());
  EXPECT_FALSE(stop.abandon()) << "it was made already";
  StopRequest other;
  other.request();
  EXPECT_FALSE(other.abandoned());
}

}  // namespace
}  // namespace flowgauge
