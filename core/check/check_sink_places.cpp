// sink-places: where rows cannot go, the sink says so, and counts none; the descriptor that it is given stays the
// host's.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <optional>
#include <system_error>

#include "core/base/text.h"
#include "core/base/try.h"
#include "core/check/checks.h"
#include "core/check/child.h"
#include "core/check/sink_drive.h"
#include "core/output/lent.h"

namespace flowgauge {
namespace {

const MadeTable kTable{.name = "of many batches", .batch_rows = std::vector<std::uint32_t>(40, 8)};

// What a descriptor is, as far as others that have it would notice.
class LookedAt {
 public:
  explicit LookedAt(int descriptor) : lent_(descriptor), flags_(::fcntl(descriptor, F_GETFL)) {}
  [[nodiscard]] int descriptor() const { return lent_.get(); }
  [[nodiscard]] Finding changed_in(const Sink& sink, const char* call) const {
    if (!lent_.stands())
      return fmt::format("sink '{}': {} closes or replaces the descriptor that it was given, which is the host's",
                         sink.name, call);
    if (::fcntl(lent_.get(), F_GETFL) == flags_) return {};
    return fmt::format("sink '{}': {} changes the flags of the descriptor that it was given, which is the host's",
                       sink.name, call);
  }

 private:
  LentDescriptor lent_;
  int flags_;
};

Finding ask_descriptor(const TestedSink& tested) {
  const SinkPlace place(tested);
  const LookedAt file(place.descriptor());
  MadeBatches batches(tested.schema, kTable, tested.seed);
  auto opened = open_sink(tested, place.path(), file.descriptor());
  if (!opened) return opened.error().message;
  if (Finding wrong = file.changed_in(tested.sink, "open"); !wrong.empty()) return wrong;
  for (const std::uint32_t rows : kTable.batch_rows) {
    const auto written = (*opened)->write(batches.next(rows));
    if (Finding wrong = file.changed_in(tested.sink, "write"); !wrong.empty()) return wrong;
    if (!written) return written.error().message;
  }
  const auto finished = (*opened)->finish(FG_FINISH_COMPLETE, kMadeAccount);
  if (Finding wrong = file.changed_in(tested.sink, "finish or destroy"); !wrong.empty()) return wrong;
  return finished ? Finding() : finished.error().message;
}

enum class MayClose : bool { kNo, kYes };

// A place that takes no row. The sink fails, with words, or says where it may that nobody reads any more.
Finding ask_refusing(const TestedSink& tested, const std::string& path, int descriptor, MayClose may_close) {
  MadeBatches batches(tested.schema, kTable, tested.seed);
  std::optional<Error> error;
  std::uint64_t certain = 0;
  bool is_closed = false;
  if (auto opened = open_sink(tested, path, descriptor); !opened) {
    error = opened.error();
  } else {
    SinkInstance& sink = **opened;
    for (const std::uint32_t rows : kTable.batch_rows) {
      if (auto written = sink.write(batches.next(rows)); !written) error = written.error();
      if (error || sink.is_closed()) break;
    }
    const bool is_whole = !error && !sink.is_closed();
    const auto finished = sink.finish(is_whole ? FG_FINISH_COMPLETE : FG_FINISH_PARTIAL, kMadeAccount);
    if (!error && !finished) error = finished.error();
    certain = sink.rows_certain();
    is_closed = sink.is_closed();
  }
  if (certain > 0)
    return fmt::format("sink '{}' says that {} arrived, where none could; count rows once they are where they belong",
                       tested.sink.name, counted(certain, "row"));
  if (error && error->message.ends_with("it did not say why"))
    return error->message + "; log an error before FG_ERROR is returned";
  if (error) return {};
  if (is_closed && may_close == MayClose::kYes) return {};
  if (is_closed)
    return fmt::format("sink '{}' says that whoever reads its rows went away (is_closed), where nobody did",
                       tested.sink.name);
  return fmt::format("sink '{}' ends well; look at what the functions return that write", tested.sink.name);
}

Finding ask_file(const TestedSink& tested) {
  if (Finding wrong = ask_descriptor(tested); !wrong.empty()) return wrong;
  const FileDescriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  if (full) {
    const std::string when = "on a disk that is full";
    set_running_case(when);
    if (Finding wrong = ask_refusing(tested, "/dev/full", full.get(), MayClose::kNo); !wrong.empty())
      return in_case(when, wrong);
  }
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const FileDescriptor to_nobody(ends[1]);
  ::close(ends[0]);
  const std::string when = "on a pipe that nobody reads";
  set_running_case(when);
  return in_case(when, ask_refusing(tested, "-", to_nobody.get(), MayClose::kYes));
}

// Rows that are there already stay, but where the user says that they may go.
Finding ask_again(const TestedSink& tested) {
  if (!tested.given_place.empty()) return {};
  const MadeTable one_row{.name = "of one row", .batch_rows = {1}};
  const SinkPlace place(tested);
  if (Finding wrong = drive_sink(tested, place, kTable); !wrong.empty()) return wrong;
  std::error_code no_file;  // then nothing can be said of its size
  const std::uintmax_t before = std::filesystem::file_size(place.path(), no_file);
  if (const Finding refusal = drive_sink(tested, place, one_row); refusal.ends_with("it did not say why"))
    return in_case("where there are rows already", refusal + "; log an error before FG_ERROR is returned");
  std::error_code gone;
  const std::uintmax_t after = std::filesystem::file_size(place.path(), gone);
  if (!no_file && (gone || after < before))
    return fmt::format("sink '{}' takes away what is at its place, and was not told that it may (FG_OPEN_REPLACE)",
                       tested.sink.name);
  MadeBatches batches(tested.schema, one_row, tested.seed);
  const auto replaced = [&]() -> Result<void> {
    const auto opened = TRY(open_sink(tested, place, FG_OPEN_REPLACE));
    TRY(opened->write(batches.next(1)));
    return opened->finish(FG_FINISH_COMPLETE, kMadeAccount);
  }();
  return replaced ? Finding() : in_case("where it may replace what is there", replaced.error().message);
}

Finding ask_own_place(const TestedSink& tested) {
  set_running_case("where there are rows already");
  if (Finding wrong = ask_again(tested); !wrong.empty()) return wrong;
  const std::string when = "at a path in a folder that is not there";
  set_running_case(when);
  const std::string path = fmt::format("{}/absent/rows.{}", tested.folder, tested.sink.name);
  return in_case(when, ask_refusing(tested, path, -1, MayClose::kNo));
}

Finding ask_places(const TestedSink& tested) {
  Finding wrong = tested.sink.table.place == FG_PLACE_FILE ? ask_file(tested) : ask_own_place(tested);
  set_running_case("");
  return wrong;
}

}  // namespace

Verdict check_sink_places(const Subject& subject) {
  ::signal(SIGPIPE, SIG_IGN);  // as in a run
  return each_sink(subject, ask_places);
}

}  // namespace flowgauge
