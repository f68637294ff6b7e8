// What features are shown, when they are called, and what a failure leaves behind.
#include "core/plugin/feature_set.h"

#include <gtest/gtest.h>

#include <list>
#include <stdexcept>

#include "tests/plugin/memory_feature.h"
#include "tests/support/collected_log.h"

namespace flowgauge {
namespace {

using test::FeatureSpec;
using test::made_feature;

// What the functions of the features below have met; plain functions have no other place.
struct Seen {
  std::vector<std::string> calls;
  fg_batch batch{};
  fg_emit emit{};
  std::vector<std::uint32_t> payload_sizes;
  std::vector<unsigned char*> released;
  std::uint32_t worker = 0;
  std::string running;
  const fg_host* host = nullptr;
};
Seen* seen = nullptr;

class FeatureSetTest : public ::testing::Test {
 protected:
  void SetUp() override { seen = &seen_; }
  void TearDown() override { seen = nullptr; }

  // Of features that stay with the test.
  std::unique_ptr<FeatureSet> set_of(std::vector<Feature> features, std::uint32_t base_bytes = 64) {
    features_.push_back(std::move(features));
    std::vector<ActiveFeature> active;
    for (const Feature& feature : features_.back()) active.push_back({&feature, {}});
    layout_ = lay_out_record(std::span<const ActiveFeature>(active), base_bytes);
    auto set = FeatureSet::create(std::move(active), layout_, 3);
    if (!set) {
      message_ = set.error().message;
      return nullptr;
    }
    return *std::move(set);
  }

