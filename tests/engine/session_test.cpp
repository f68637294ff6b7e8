// A run inside a process: streams of record batches against tables, what ends them, and several sessions at once.
#include "core/engine/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cfenv>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "core/profile/profile_reader.h"
#include "tests/engine/fake_live_source.h"
#include "tests/support/address.h"
#include "tests/support/arrow_metadata.h"
#include "tests/support/arrow_text.h"
#include "tests/support/capture_writer.h"
#include "tests/support/collected_log.h"
#include "tests/support/event_builder.h"
#include "tests/support/file_text.h"
#include "tests/support/frame_builder.h"
#include "tests/support/udp_capture.h"

namespace flowgauge::test {
namespace {

using namespace literals;
using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

const std::string kDemo = FLOWGAUGE_SOURCE_DIR "/fixtures/demo.pcap";

ProfileExporter exporter(const std::string& schema) { return {.schema = {schema, {}, 0}, .plugin = {}}; }

class SessionTest : public testing::Test {
 protected:
  SessionTest() { fs::create_directories(folder_); }
  ~SessionTest() override { fs::remove_all(folder_); }

  SessionSpec spec(const std::vector<std::string>& schemas, std::uint32_t threads = 1) const {
    SessionSpec spec;
    spec.profile.threads = threads;
    for (const std::string& schema : schemas) spec.profile.exporters.push_back(exporter(schema));
    spec.plugins.directories = {FLOWGAUGE_PROBE_DIR, FLOWGAUGE_BINARY_DIR "/lib/flowgauge/plugins"};
    spec.log = log_;
    return spec;
  }

  static Session session(SessionSpec spec, const std::vector<std::string>& captures) {
    auto opened = Session::open(std::move(spec));
    if (!opened) throw std::runtime_error(opened.error().message);
    if (!captures.empty())
      if (const auto added = opened->add_captures(captures); !added) throw std::runtime_error(added.error().message);
    return std::move(*opened);
  }

  static ArrowArrayStream stream_of(Session& session, std::size_t output = 0, const StreamOptions& options = {}) {
    ArrowArrayStream stream{};
    if (const auto made = session.stream(output, options, stream); !made)
      throw std::runtime_error(made.error().message);
    return stream;
  }

  // The table that run() writes of the same.
  std::string table(SessionSpec spec, const std::vector<std::string>& captures) const {
    const std::string path = (folder_ / "table.csv").string();
    Session run = session(std::move(spec), captures);
    const auto ran = run.run({.paths = {{path}}, .force = true});
    EXPECT_TRUE(ran) << ran.error().message;
    return file_text(path);
  }

  std::string save(const std::string& name, const CaptureWriter& capture) const {
    capture.save(folder_ / name);
    return (folder_ / name).string();
  }

  static void set_option(SessionSpec& spec, const char* name, const char* value) {
    spec.profile.features = {
        {.name = {"engine_probe", {}, 0}, .plugin = {}, .options = {{{name, {}, 0}, {value, {}, 0}}}}};
  }

