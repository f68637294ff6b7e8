// Rows to a sink of a plugin: what it is given, that what it says has to add up, and what becomes of the file.
#include "core/output/plugin_sink.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/base/sanitizers.h"
#include "core/output/arrow_sink.h"
#include "core/output/sink_thread.h"
#include "core/plugin/host_services.h"
#include "tests/support/file_text.h"

namespace flowgauge {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<OutputColumn> kColumns = {{"n", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING}};

// What the sink of a test does; each call is noted.
struct Script {
  std::vector<std::string> calls;
  std::function<fg_status(const fg_sink_open&)> open = [](const fg_sink_open&) { return FG_OK; };
  std::function<fg_status(ArrowArray&, fg_sink_state&)> write = [](ArrowArray& batch, fg_sink_state& state) {
    state.rows_certain += static_cast<std::uint64_t>(batch.length);
    return FG_OK;
  };
  std::function<fg_status(fg_sink_state&)> flush = [](fg_sink_state&) { return FG_OK; };
  std::function<fg_status(const fg_sink_finish&, fg_sink_state&)> finish = [](const fg_sink_finish&, fg_sink_state&) {
    return FG_OK;
  };
  int descriptor = -1;
};
Script* script = nullptr;

fg_status open_script(const fg_sink_open* open, void** instance) {
  *instance = script;
  script->calls.push_back("open " + std::to_string(open->flags));
  script->descriptor = open->file_descriptor;
  return script->open(*open);
}
fg_status write_script(void* instance, ArrowArray* batch, fg_sink_state* state) {
  auto& self = *static_cast<Script*>(instance);
  self.calls.push_back("write " + std::to_string(batch->length));
  return self.write(*batch, *state);
}
fg_status flush_script(void* instance, std::uint64_t, fg_sink_state* state) {
  auto& self = *static_cast<Script*>(instance);
  self.calls.push_back("flush");
  return self.flush(*state);
}
fg_status finish_script(void* instance, const fg_sink_finish* finish, fg_sink_state* state) {
  auto& self = *static_cast<Script*>(instance);
  self.calls.push_back("finish " + std::to_string(finish->how) + " " + finish->account);
  return self.finish(*finish, *state);
}
void destroy_script(void* instance) { static_cast<Script*>(instance)->calls.push_back("destroy"); }

class PluginSinkTest : public testing::Test {
 protected:
  PluginSinkTest() {
    script = &script_;
    module_.path = "lines.so";
    sink_.table = {.struct_size = sizeof(fg_sink),
                   .place = FG_PLACE_FILE,
                   .batch_rows = 4,
                   .open = open_script,
                   .write = write_script,
                   .flush = flush_script,
                   .finish = finish_script,
                   .destroy = destroy_script};
    sink_.name = "lines";
    sink_.module = &module_;
    folder_ = std::filesystem::path(testing::TempDir()) / ("plugin_sink." + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~PluginSinkTest() override {
    sink.reset();
    std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] std::string path() const { return (folder_ / "rows.lines").string(); }
  [[nodiscard]] std::string part() const { return path() + ".part"; }

  Result<void> open(SinkRequest request = {}) {
    kind_ = plugin_sink_kind(sink_, {});
    block_ = kind_.make_block(kColumns);
    request.path = path();
    request.columns = kColumns;
    auto opened = kind_.open(request);
    if (!opened) return std::unexpected(opened.error());
    sink = std::move(*opened);
    return {};
  }

  Result<SinkState> write(std::uint32_t rows) {
    const std::vector<std::uint64_t> numbers(rows, 7);
    const OutputVector vector{FG_U64, numbers.data(), nullptr};
    block_->cut(0);
    block_->append({rows, {&vector, 1}});
    const RowRun run{block_.get(), 0, rows};
    return sink->write({&run, 1});
  }

  Result<SinkState> finish(Finish how) {
    return sink->finish(how, [] { return std::string("{}"); });
  }
  // The error of a run of three rows, and how many of them count.
  std::pair<std::string, std::uint64_t> whole_run() {
    if (auto opened = open(); !opened) return {opened.error().message, 0};
    EXPECT_TRUE(write(3));
    const auto finished = finish(Finish::kComplete);
    return {finished ? "" : finished.error().message, sink->rows()};
  }
  void put(const std::string& text) const {
    EXPECT_EQ(::write(script_.descriptor, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  Script script_;
  Module module_;
  Sink sink_;
  SinkKind kind_;
  std::filesystem::path folder_;
  std::unique_ptr<RowBlock> block_;
  std::unique_ptr<RowSink> sink;
};

TEST_F(PluginSinkTest, BatchesGoToItAndTheFileGetsItsName) {
  script_.write = [&](ArrowArray& batch, fg_sink_state& state) {
    put(std::to_string(batch.length) + "\n");
    state.rows_certain += static_cast<std::uint64_t>(batch.length);
    return FG_OK;
  };
  ASSERT_TRUE(open());
  EXPECT_EQ(write(6), SinkState::kOpen);
  EXPECT_EQ(write(3), SinkState::kOpen);
  EXPECT_EQ(sink->location(), part());
  EXPECT_EQ(finish(Finish::kComplete), SinkState::kOpen);
  EXPECT_THAT(script_.calls, ElementsAre("open 0", "write 4", "write 4", "write 1", "finish 1 {}", "destroy"));
  EXPECT_EQ(std::make_pair(sink->rows(), sink->location()), std::make_pair(std::uint64_t{9}, path()));
  EXPECT_EQ(test::file_text(path()), "4\n4\n1\n");
  EXPECT_FALSE(std::filesystem::exists(part()));
}

TEST_F(PluginSinkTest, ALiveRunFlushes) {
  ASSERT_TRUE(open({.existing = ExistingFile::kReplace, .is_live = true}));
  EXPECT_EQ(write(1), SinkState::kOpen);
  EXPECT_EQ(sink->flush(FlushReach::kSameBytes), SinkState::kOpen);
  EXPECT_EQ(sink->flush(FlushReach::kAll), SinkState::kOpen);
  EXPECT_EQ(finish(Finish::kKeepPartial), SinkState::kOpen);
  EXPECT_EQ(script_.calls.front(), "open 3");
  EXPECT_EQ(script_.calls[1], "write 1");
  EXPECT_THAT(script_.calls, testing::AnyOf(ElementsAre("open 3", "write 1", "flush", "finish 2 {}", "destroy"),
                                            ElementsAre("open 3", "write 1", "finish 2 {}", "destroy")))
      << "the end may overtake a flush, which is no loss";
  EXPECT_TRUE(std::filesystem::exists(part()));
}

TEST_F(PluginSinkTest, WhatItTellsIsSeenUntilItsEnd) {
  const auto board = std::make_shared<SinkConditions>("rows.lines");
  std::uint64_t number = 0;
  script_.open = [&](const fg_sink_open& open) {
    number = open.sink;
    open.host->condition(open.sink, "server_away", "it is gone", 10);
    return FG_OK;
  };
  bool holds_in_write = false;
  script_.write = [&](ArrowArray& batch, fg_sink_state& state) {
    holds_in_write = board->all().at(0).holds;
    plugin_host().condition(number, "Not a name", "x", 1);
    state.rows_certain += static_cast<std::uint64_t>(batch.length);
    return FG_OK;
  };
  ASSERT_TRUE(open({.conditions = board}));
  EXPECT_EQ(write(4), SinkState::kOpen);
  EXPECT_EQ(finish(Finish::kComplete), SinkState::kOpen) << "to tell a thing wrongly is no failure";
  EXPECT_TRUE(holds_in_write);
  ASSERT_EQ(board->all().size(), 1U);
  EXPECT_FALSE(board->all()[0].holds);
  EXPECT_EQ(board->take_refused().times, 0U) << "it was said";
}

TEST_F(PluginSinkTest, ARunThatNeverBeganLeavesNothing) {
  ASSERT_TRUE(open());
  EXPECT_EQ(finish(Finish::kDiscard), SinkState::kOpen);
  EXPECT_THAT(script_.calls, ElementsAre("open 0", "finish 3 {}", "destroy"));
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(PluginSinkTest, WithoutAnEndThePartStays) {
  ASSERT_TRUE(open());
  EXPECT_EQ(write(4), SinkState::kOpen);
  sink.reset();
  EXPECT_THAT(script_.calls, ElementsAre("open 0", "write 4", "finish 2 ", "destroy"));
  EXPECT_TRUE(std::filesystem::exists(part()));
}

TEST_F(PluginSinkTest, WhatItRefusesAtTheStartLeavesNothing) {
  script_.open = [](const fg_sink_open& open) {
    open.host->log(FG_LOG_ERROR, "no such table", 13);
    return FG_ERROR;
  };
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ExitCode::kOutput);
  EXPECT_EQ(opened.error().message, part() + ": sink 'lines' (lines.so) cannot start: no such table");
  EXPECT_THAT(script_.calls, ElementsAre("open 0"));
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

// By the host's log, and by an exception.
TEST_F(PluginSinkTest, TextsOfItsFailuresSteerNoTerminal) {
  const std::string told = part() + ": sink 'lines' (lines.so) cannot start: a \xef\xbf\xbd b";
  script_.open = [](const fg_sink_open& open) {
    open.host->log(FG_LOG_ERROR,
                   "a \xc7\x1b"
                   "b",
                   5);
    return FG_ERROR;
  };
  EXPECT_EQ(open().error().message, told);
  script_.open = [](const fg_sink_open&) -> fg_status {
    throw std::runtime_error(
        "a \xc7\x1b"
        "b");
  };
  EXPECT_EQ(open().error().message, told);
}

TEST_F(PluginSinkTest, AfterAFailureItGetsNoRowsAndOnlyTheCertainCount) {
  script_.write = [](ArrowArray& batch, fg_sink_state& state) {
    if (state.rows_certain >= 4) throw std::runtime_error("no space left");
    state.rows_certain += static_cast<std::uint64_t>(batch.length);
    return FG_OK;
  };
  ASSERT_TRUE(open());
  for (int i = 0; i < 20; ++i) {
    if (auto written = write(4); !written) {
      EXPECT_EQ(written.error().message, part() + ": sink 'lines' (lines.so) failed in write: no space left");
    }
  }
  const auto finished = finish(Finish::kComplete);
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().message, part() + ": sink 'lines' (lines.so) failed in write: no space left");
  EXPECT_THAT(script_.calls, ElementsAre("open 0", "write 4", "write 4", "finish 2 {}", "destroy"));
  EXPECT_EQ(std::make_pair(sink->rows(), sink->location()), std::make_pair(std::uint64_t{4}, part()));
}

TEST_F(PluginSinkTest, AReaderThatGoesEndsItQuietly) {
  script_.write = [](ArrowArray& batch, fg_sink_state& state) {
    state.is_closed = 1;
    state.rows_failed = static_cast<std::uint64_t>(batch.length);
    return FG_OK;
  };
  ASSERT_TRUE(open());
  Result<SinkState> written = SinkState::kOpen;
  for (int i = 0; i < 20; ++i) written = write(4);
  EXPECT_EQ(written, SinkState::kClosed);
  EXPECT_EQ(finish(Finish::kKeepPartial), SinkState::kClosed);
  EXPECT_THAT(script_.calls, ElementsAre("open 0", "write 4", "finish 2 {}", "destroy"));
}

TEST_F(PluginSinkTest, WhatItSaysOfRowsHasToAddUp) {
  struct Lie {
    std::uint64_t certain, failed, certain_at_end, failed_at_end;
    const char* said;
  };
  const Lie lies[] = {
      {4, 0, 4, 0, "that 4 arrived and 0 did not, after it said 0 and 0"},
      {2, 2, 2, 2, "that 2 arrived and 2 did not, after it said 0 and 0"},
      {3, 0, 2, 0, "that 2 arrived and 0 did not, after it said 3 and 0"},
      {0, 3, 0, 2, "that 0 arrived and 2 did not, after it said 0 and 3"},
      {0, 0, 2, 0, "that 2 arrived and 0 did not, after it said 0 and 0"},
      {0, 0, UINT64_MAX, 4, "that 18446744073709551615 arrived and 4 did not, after it said 0 and 0"},
      {0, 0, 1, UINT64_MAX, "that 1 arrived and 18446744073709551615 did not, after it said 0 and 0"},
  };
  for (const Lie& lie : lies) {
    script_ = {};
    script_.write = [&](ArrowArray&, fg_sink_state& state) {
      state.rows_certain = lie.certain;
      state.rows_failed = lie.failed;
      return FG_OK;
    };
    script_.finish = [&](const fg_sink_finish&, fg_sink_state& state) {
      state.rows_certain = lie.certain_at_end;
      state.rows_failed = lie.failed_at_end;
      return FG_OK;
    };
    const bool lies_in_write = lie.certain + lie.failed > 3;
    const auto [error, rows] = whole_run();
    EXPECT_THAT(error, HasSubstr(std::string("sink 'lines' (lines.so) got 3 rows, and says ") + lie.said));
    EXPECT_EQ(rows, lies_in_write ? 0U : lie.certain) << "who has lied is believed no more";
    sink.reset();
    std::filesystem::remove(part());
  }
}

TEST_F(PluginSinkTest, RowsThatDidNotArriveFailTheRun) {
  script_.write = [](ArrowArray&, fg_sink_state&) { return FG_OK; };
  script_.finish = [](const fg_sink_finish&, fg_sink_state& state) {
    state.rows_certain = 2;
    state.rows_failed = 1;
    return FG_OK;
  };
  EXPECT_EQ(whole_run(),
            std::make_pair(part() + ": sink 'lines' (lines.so) could not deliver 1 of 3 rows", std::uint64_t{2}));
}

TEST_F(PluginSinkTest, ABatchThatItKeepsIsItsOwnUntilItEnds) {
  std::vector<ArrowArray> kept;
  script_.write = [&](ArrowArray& batch, fg_sink_state&) {
    kept.push_back(batch);
    batch.release = nullptr;
    return FG_OK;
  };
  script_.finish = [&](const fg_sink_finish&, fg_sink_state& state) {
    EXPECT_EQ(static_cast<const std::uint64_t*>(kept.at(0).children[0]->buffers[1])[2], 7U);
    kept.at(0).release(&kept.at(0));
    state.rows_certain = 3;
    return FG_OK;
  };
  EXPECT_EQ(whole_run(), std::make_pair(std::string(), std::uint64_t{3}));
}

TEST_F(PluginSinkTest, ABatchThatItNeverReleasesFailsTheRun) {
  std::vector<ArrowArray> kept;
  script_.write = [&](ArrowArray& batch, fg_sink_state& state) {
    state.rows_certain += static_cast<std::uint64_t>(batch.length);
    kept.push_back(batch);
    batch.release = nullptr;
    return FG_OK;
  };
  EXPECT_EQ(whole_run().first, part() +
                                   ": sink 'lines' (lines.so) did not release all batches of rows before its end; "
                                   "take another format, or tell its author");
  EXPECT_TRUE(std::filesystem::exists(part()));
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(static_cast<const std::uint64_t*>(kept[0].children[0]->buffers[1])[2], 7U) << "it is valid all the same";
  sink.reset();
  kept[0].release(&kept[0]);
}

TEST_F(PluginSinkTest, WithoutADescriptorLeftNothingBegins) {
  if (kHasAddressSanitizer) GTEST_SKIP() << "the sanitizers open files of their own";
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int free = ::dup(STDERR_FILENO);
  ::close(free);
  const rlimit little{static_cast<rlim_t>(free) + 1, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &little), 0);
  const auto opened = open();
  ::setrlimit(RLIMIT_NOFILE, &before);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().message,
            part() + ": no descriptor is left for sink 'lines'; raise the limit of open files (ulimit -n)");
  EXPECT_THAT(script_.calls, testing::IsEmpty());
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

// What it closes is a copy, whose number somebody else may have by the end.
TEST_F(PluginSinkTest, ADescriptorThatItClosesOrReplacesFailsTheRun) {
  for (const bool replaces : {false, true}) {
    int other = -1;
    script_.finish = [&](const fg_sink_finish&, fg_sink_state&) {
      ::close(script_.descriptor);
      if (replaces) other = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
      return FG_OK;
    };
    EXPECT_EQ(whole_run(),
              std::make_pair(part() + ": sink 'lines' (lines.so) closed or replaced the descriptor that it was "
                                      "given; take another format, or tell its author",
                             std::uint64_t{3}));
    EXPECT_TRUE(std::filesystem::exists(part()));
    sink.reset();
    std::filesystem::remove(part());
    if (replaces) {
      EXPECT_EQ(other, script_.descriptor);
      EXPECT_EQ(::close(other), 0) << "it is still open";
    }
  }
}

// The sink waits until the test lets it go: meanwhile no more than the queue's batches are taken.
TEST_F(PluginSinkTest, ASlowPlaceHoldsUpTheRun) {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_writing = false;
  bool may_go = false;
  script_.write = [&](ArrowArray& batch, fg_sink_state& state) {
    std::unique_lock lock(mutex);
    is_writing = true;
    changed.notify_all();
    changed.wait(lock, [&] { return may_go; });
    state.rows_certain += static_cast<std::uint64_t>(batch.length);
    return FG_OK;
  };
  ASSERT_TRUE(open());
  for (std::size_t i = 0; i < SinkThread::kBatchesAhead; ++i) EXPECT_EQ(write(4), SinkState::kOpen);
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return is_writing; });
  }
  EXPECT_EQ(sink->rows(), 0U);
  {
    const std::scoped_lock lock(mutex);
    may_go = true;
    changed.notify_all();
  }
  for (int i = 0; i < 10; ++i) EXPECT_EQ(write(4), SinkState::kOpen);
  EXPECT_EQ(finish(Finish::kComplete), SinkState::kOpen);
  EXPECT_EQ(sink->rows(), 4 * (10 + SinkThread::kBatchesAhead));
}

TEST_F(PluginSinkTest, APlaceOfItsOwnIsNoFile) {
  sink_.table.place = FG_PLACE_OWN;
  EXPECT_EQ(whole_run(), std::make_pair(std::string(), std::uint64_t{3}));
  EXPECT_EQ(std::make_pair(script_.descriptor, sink->location()), std::make_pair(-1, path()));
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(PluginSinkTest, ListsAreForThoseThatTakeThem) {
  const std::vector<OutputColumn> columns = {{"gaps", FG_LIST_U64, FG_UNIT_NS, FG_REVEALS_NOTHING}};
  const auto checked = check_columns(sink_, columns);
  ASSERT_FALSE(checked);
  EXPECT_EQ(
      checked.error().message,
      "column 'gaps' is a list, which sink 'lines' (lines.so) does not take; leave it out, or take another format");
  sink_.table.takes = FG_TAKES_LISTS;
  EXPECT_TRUE(check_columns(sink_, columns));
}

}  // namespace
}  // namespace flowgauge
