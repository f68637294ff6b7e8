#include "core/check/sink_drive.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>

#include "core/base/text.h"
#include "core/check/child.h"

namespace flowgauge {
namespace {

// A sink that goes where no folder can be - a broker, a server - cannot be looked at without one.
Finding cannot_go_there(const TestedSink& tested) {
  if (tested.sink.table.place != FG_PLACE_OWN) return {};
  if (tested.folder.empty() && tested.given_place.empty())
    return "there is no folder for temporary files; set TMPDIR to one";
  auto opened = open_sink(tested, SinkPlace(tested));
  if (!opened) return opened.error().message;
  [[maybe_unused]] const auto gone = (*opened)->finish(FG_FINISH_DISCARD, "{}");
  return {};
}

}  // namespace

Verdict each_sink(const Subject& subject, const std::function<Finding(const TestedSink&)>& ask) {
  if (subject.module.sinks.empty()) return skipped("it offers no sink");
  Finding elsewhere;
  for (const Sink& sink : subject.module.sinks) {
    const Result<OptionValues> options = usual_options(sink, subject.request.options);
    if (!options) return failed(options.error().message);
    const MadeSchema schema(sink.table.takes);
    const TestedSink tested{sink, *options, subject.request.seed, subject.folder, subject.request.place, schema};
    if (Finding why = cannot_go_there(tested); !why.empty()) {
      elsewhere = std::move(why);
      continue;
    }
    if (Finding wrong = ask(tested); !wrong.empty()) return failed(std::move(wrong));
  }
  return elsewhere.empty() ? passed()
                           : skipped("its place is no path in a folder, give it one with --place: " + elsewhere);
}

SinkPlace::SinkPlace(const TestedSink& tested) {
  // Checks run in processes of their own, and all of them in this folder.
  static std::atomic<int> number{0};
  path_ = fmt::format("{}/{}-{}.{}", tested.folder, ::getpid(), ++number, tested.sink.name);
  if (tested.sink.table.place == FG_PLACE_OWN) {
    if (!tested.given_place.empty()) path_ = tested.given_place;
    return;
  }
  file_ = FileDescriptor(::memfd_create("rows", MFD_CLOEXEC));
  lent_.emplace(
      FileDescriptor(::open(fmt::format("/proc/self/fd/{}", file_.get()).c_str(), O_WRONLY | O_CLOEXEC)).get());
}

std::string SinkPlace::bytes() const {
  std::string all;
  if (!file_) return all;
  std::array<char, std::size_t{64} * 1024> part{};
  for (;;) {
    const ssize_t count = ::pread(file_.get(), part.data(), part.size(), static_cast<off_t>(all.size()));
    if (count <= 0) return all;
    all.append(part.data(), static_cast<std::size_t>(count));
  }
}

OpenedSink open_sink(const TestedSink& tested, const std::string& path, int descriptor, fg_open_flags flags) {
  if (path == tested.given_place) flags |= FG_OPEN_REPLACE;
  return SinkInstance::open(tested.sink, tested.options,
                            {.path = path, .descriptor = descriptor, .schema = &tested.schema.arrow(), .flags = flags});
}

Finding drive_sink(const TestedSink& tested, const SinkPlace& place, const MadeTable& table, MadeBatches& batches,
                   fg_finish how) {
  constexpr std::chrono::milliseconds kTimeToFlush{400};
  auto opened = open_sink(tested, place, table.is_live ? FG_OPEN_LIVE : 0);
  if (!opened) return opened.error().message;
  SinkInstance& sink = **opened;
  for (const std::uint32_t rows : table.batch_rows) {
    auto written = sink.write(batches.next(rows));
    if (written && table.is_live) written = sink.flush(kTimeToFlush);
    if (!written) return written.error().message;
    if (sink.is_closed()) break;
  }
  if (auto finished = sink.finish(how, kMadeAccount); !finished) return finished.error().message;
  if (sink.refused().times != 0)
    return fmt::format("sink '{}' tells {} that no host takes: {}", tested.sink.name,
                       counted(sink.refused().times, "condition"), sink.refused().why);
  if (sink.is_closed())
    return fmt::format("sink '{}' says that whoever reads its rows went away (is_closed), where nobody did",
                       tested.sink.name);
  return {};
}

Finding drive_sink(const TestedSink& tested, const SinkPlace& place, const MadeTable& table, fg_finish how) {
  MadeBatches batches(tested.schema, table, tested.seed);
  return drive_sink(tested, place, table, batches, how);
}

}  // namespace flowgauge