  fs::path folder_ = fs::temp_directory_path() / ("flowgauge-session-test-" + std::to_string(::getpid()));
  std::shared_ptr<CollectedLog> log_ = std::make_shared<CollectedLog>();
};

// ---------------------------------------------------------------- rows

TEST_F(SessionTest, RowsAreThoseOfStandardArithmeticWhateverTheCallerHas) {
  const std::string capture = save("a.pcap", udp_capture(97, 3000));
  for (const std::uint32_t threads : {1U, 3U}) {
    const auto streamed = [&](int rounding) {
      Session run = session(spec({"nfstream"}, threads), {capture});
      ArrowArrayStream stream = stream_of(run);
      std::fesetround(rounding);
      EXPECT_TRUE(run.start());
      std::fesetround(FE_TONEAREST);  // for the texts that the test makes of cells
      return pull_all(stream).rows;
    };
    const std::string expected = table(spec({"nfstream"}, threads), {capture});
    std::fesetround(FE_UPWARD);
    const std::string found = table(spec({"nfstream"}, threads), {capture});
    const int rounding = std::fegetround();
    std::fesetround(FE_TONEAREST);
    EXPECT_EQ(found, expected);
    EXPECT_EQ(rounding, FE_UPWARD);
    EXPECT_EQ(streamed(FE_UPWARD), streamed(FE_TONEAREST));
  }
}

TEST_F(SessionTest, AStreamHasTheCellsOfTheTable) {
  const std::string other = save("a.pcap", udp_capture(97, 3000));
  for (const std::string schema : {"engine_probe", "basic", "cidds", "nfstream", "packets"})
    for (const std::string& capture : {kDemo, other}) {
      const std::string expected = table(spec({schema}), {capture});
      EXPECT_GT(expected.size(), 150U);
      for (const std::uint32_t threads : {1U, 3U})
        for (const std::size_t batch_rows : {7UZ, 8192UZ}) {
          Session run = session(spec({schema}, threads), {capture});
          ArrowArrayStream stream = stream_of(run, 0, {.batch_rows = batch_rows});
          const PulledTable pulled = pull_all(stream);
          EXPECT_EQ(pulled.error, 0) << pulled.message;
          EXPECT_EQ(pulled.header + pulled.rows, with_all_digits(expected, pulled.formats))
              << schema << ", " << threads << " threads, batches of " << batch_rows;
          ASSERT_FALSE(pulled.batches.empty());
          for (std::size_t i = 0; i + 1 < pulled.batches.size(); ++i)
            ASSERT_EQ(pulled.batches[i], static_cast<std::int64_t>(batch_rows));
          const auto report = run.report();
          ASSERT_TRUE(report) << report.error().message;
          EXPECT_EQ(report->exit_code, ExitCode::kOk);
          EXPECT_TRUE(report->ledger_balances());
          EXPECT_EQ(report->outputs.front().rows, report->counters.rows);
        }
    }
}

TEST_F(SessionTest, UnsignedNumbersStayWhatTheyAreWhereAskedFor) {
  Session run = session(spec({"engine_probe"}), {kDemo});
  ArrowArrayStream stream = stream_of(run, 0, {.unsigned_as = UnsignedAs::kUint64});
  const PulledTable pulled = pull_all(stream);
  EXPECT_THAT(pulled.formats, ElementsAre("L", "L", "b", "L"));
  EXPECT_EQ(pulled.header + pulled.rows, table(spec({"engine_probe"}), {kDemo}));
}

TEST_F(SessionTest, TheSchemaIsThereBeforeAnyInput) {
  Session run = session(spec({"engine_probe", "basic"}), {});
  ASSERT_EQ(run.find_output("basic"), 1U);
  ArrowArrayStream stream = stream_of(run, 1);
  ArrowSchema schema{};
  ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
  EXPECT_EQ(schema.n_children, static_cast<std::int64_t>(run.plan().outputs[1].columns.size()));
  schema.release(&schema);
  ArrowArray batch{};
  EXPECT_EQ(stream.get_next(&stream, &batch), EINVAL);
  EXPECT_STREQ(stream.get_last_error(&stream), "the session has no input: add captures or interfaces");
  ASSERT_TRUE(run.add_captures(std::vector{kDemo}));
  EXPECT_EQ(stream.get_next(&stream, &batch), 0);  // now it has
  ASSERT_NE(batch.release, nullptr);
  batch.release(&batch);
  stream.release(&stream);
}

TEST_F(SessionTest, ColumnsSayWhatTheyAre) {
  Session run = session(spec({"engine_probe"}), {});
  ArrowArrayStream stream = stream_of(run);
  ArrowSchema schema{};
  ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
  const auto metadata = arrow_metadata(schema.children[1]->metadata);
  EXPECT_EQ(metadata.at("flowgauge.expression"), "engine_probe.packets");
  EXPECT_THAT(metadata.at("flowgauge.definition"), HasSubstr("Packets of the flow"));
  schema.release(&schema);
  stream.release(&stream);
}

TEST_F(SessionTest, SeveralOutputsAreEachWholeAndOthersAreNotComputed) {
  const std::string capture = save("a.pcap", udp_capture(97, 3000));
  Session run = session(spec({"basic", "engine_probe", "cidds"}, 3), {capture});
  ArrowArrayStream probe = stream_of(run, 1, {.batch_rows = 16, .batches_ahead = 1});
  ArrowArrayStream cidds = stream_of(run, 2, {.batch_rows = 16, .batches_ahead = 1});
  PulledTable second;
  std::jthread reader([&] { second = pull_all(cidds); });
  const PulledTable first = pull_all(probe);
  reader.join();
  EXPECT_EQ(first.header + first.rows, table(spec({"engine_probe"}), {capture}));
  EXPECT_EQ(second.header + second.rows, with_all_digits(table(spec({"cidds"}), {capture}), second.formats));
  ASSERT_EQ(run.plan().outputs.size(), 2U);
  EXPECT_EQ(run.plan().outputs[0].schema.name, "engine_probe");
  std::vector<std::string> alone;
  const Session of_both = session(spec({"engine_probe", "cidds"}), {});
  for (const ActiveFeature& active : of_both.plan().active) alone.push_back(active.feature->name);
  std::vector<std::string> active_here;
  for (const ActiveFeature& active : run.plan().active) active_here.push_back(active.feature->name);
  EXPECT_EQ(active_here, alone);
}

TEST_F(SessionTest, AStreamOutlivesItsSession) {
  ArrowArrayStream stream{};
  {
    Session run = session(spec({"engine_probe"}, 3), {kDemo});
    stream = stream_of(run);
    ASSERT_TRUE(run.start());
  }
  EXPECT_EQ(pull_all(stream).rows, [&] {
    const std::string whole = table(spec({"engine_probe"}), {kDemo});
    return whole.substr(whole.find('\n') + 1);
  }());
}

TEST_F(SessionTest, TheRunWaitsForItsReader) {
  const std::string capture = save("a.pcap", udp_capture(1, 3000));
  SessionSpec wanted = spec({"engine_probe"});
  wanted.profile.flow.early_export_ns = 1_s;
  Session run = session(std::move(wanted), {capture});
  ArrowArrayStream stream = stream_of(run, 0, {.batch_rows = 10, .batches_ahead = 2});
  const PulledTable some = pull(stream, 3);
  EXPECT_THAT(some.batches, ElementsAre(10, 10, 10));
  EXPECT_FALSE(run.report());  // it cannot have ended: most rows have no room
  const PulledTable rest = pull_all(stream);
  EXPECT_GT(rest.batches.size(), 100U);
  EXPECT_TRUE(run.report());
}

// ---------------------------------------------------------------- ends

TEST_F(SessionTest, AStreamThatIsReleasedEarlyEndsTheRunInOrder) {
  const std::string capture = save("a.pcap", udp_capture(2000, 3000));
  for (const std::uint32_t threads : {1U, 3U}) {
    SessionSpec wanted = spec({"engine_probe"}, threads);
    wanted.profile.flow.idle_timeout_ns = 1_s;
    Session run = session(std::move(wanted), {capture});
    ArrowArrayStream stream = stream_of(run, 0, {.batch_rows = 1, .batches_ahead = 1});
    EXPECT_EQ(pull(stream, 2).batches.size(), 2U);
    stream.release(&stream);
    EXPECT_EQ(stream.release, nullptr);
    const auto report = run.report();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->exit_code, ExitCode::kOk);
    EXPECT_TRUE(report->reader_gone);
    EXPECT_TRUE(report->ledger_balances());
  }
}

TEST_F(SessionTest, OfSeveralStreamsOneMayGo) {
  const std::string capture = save("a.pcap", udp_capture(97, 3000));
  Session run = session(spec({"engine_probe", "basic"}), {capture});
  ArrowArrayStream probe = stream_of(run, 0, {.batch_rows = 1, .batches_ahead = 1});
  ArrowArrayStream basic = stream_of(run, 1);
  ASSERT_TRUE(run.start());
  probe.release(&probe);
  const PulledTable pulled = pull_all(basic);
  EXPECT_EQ(pulled.error, 0);
  EXPECT_EQ(pulled.header + pulled.rows, with_all_digits(table(spec({"basic"}), {capture}), pulled.formats));
}

TEST_F(SessionTest, AStreamThatWasNeverPulledHasNoRun) {
  Session run = session(spec({"engine_probe"}), {kDemo});
  ArrowArrayStream stream = stream_of(run);
  stream.release(&stream);
  EXPECT_EQ(run.report().error().message, "the run of this session has not begun: there is no report");
}

TEST_F(SessionTest, AnInterruptIsAnErrorBehindTheRowsSoFar) {
  Session run = session(spec({"engine_probe"}), {kDemo});
  ArrowArrayStream stream = stream_of(run);
  run.interrupt();
  const PulledTable pulled = pull_all(stream);
  EXPECT_EQ(pulled.error, ECANCELED);
  EXPECT_EQ(pulled.message, "interrupted: the rows are of what was read until then");
  EXPECT_EQ(run.report()->exit_code, ExitCode::kInterrupted);
}

TEST_F(SessionTest, AnInterruptWakesARunThatWaitsForAPipe) {
  const std::string pipe = (folder_ / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  Session run = session(spec({"engine_probe"}), {pipe});
  ArrowArrayStream stream = stream_of(run);
  ASSERT_TRUE(run.start());
  const std::jthread interrupter([&] { run.interrupt(); });
  EXPECT_EQ(pull_all(stream).error, ECANCELED);
}

TEST_F(SessionTest, AFailingPluginIsAnErrorBehindTheRowsSoFar) {
  const std::string capture = save("a.pcap", udp_capture(7, 3000));
  for (const std::uint32_t threads : {1U, 3U}) {
    SessionSpec wanted = spec({"engine_probe"}, threads);
    wanted.profile.flow.early_export_ns = 1_s;
    set_option(wanted, "fail_at_length", "528");  // of the 501st packet
    Session run = session(std::move(wanted), {capture});
    ArrowArrayStream stream = stream_of(run, 0, {.batch_rows = 10});
    const PulledTable pulled = pull_all(stream);
    EXPECT_EQ(pulled.error, EIO);
    EXPECT_THAT(pulled.message, HasSubstr("this length is not for me"));
    EXPECT_GT(pulled.batches.size(), 10U);
    EXPECT_EQ(run.report()->exit_code, ExitCode::kPlugin);
    EXPECT_EQ(run.report()->problems.front().message, pulled.message);
  }
}

TEST_F(SessionTest, ADamagedInputIsAnErrorBehindItsRows) {
  const std::string capture = save("a.pcap", udp_capture(7, 300));
  fs::resize_file(capture, fs::file_size(capture) - 1);
  Session run = session(spec({"engine_probe"}), {capture});
  ArrowArrayStream stream = stream_of(run);
  const PulledTable pulled = pull_all(stream);
  EXPECT_EQ(pulled.error, EIO);
  EXPECT_THAT(pulled.message, HasSubstr("a.pcap"));
  EXPECT_THAT(pulled.batches, ElementsAre(7));
  EXPECT_EQ(run.report()->exit_code, ExitCode::kInput);
}

// ---------------------------------------------------------------- usage

TEST_F(SessionTest, RefusesWhatMakesNoSense) {
  const auto refusal = [](const auto& result) { return result ? "" : result.error().message; };
  EXPECT_THAT(refusal(Session::open(spec({"no_such"}))), HasSubstr("no_such"));
  EXPECT_EQ(refusal(session(spec({"basic", "cidds"}), {}).find_output("basik")),
            "no output has the schema 'basik' (there is basic, cidds); did you mean 'basic'?");
  EXPECT_THAT(refusal(session(spec({"basic"}), {}).add_captures(std::vector<std::string>{"/no/such.pcap"})),
              HasSubstr("/no/such.pcap"));
  Session run = session(spec({"basic"}), {kDemo});
  EXPECT_EQ(refusal(run.add_interface("lo")), "the session has captures: it can have no interfaces");
  EXPECT_EQ(refusal(session(spec({"packets"}), {}).add_interface("lo")),
            "rows of packets are made of captures: live, frames have no numbers of the run");
  EXPECT_EQ(refusal(run.start()), "no output of this session is pulled: run() writes its tables");
  ArrowArrayStream stream = stream_of(run);
  ArrowArrayStream again{};
  EXPECT_EQ(refusal(run.stream(0, {}, again)), "the output 'basic' has a stream already");
  EXPECT_EQ(refusal(run.stream(1, {}, again)), "the session has 1 output, counted from 0: there is no output 1");
  EXPECT_EQ(again.release, nullptr);
  EXPECT_THAT(refusal(run.run({.paths = {{"/dev/null"}}})), HasSubstr("are pulled"));
  EXPECT_EQ(pull_all(stream).error, 0);
  const std::string begun = "the run of this session has begun; open another session";
  EXPECT_EQ(refusal(run.add_captures(std::vector{kDemo})), begun);
  EXPECT_EQ(refusal(run.stream(0, {}, again)), begun);
}

TEST_F(SessionTest, MessagesGoToItsLogAlone) {
  fs::create_directories(folder_ / "captures");
  fs::copy_file(kDemo, folder_ / "captures" / "a.pcap");
  std::ofstream(folder_ / "captures" / "notes.txt") << "no capture";
  CollectedLog outside;
  const LogScope scope(&outside);
  Session run = session(spec({"engine_probe"}), {(folder_ / "captures").string()});
  ArrowArrayStream stream = stream_of(run);
  EXPECT_EQ(pull_all(stream).error, 0);
  EXPECT_THAT(log_->lines(), HasSubstr("notes.txt"));
  EXPECT_EQ(outside.lines(), "");
  EXPECT_EQ(bound_log(), &outside);
}

// ---------------------------------------------------------------- live

class LiveSession : public SessionTest {
 protected:
  static std::vector<std::vector<FakeBlock>> lanes() {
    std::vector<std::vector<FakeBlock>> lanes(2);
    for (std::uint16_t i = 0; i < 40; ++i)
      lanes[i % 2].push_back(
          {.events = {event().udp("10.0.0.1", static_cast<std::uint16_t>(1000 + i), "10.0.0.2", 53).at(i * 1_s)}});
    return lanes;
  }
};

TEST_F(LiveSession, InterfacesAreStreamedAndAnInterruptIsTheGoodEnd) {
  auto source = std::make_unique<FakeLiveSource>(lanes());
  StopRequest stop;
  source->when_quiet = [&] { stop.request(); };
  SessionSpec wanted = spec({"engine_probe"});
  wanted.stop = &stop;
  wanted.live_host.open = [&](const LiveOptions&) -> Result<std::unique_ptr<LiveSource>> { return std::move(source); };
  Session run = session(std::move(wanted), {});
  ASSERT_TRUE(run.add_interface("fake0"));
  ArrowArrayStream stream = stream_of(run);
  const PulledTable pulled = pull_all(stream);
  EXPECT_EQ(pulled.error, 0) << pulled.message;
  EXPECT_EQ(std::ranges::count(pulled.rows, '\n'), 40);
  EXPECT_THAT(pulled.rows, HasSubstr("1039,1,0,"));
  const auto report = run.report();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->exit_code, ExitCode::kOk);
  EXPECT_EQ(report->counters.rows, 40U);
  EXPECT_THAT(log_->lines(), HasSubstr("capturing from fake0: by script"));
}

TEST_F(LiveSession, AStreamThatIsReleasedEndsASilentCapture) {
  SessionSpec wanted = spec({"engine_probe"});
  wanted.live_host.open = [&](const LiveOptions&) -> Result<std::unique_ptr<LiveSource>> {
    return std::make_unique<FakeLiveSource>(std::vector<std::vector<FakeBlock>>(2));
  };
  Session run = session(std::move(wanted), {});
  ASSERT_TRUE(run.add_interface("fake0"));
  ArrowArrayStream stream = stream_of(run);
  ASSERT_TRUE(run.start());
  stream.release(&stream);
  EXPECT_TRUE(run.report());
}

TEST_F(LiveSession, WhatKeepsItFromAttachingIsTheErrorOfStart) {
  SessionSpec wanted = spec({"engine_probe"});
  wanted.live_host.open = [&](const LiveOptions&) -> Result<std::unique_ptr<LiveSource>> {
    return fail(ExitCode::kPrivilege, "no right");
  };
  Session run = session(std::move(wanted), {});
  ASSERT_TRUE(run.add_interface("fake0"));
  ArrowArrayStream stream = stream_of(run);
  EXPECT_EQ(run.start().error().message, "no right");
  EXPECT_EQ(pull_all(stream).error, EACCES);
}

TEST_F(SessionTest, PluginsAreTriedInAnotherProgram) {
  SessionSpec wanted = spec({"engine_probe", "basic"});
  wanted.plugins.trial = {.how = PluginTrial::How::kSpawn, .program = FLOWGAUGE_BINARY_DIR "/bin/flowgauge"};
  set_option(wanted, "fail_at_packets", "0");
  Session run = session(std::move(wanted), {kDemo});
  ASSERT_TRUE(run.prepare());
  wanted = spec({"engine_probe"});
  wanted.plugins.trial = {.how = PluginTrial::How::kSpawn, .program = "/no/such/flowgauge"};
  Session refused = session(std::move(wanted), {kDemo});
  ArrowArrayStream stream = stream_of(refused);
  const PulledTable pulled = pull_all(stream);
  EXPECT_EQ(pulled.error, EIO);
  EXPECT_THAT(pulled.message, HasSubstr("/no/such/flowgauge: No such file or directory"));
  EXPECT_EQ(refused.report().error().message, "the run of this session has not begun: there is no report");
}

// ---------------------------------------------------------------- several

TEST_F(SessionTest, SessionsAtOnceDoNotKnowEachOther) {
  const std::string capture = save("a.pcap", udp_capture(97, 3000));
  const std::vector<std::string> schemas = {"engine_probe", "basic", "cidds", "nfstream"};
  std::vector<std::string> expected;
  for (const std::string& schema : schemas) expected.push_back(table(spec({schema}), {capture}));
  std::vector<PulledTable> pulled(schemas.size() * 2);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < pulled.size(); ++i)
      threads.emplace_back([&, i] {
        SessionSpec wanted = spec({schemas[i % schemas.size()]}, i % 3 + 1);
        wanted.plugins.trial.how = PluginTrial::How::kNone;
        Session run = session(std::move(wanted), {capture});
        ArrowArrayStream stream = stream_of(run, 0, {.batch_rows = 100});
        pulled[i] = pull_all(stream);
      });
  }
  for (std::size_t i = 0; i < pulled.size(); ++i)
    EXPECT_EQ(pulled[i].header + pulled[i].rows, with_all_digits(expected[i % schemas.size()], pulled[i].formats));
}

}  // namespace
}  // namespace flowgauge::test