  Seen seen_;
  std::list<std::vector<Feature>> features_;  // outlive the sets
  RecordLayout layout_;
  std::string message_;
};

Feature observer(const FeatureSpec& spec) {
  Feature feature = made_feature(spec);
  feature.table.update = [](void*, const fg_batch* batch) -> fg_status {
    seen->calls.emplace_back("update");
    seen->batch = *batch;
    seen->payload_sizes.clear();
    for (std::uint32_t i = 0; batch->payloads != nullptr && i < batch->count; ++i) {
      const auto* payload =
          reinterpret_cast<const fg_payload*>(batch->payloads + std::size_t{i} * batch->payload_stride);
      seen->payload_sizes.push_back(payload->size_bytes);
    }
    seen->running = running_call() == nullptr ? "none"
                                              : std::string(running_call()->path) + " " + running_call()->feature +
                                                    " " + running_call()->call;
    return FG_OK;
  };
  feature.table.emit = [](void*, const fg_emit* emit) -> fg_status {
    seen->calls.emplace_back("emit");
    seen->emit = *emit;
    return FG_OK;
  };
  feature.table.release = [](void*, const fg_flows* flows) {
    seen->calls.emplace_back("release");
    for (std::uint32_t i = 0; i < flows->count; ++i) seen->released.push_back(flows->records[i] + flows->state_offset);
  };
  return feature;
}

std::unique_ptr<PacketBatch> batch_of(std::uint32_t count) {
  auto batch = std::make_unique<PacketBatch>();
  batch->count = count;
  return batch;
}

FlowViews views_of(std::size_t count) {
  FlowViews views;
  views.records.resize(count);
  views.flows.resize(count);
  views.keys.resize(count);
  views.first_seen_ns.resize(count);
  views.tags.resize(count);
  views.start_ns.resize(count);
  return views;
}

TEST_F(FeatureSetTest, WithoutNeedsNothingElseIsSeen) {
  const auto set = set_of({observer({})});
  const auto batch = batch_of(5);
  ASSERT_TRUE(set->update(*batch));
  EXPECT_EQ(seen_.batch.struct_size, sizeof(fg_batch));
  EXPECT_EQ(seen_.batch.count, 5u);
  EXPECT_EQ(seen_.batch.packets, reinterpret_cast<const unsigned char*>(batch->packets.data()));
  EXPECT_EQ(seen_.batch.records, batch->records.data());
  EXPECT_EQ(seen_.batch.packet_stride, sizeof(fg_packet));
  EXPECT_EQ(seen_.batch.state_offset, layout_.state_offsets[0]);
  EXPECT_EQ(seen_.batch.keys, nullptr);
  EXPECT_EQ(seen_.batch.timestamps_ns, nullptr);
  EXPECT_EQ(seen_.batch.tags, nullptr);
  EXPECT_EQ(seen_.batch.payloads, nullptr);

  std::uint64_t cell = 0;
  const fg_vector vector{&cell, nullptr};
  const std::span<const fg_vector> columns[] = {{&vector, 1}};
  Arena arena;
  ASSERT_TRUE(set->emit(views_of(1), columns, arena));
  EXPECT_EQ(seen_.emit.row_count, 1u);
  EXPECT_EQ(seen_.emit.keys, nullptr);
  EXPECT_EQ(seen_.emit.first_seen_ns, nullptr);
  EXPECT_EQ(seen_.emit.tags, nullptr);
  EXPECT_NE(seen_.emit.flows, nullptr);
}

TEST_F(FeatureSetTest, EachNeedShowsItsArrayAndNoOther) {
  struct Case {
    fg_needs needs;
    bool keys, times, tags, payloads;
  };
  for (const Case& one :
       {Case{FG_NEEDS_KEY, true, false, false, false}, Case{FG_NEEDS_TIME, false, true, false, false},
        Case{FG_NEEDS_TAGS, false, false, true, false}, Case{FG_NEEDS_PAYLOAD, false, false, false, true}}) {
    const auto set = set_of({observer({.needs = one.needs, .payload_bytes = one.payloads ? 4u : 0u})});
    ASSERT_TRUE(set->update(*batch_of(1)));
    EXPECT_EQ(seen_.batch.keys != nullptr, one.keys);
    EXPECT_EQ(seen_.batch.timestamps_ns != nullptr, one.times);
    EXPECT_EQ(seen_.batch.tags != nullptr, one.tags);
    EXPECT_EQ(seen_.batch.payloads != nullptr, one.payloads);
    std::uint64_t cell = 0;
    const fg_vector vector{&cell, nullptr};
    const std::span<const fg_vector> columns[] = {{&vector, 1}};
    Arena arena;
    ASSERT_TRUE(set->emit(views_of(1), columns, arena));
    EXPECT_EQ(seen_.emit.keys != nullptr, one.keys);
    EXPECT_EQ(seen_.emit.first_seen_ns != nullptr, one.times);
    EXPECT_EQ(seen_.emit.tags != nullptr, one.tags);
  }
}

TEST_F(FeatureSetTest, PayloadIsCutToWhatEachAskedFor) {
  std::vector<Feature> features;
  features.push_back(made_feature({.name = "long", .needs = FG_NEEDS_PAYLOAD, .payload_bytes = 100}));
  features.push_back(observer({.name = "short", .needs = FG_NEEDS_PAYLOAD, .payload_bytes = 16}));
  const auto set = set_of(std::move(features));
  auto batch = batch_of(3);
  const std::uint8_t bytes[100] = {};
  batch->payloads[0] = {bytes, 100, 0};
  batch->payloads[1] = {bytes, 16, 0};
  batch->payloads[2] = {nullptr, 0, 0};
  ASSERT_TRUE(set->update(*batch));
  EXPECT_EQ(seen_.payload_sizes, (std::vector<std::uint32_t>{16, 16, 0}));
  EXPECT_EQ(batch->payloads[0].size_bytes, 100u);
}

TEST_F(FeatureSetTest, WhatAllNeedTogether) {
  const Feature key = made_feature({.needs = FG_NEEDS_KEY});
  const Feature payload = made_feature({.needs = FG_NEEDS_PAYLOAD, .payload_bytes = 40});
  const Feature longer = made_feature({.needs = FG_NEEDS_PAYLOAD | FG_NEEDS_TIME, .payload_bytes = 90});
  const ActiveFeature active[] = {{&key, {}}, {&payload, {}}, {&longer, {}}};
  EXPECT_EQ(needs_of(active), FG_NEEDS_KEY | FG_NEEDS_PAYLOAD | FG_NEEDS_TIME);
  EXPECT_EQ(bytes_wanted_by(active).payload_bytes, 90u);
  EXPECT_EQ(needs_of({}), FG_NEEDS_NOTHING);
}

TEST_F(FeatureSetTest, TheRunningPluginIsKnownOnlyWhileItRuns) {
  const auto set = set_of({observer({.name = "iat"})});
  ASSERT_TRUE(set->update(*batch_of(1)));
  EXPECT_EQ(seen_.running, "flowgauge iat update");
  EXPECT_EQ(running_call(), nullptr);
}

TEST_F(FeatureSetTest, CreateGetsWorkerHostAndOptions) {
  Feature feature = made_feature({});
  feature.table.create = [](const fg_create* create, void** instance) -> fg_status {
    seen->worker = create->worker;
    seen->host = create->host;
    *instance = seen;
    return FG_OK;
  };
  feature.table.destroy = [](void* instance) { static_cast<Seen*>(instance)->calls.emplace_back("destroy"); };
  auto set = set_of({feature});
  EXPECT_EQ(seen_.worker, 3u);
  ASSERT_NE(seen_.host, nullptr);
  EXPECT_EQ(seen_.host->minor, unsigned{FG_ABI_MINOR});
  EXPECT_TRUE(std::string_view(seen_.host->version).starts_with("flowgauge "));
  set.reset();
  EXPECT_EQ(seen_.calls, std::vector<std::string>{"destroy"});
}

TEST_F(FeatureSetTest, AFailedCreateUndoesTheOthers) {
  Feature good = made_feature({.name = "good"});
  good.table.destroy = [](void*) { seen->calls.emplace_back("destroy good"); };
  Feature bad = made_feature({.name = "bad"});
  bad.table.create = [](const fg_create* create, void**) -> fg_status {
    create->host->log(FG_LOG_ERROR, "no port\n5", 9);
    return FG_ERROR;
  };
  bad.table.destroy = [](void*) { seen->calls.emplace_back("destroy bad"); };
  EXPECT_EQ(said_by([&] { EXPECT_EQ(set_of({good, bad, good}), nullptr); }), "error: bad: no port 5\n");
  EXPECT_EQ(message_,
            "flowgauge: feature 'bad' cannot start: no port 5; check its options, or leave it out of the profile");
  EXPECT_EQ(seen_.calls, std::vector<std::string>{"destroy good"});
}

TEST_F(FeatureSetTest, AnErrorLatches) {
  Feature first = observer({.name = "first"});
  Feature failing = made_feature({.name = "failing"});
  failing.table.update = [](void*, const fg_batch* batch) -> fg_status { return batch->count == 2 ? FG_ERROR : FG_OK; };
  const auto set = set_of({first, failing});
  EXPECT_TRUE(set->update(*batch_of(1)));
  EXPECT_FALSE(set->error());
  EXPECT_FALSE(set->update(*batch_of(2)));
  EXPECT_FALSE(set->update(*batch_of(1)));
  ASSERT_TRUE(set->error());
  EXPECT_EQ(set->error()->code, ExitCode::kPlugin);
  EXPECT_EQ(
      set->error()->message,
      "flowgauge: feature 'failing' failed in update: it did not say why; leave it out of the profile, or tell its "
      "author");
  Arena arena;
  const std::span<const fg_vector> columns[2] = {};
  EXPECT_FALSE(set->emit(views_of(1), columns, arena));
  EXPECT_EQ(seen_.calls, (std::vector<std::string>{"update", "update"})) << "nothing is called after the failure";
}

// The text of an earlier, successful call must not explain a later failure.
TEST_F(FeatureSetTest, OnlyTheFailingCallExplains) {
  Feature loud = made_feature({.name = "loud"});
  loud.table.create = [](const fg_create* create, void**) -> fg_status {
    create->host->log(FG_LOG_ERROR, "never mind", 10);
    return FG_OK;
  };
  loud.table.emit = [](void*, const fg_emit*) -> fg_status { return 77; };  // neither FG_OK nor FG_ERROR
  const auto set = set_of({loud});
  std::uint64_t cell = 0;
  const fg_vector vector{&cell, nullptr};
  const std::span<const fg_vector> columns[] = {{&vector, 1}};
  Arena arena;
  EXPECT_FALSE(set->emit(views_of(1), columns, arena));
  ASSERT_TRUE(set->error());
  EXPECT_NE(set->error()->message.find("failed in emit: it did not say why"), std::string::npos);
}

TEST_F(FeatureSetTest, WhatIsThrownIsAFailure) {
  Feature throwing = made_feature({.name = "throwing"});
  throwing.table.update = [](void*, const fg_batch*) -> fg_status {
    throw std::runtime_error("no more than 4 packets");
  };
  const auto set = set_of({throwing});
  EXPECT_FALSE(set->update(*batch_of(1)));
  ASSERT_TRUE(set->error());
  EXPECT_NE(set->error()->message.find("failed in update: no more than 4 packets;"), std::string::npos);
}

TEST_F(FeatureSetTest, AFeatureOfWhichNothingIsWantedIsNotAskedToEmit) {
  const auto set = set_of({observer({.name = "a"}), observer({.name = "b"})});
  std::uint64_t cell = 0;
  const fg_vector unwanted{nullptr, nullptr};
  const fg_vector wanted{&cell, nullptr};
  const std::span<const fg_vector> columns[] = {{&unwanted, 1}, {&wanted, 1}};
  Arena arena;
  ASSERT_TRUE(set->emit(views_of(1), columns, arena));
  EXPECT_EQ(seen_.calls, std::vector<std::string>{"emit"});
  EXPECT_EQ(seen_.emit.state_offset, layout_.state_offsets[1]);
  ASSERT_TRUE(set->emit(views_of(0), columns, arena));
  EXPECT_EQ(seen_.calls.size(), 1u) << "no rows, no call";
}

TEST_F(FeatureSetTest, TimesLeaveEmitAbsoluteAndTextsInTheArena) {
  Feature feature =
      made_feature({.columns = {FeatureSpec::column("at", FG_TIME), FeatureSpec::column("text", FG_STRING)}});
  feature.table.emit = [](void*, const fg_emit* emit) -> fg_status {
    auto* times = static_cast<std::int64_t*>(emit->columns[0].cells);
    auto* texts = static_cast<fg_string*>(emit->columns[1].cells);
    for (std::uint32_t row = 0; row < emit->row_count; ++row) {
      times[row] = 10 + row;
      auto* text = static_cast<char*>(emit->host->arena_alloc(emit->arena, row, FG_ROW_BYTES));
      if (text == nullptr || emit->host->arena_alloc(emit->arena, row, 1) != nullptr) return FG_ERROR;
      text[0] = static_cast<char>('a' + row);
      texts[row] = {text, 1};
    }
    return FG_OK;
  };
  const auto set = set_of({feature});
  FlowViews views = views_of(2);
  views.start_ns = {1'000, 2'000};
  std::int64_t times[2] = {};
  fg_string texts[2] = {};
  const fg_vector vectors[] = {{times, nullptr}, {texts, nullptr}};
  const std::span<const fg_vector> columns[] = {vectors};
  Arena arena;
  ASSERT_TRUE(set->emit(views, columns, arena));
  EXPECT_EQ(times[0], 1'010);
  EXPECT_EQ(times[1], 2'011);
  EXPECT_EQ(*texts[0].data, 'a');
  EXPECT_EQ(*texts[1].data, 'b');
  EXPECT_EQ(arena.cuts(), 2u);
}

Feature counting(const char* name, std::vector<fg_counter> counters) {
  Feature feature = made_feature({.name = name});
  feature.counters = std::move(counters);
  feature.table.create = [](const fg_create*, void** instance) -> fg_status {
    *instance = new std::uint64_t(0);
    return FG_OK;
  };
  feature.table.destroy = [](void* instance) {
    seen->calls.emplace_back("destroy");
    delete static_cast<std::uint64_t*>(instance);
  };
  feature.table.update = [](void* instance, const fg_batch* batch) -> fg_status {
    *static_cast<std::uint64_t*>(instance) += batch->count;
    return FG_OK;
  };
  feature.table.count = [](void* instance, std::uint64_t* values) {
    seen->running = running_call() == nullptr ? "none" : running_call()->call;
    if (*static_cast<std::uint64_t*>(instance) > 4) throw std::runtime_error("more than 4");
    values[0] = *static_cast<std::uint64_t*>(instance);
  };
  return feature;
}

TEST_F(FeatureSetTest, CountersOfAllFeaturesAsOfTheLastTimeTheyWereAsked) {
  const auto set =
      set_of({counting("a", {{"packets", "Packets.", FG_UNIT_PACKETS, 0}, {"none", "0.", FG_UNIT_COUNT, 0}}),
              made_feature({.name = "plain"}), counting("b", {{"all", "Packets.", FG_UNIT_PACKETS, 0}})});
  const auto counts = [&] { return std::vector<std::uint64_t>(set->counts().begin(), set->counts().end()); };
  EXPECT_EQ(counts(), (std::vector<std::uint64_t>{0, 0, 0}));
  ASSERT_TRUE(set->update(*batch_of(3)));
  EXPECT_EQ(counts(), (std::vector<std::uint64_t>{0, 0, 0}));
  ASSERT_TRUE(set->count());
  EXPECT_EQ(counts(), (std::vector<std::uint64_t>{3, 0, 3}));
  EXPECT_EQ(seen_.running, "count");

  // What fails says why, keeps the values that were, and is asked no more.
  ASSERT_TRUE(set->update(*batch_of(2)));
  EXPECT_FALSE(set->count());
  ASSERT_TRUE(set->error());
  EXPECT_EQ(set->error()->message,
            "flowgauge: feature 'a' failed in count: more than 4; leave it out of the profile, or tell its author");
  seen_.running.clear();
  EXPECT_FALSE(set->count());
  EXPECT_EQ(seen_.running, "");
  EXPECT_EQ(counts(), (std::vector<std::uint64_t>{3, 0, 3}));
  set->close();
  EXPECT_EQ(counts(), (std::vector<std::uint64_t>{3, 0, 3}));
}

TEST_F(FeatureSetTest, NamesOfCounters) {
  const Feature a = counting("a", {{"packets", "Packets.", FG_UNIT_PACKETS, 0}, {"none", "0.", FG_UNIT_COUNT, 0}});
  const Feature b = counting("b", {{"bytes", "Bytes.", FG_UNIT_BYTES, 0}});
  const ActiveFeature active[] = {{&b, {}}, {&a, {}}};
  EXPECT_EQ(counters_of(active), (FeatureCounters{{"b", "bytes", FG_UNIT_BYTES, 0},
                                                  {"a", "packets", FG_UNIT_PACKETS, 0},
                                                  {"a", "none", FG_UNIT_COUNT, 0}}));
}

TEST_F(FeatureSetTest, ReleaseReachesThoseWhoseStateOwnsMemoryOnce) {
  const auto set = set_of({observer({.name = "owner"}), made_feature({.name = "plain"})});
  EXPECT_TRUE(set->owns_memory());
  alignas(64) unsigned char memory[256] = {};
  unsigned char* records[] = {memory, memory + 128};
  set->release(records);
  const std::uint32_t offset = layout_.state_offsets[0];
  EXPECT_EQ(seen_.released, (std::vector<unsigned char*>{memory + offset, memory + 128 + offset}));
  set->release({});
  EXPECT_EQ(seen_.calls, std::vector<std::string>{"release"});
  EXPECT_FALSE(set_of({made_feature({})})->owns_memory());
}

// The host's own features may leave out what they do not need.
TEST_F(FeatureSetTest, ABuiltInFeatureMayHaveNoUpdate) {
  const fg_column columns[] = {FeatureSpec::column("id", FG_STRING)};
  fg_feature table = made_feature({}).table;
  table.name = "flow";
  table.version = "1";
  table.doc = "The host's own.";
  table.columns = FG_ARRAY(columns);
  table.update = nullptr;
  const auto set = set_of({builtin_feature(table)});
  EXPECT_TRUE(set->update(*batch_of(1)));
}

}  // namespace
}  // namespace flowgauge
