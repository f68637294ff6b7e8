// Memory comes to its end at every place in turn: a run ends in order, with the rows so far and one sentence. This
// program's operator new fails when it is told to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <string>

#include "core/base/sanitizers.h"
#include "core/engine/session.h"
#include "tests/engine/fake_live_source.h"
#include "tests/support/arrow_text.h"
#include "tests/support/capture_writer.h"
#include "tests/support/event_builder.h"
#include "tests/support/file_text.h"
#include "tests/support/frame_builder.h"

namespace {

constexpr std::int64_t kNever = INT64_MAX;
constexpr std::int64_t kPlaces = flowgauge::kIsSanitized ? 20 : 50;  // of those of a run

std::atomic<std::int64_t> calls{0};
std::atomic<std::int64_t> fails_at{kNever};     // this call fails
std::atomic<std::size_t> fails_from{SIZE_MAX};  // and from then on all of so many bytes

void* allocated(std::size_t bytes, std::size_t align) {
  const std::int64_t call = ++calls;
  const std::int64_t failing = fails_at;
  if (call == failing || (call > failing && bytes >= fails_from)) throw std::bad_alloc();
  void* memory = nullptr;
  if (::posix_memalign(&memory, std::max(align, sizeof(void*)), bytes) != 0) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t bytes) { return allocated(bytes, sizeof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t align) {
  return allocated(bytes, static_cast<std::size_t>(align));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace flowgauge::test {
namespace {

using namespace literals;
using testing::HasSubstr;
namespace fs = std::filesystem;

// Allocations fail in its scope.
class Failing {
 public:
  explicit Failing(std::int64_t at, std::size_t all_of = SIZE_MAX) {
    calls = 0;
    fails_from = all_of;
    fails_at = at;
  }
  Failing(const Failing&) = delete;
  Failing& operator=(const Failing&) = delete;
  ~Failing() { fails_at = kNever; }
};

// So many places of all that there are, evenly.
template <class Try>
void at_places(std::int64_t all, std::int64_t places, const Try& attempt) {
  ASSERT_GT(all, places);
  for (std::int64_t place = 0; place < places; ++place) attempt(1 + place * all / places);
}

class OutOfMemory : public testing::Test {
 protected:
  OutOfMemory() {
    fs::create_directories(folder_);
    CaptureWriter capture({.nanoseconds = true});
    for (int i = 0; i < 3000; ++i)
      capture.add(i * 1_s, frame()
                               .eth()
                               .ipv4("10.0.0.1", "10.0.0.2")
                               .udp(static_cast<std::uint16_t>(1000 + i % 97 + i / 500 * 100), 53)
                               .payload(static_cast<std::uint32_t>(i % 1000))
                               .bytes());
    capture.save(folder_ / "a.pcap");
  }
  ~OutOfMemory() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string table() const { return (folder_ / "table.csv").string(); }

  static SessionSpec spec(std::uint32_t threads) {
    SessionSpec spec;
    spec.profile.threads = threads;
    spec.profile.exporters = {{.schema = {"basic", {}, 0}, .plugin = {}}};
    spec.profile.flow.early_export_ns = 20_s;
    spec.plugins.directories = {FLOWGAUGE_BINARY_DIR "/lib/flowgauge/plugins"};
    spec.plugins.trial.how = PluginTrial::How::kNone;
    return spec;
  }

  Session session(std::uint32_t threads) const {
    auto opened = Session::open(spec(threads));
    if (!opened || !opened->add_captures(std::vector{(folder_ / "a.pcap").string()}))
      throw std::runtime_error("no session");
    return std::move(*opened);
  }

  // What a run has left: whole rows, as many as its report says.
  void look_at(const RunReport& report) {
    ASSERT_EQ(report.outputs.size(), 1U);
    const OutputReport& output = report.outputs.front();
    const std::string text = file_text(output.complete ? table() : table() + ".part");
    EXPECT_TRUE(text.empty() || text.ends_with('\n'));
    EXPECT_EQ(static_cast<std::uint64_t>(std::ranges::count(text, '\n')), output.rows + (text.empty() ? 0 : 1));
    EXPECT_TRUE(output.complete || report.exit_code != ExitCode::kOk);
    if (output.complete) return;
    ++ended_early_;
    rows_seen_ += output.rows;
    EXPECT_EQ(report.exit_code, ExitCode::kMemory);
    for (const Error& problem : report.problems)
      EXPECT_EQ(problem.message,
                "out of memory: lower flow.max_flows (now 1,000,000) in the profile, or give this process more memory");
  }

  // Runs with the failing; false: it could not begin.
  bool run(std::uint32_t threads, std::int64_t at, std::size_t all_of = SIZE_MAX) {
    Session run = session(threads);
    const auto ran = [&] {
      const RunTables tables{{{table()}}, true};
      const Failing failing(at, all_of);
      return run.run(tables);
    }();
    if (!ran) {
      EXPECT_EQ(ran.error().code, ExitCode::kMemory) << ran.error().message;
      EXPECT_THAT(ran.error().message, HasSubstr("out of memory"));
      return false;
    }
    const auto report = run.report();
    EXPECT_TRUE(report);
    if (report) look_at(*report);
    return true;
  }

  fs::path folder_ = fs::temp_directory_path() / ("flowgauge-memory-test-" + std::to_string(::getpid()));
  int ended_early_ = 0;
  std::uint64_t rows_seen_ = 0;
};

TEST_F(OutOfMemory, ARunEndsInOrderWhereverItIs) {
  for (const std::uint32_t threads : {1U, 3U}) {
    SCOPED_TRACE(threads);
    ASSERT_TRUE(run(threads, kNever));
    const std::int64_t all = calls;
    ended_early_ = 0;
    at_places(all, kPlaces, [&](std::int64_t at) { run(threads, at); });
    EXPECT_GT(ended_early_, 3);
    EXPECT_GT(rows_seen_, 0U);
  }
}

TEST_F(OutOfMemory, ARunEndsInOrderWhereLargePiecesAreNoLongerThere) {
  for (const std::uint32_t threads : {1U, 3U}) {
    SCOPED_TRACE(threads);
    ASSERT_TRUE(run(threads, kNever));
    const std::int64_t all = calls;
    at_places(all, 20, [&](std::int64_t at) { run(threads, at, 2000); });
  }
}

TEST_F(OutOfMemory, ASessionIsNotOpened) {
  {
    const Failing none(kNever);
    ASSERT_TRUE(Session::open(spec(1)));
  }
  const std::int64_t all = calls;
  at_places(all, 30, [&](std::int64_t at) {
    SessionSpec wanted = spec(1);
    const Failing failing(at);
    const auto opened = Session::open(std::move(wanted));
    if (opened) return;
    EXPECT_EQ(opened.error().code, ExitCode::kMemory) << opened.error().message;
  });
}

TEST_F(OutOfMemory, AStreamEndsWithAnError) {
  for (const std::uint32_t threads : {1U, 3U}) {
    const auto pulled_with = [&](std::int64_t at) {
      Session run = session(threads);
      ArrowArrayStream stream{};
      EXPECT_TRUE(run.stream(0, {.batch_rows = 50}, stream));
      ArrowSchema schema{};
      EXPECT_EQ(stream.get_schema(&stream, &schema), 0);
      schema.release(&schema);
      const Failing failing(at);
      int error = 0;
      for (;;) {
        ArrowArray batch{};
        error = stream.get_next(&stream, &batch);
        if (error != 0 || batch.release == nullptr) break;
        batch.release(&batch);
      }
      stream.release(&stream);
      return error;
    };
    ASSERT_EQ(pulled_with(kNever), 0);
    const std::int64_t all = calls;
    int failed = 0;
    at_places(all, 30, [&](std::int64_t at) {
      const int error = pulled_with(at);
      EXPECT_TRUE(error == 0 || error == ENOMEM) << error;
      failed += error == ENOMEM ? 1 : 0;
    });
    EXPECT_GT(failed, 5);
  }
}

TEST_F(OutOfMemory, ALiveRunEndsInOrder) {
  const auto run_with = [&](std::int64_t at) {
    std::vector<std::vector<FakeBlock>> lanes(2);
    for (std::uint16_t i = 0; i < 400; ++i)
      lanes[i % 2].push_back(
          {.events = {event().udp("10.0.0.1", static_cast<std::uint16_t>(1000 + i), "10.0.0.2", 53).at(i * 1_s)}});
    auto source = std::make_unique<FakeLiveSource>(std::move(lanes));
    StopRequest stop;
    source->when_quiet = [&] { stop.request(); };
    SessionSpec wanted = spec(1);
    wanted.stop = &stop;
    wanted.live_host.open = [&](const LiveOptions&) -> Result<std::unique_ptr<LiveSource>> {
      return std::move(source);
    };
    auto run = Session::open(std::move(wanted));
    ASSERT_TRUE(run);
    ASSERT_TRUE(run->add_interface("fake0"));
    const RunTables tables{{{table()}}, true};
    const auto ran = [&] {
      const Failing failing(at);
      return run->run(tables);
    }();
    if (!ran) {
      EXPECT_EQ(ran.error().code, ExitCode::kMemory) << ran.error().message;
      return;
    }
    const auto report = run->report();
    ASSERT_TRUE(report);
    look_at(*report);
  };
  run_with(kNever);
  const std::int64_t all = calls;
  at_places(all, 30, run_with);
  EXPECT_GT(ended_early_, 5);
}

}  // namespace
}  // namespace flowgauge::test
