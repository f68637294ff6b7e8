#include "core/engine/event_run.h"

#include <utility>

#include "core/base/text.h"
#include "core/base/try.h"
#include "core/engine/file_clash.h"
#include "core/engine/parsing_text.h"
#include "core/events/event_file_writer.h"
#include "core/ingest/pcap_source.h"
#include "core/plugin/feature_set.h"

namespace flowgauge {
namespace {

Result<PlaceInJob> checked_place(PlaceInJob place, std::size_t captures) {
  if (place.count == 0) return PlaceInJob{1, static_cast<std::uint32_t>(captures)};
  if (place.count >= captures && place.first - 1 <= place.count - captures) return place;
  return fail(ExitCode::kUsage, "{} from number {} on are more than the {} of the job", counted(captures, "capture"),
              place.first, place.count);
}

Result<void> check_event_files(const EventTask& task, std::span<const Input> inputs, std::uint32_t first) {
  std::vector<ReadFile> read;
  std::vector<WrittenFile> written;
  for (const Input& input : inputs) {
    const std::string path = task.folder + "/" + event_file_name(first++);
    read.push_back({input.path, "the input " + input.path});
    written.push_back({path, "the events " + path, "the events " + path + " would be written over", ""});
  }
  return check_for_clash(read, written);
}

// The source of one capture: as in a run, but that nothing is done that other captures have a part in.
Result<std::unique_ptr<PcapSource>> capture_source(const Plan& plan, const Input& input, InterfaceNames& names) {
  auto source = PcapSource::create({.inputs = {input},
                                    .filter = plan.profile.packets.filter.value,
                                    .parse = plan.parse,
                                    .clock = {},
                                    .bytes = bytes_wanted_by(plan.active),
                                    .fragments = FragmentJoin::kLater,
                                    .names = &names});
  if (!source)
    return std::unexpected(Error{source.error().code, plan.profile.packets.filter.where() + source.error().message});
  return source;
}

Result<void> copy_events(Source& source, const StopRequest& stop, EventFileWriter& file) {
  EventBlock block;
  for (bool more = true; more;) {
    if (stop.requested()) return fail(ExitCode::kInterrupted, "interrupted: {} is not written", file.path());
    more = source.read(block) == SourceState::kMore;
    TRY(file.add(block));
  }
  return {};
}

Result<WrittenEvents> write_capture(const Plan& plan, const EventTask& task, const Input& input, PlaceInJob place,
                                    const StopRequest& stop) {
  EventFileAbout about{
      .number = place.first, .count = place.count, .capture = input.path, .settings = parsing_text(plan)};
  InterfaceNames names;  // of this capture alone
  const auto source = TRY(capture_source(plan, input, names));
  const auto file =
      TRY(EventFileWriter::open(task.folder, std::move(about), plan.rules.flow_key, plan.rules.partition_seed()));
  TRY(copy_events(*source, stop, *file));
  const bool is_damaged = !source->problems().empty();
  TRY(file->finish(source->ledger(), is_damaged ? source->problems().front().message : "", names));
  return WrittenEvents{.capture = input.path,
                       .path = file->path(),
                       .bytes = file->bytes_written(),
                       .ledger = source->ledger(),
                       .warnings = source->warnings(),
                       .problems = source->problems()};
}

}  // namespace

Result<void> write_event_files(const Plan& plan, std::span<const Input> captures, const EventTask& task,
                               const StopRequest& stop, const EventFileWritten& written) {
  PlaceInJob place = TRY(checked_place(task.place, captures.size()));
  TRY(check_event_files(task, captures, place.first));
  for (const Input& capture : captures) {
    written(TRY(write_capture(plan, task, capture, place, stop)));
    ++place.first;
  }
  return {};
}

}  // namespace flowgauge
