#include "core/engine/event_run.h"

#include <utility>

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/engine/file_clash.h"
#include "core/engine/out_of_memory.h"
#include "core/engine/parsing_text.h"
#include "core/events/event_file_writer.h"
#include "core/ingest/input_list.h"
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

Result<void> check_event_files(const EventRequest& request, std::span<const Input> inputs, std::uint32_t first) {
  std::vector<ReadFile> read;
  std::vector<WrittenFile> written;
  for (const Input& input : inputs) {
    const std::string path = request.folder + "/" + event_file_name(first++);
    read.push_back({input.path, "the input " + input.path});
    written.push_back({path, "the events " + path, "the events " + path + " would be written over", ""});
  }
  return check_for_clash(read, written);
}

// The source of one capture: as in a run, but that nothing is done that other captures have a part in.
Result<std::unique_ptr<PcapSource>> capture_source(const Plan& plan, const Input& input) {
  auto source = PcapSource::create({.inputs = {input},
                                    .filter = plan.profile.packets.filter.value,
                                    .parse = plan.parse,
                                    .clock = {},
                                    .bytes = bytes_wanted_by(plan.active),
                                    .fragments = FragmentJoin::kLater});
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

Result<WrittenEvents> write_capture(const Plan& plan, const EventRequest& request, const Input& input, PlaceInJob place,
                                    const StopRequest& stop) {
  EventFileAbout about{
      .number = place.first, .count = place.count, .capture = input.path, .settings = parsing_text(plan)};
  const auto source = TRY(capture_source(plan, input));
  const auto file = TRY(EventFileWriter::open(request.folder, std::move(about), plan.rules.flow_key));
  TRY(copy_events(*source, stop, *file));
  const bool is_damaged = !source->problems().empty();
  TRY(file->finish(source->ledger(), is_damaged ? source->problems().front().message : ""));
  return WrittenEvents{.capture = input.path,
                       .path = file->path(),
                       .bytes = file->bytes_written(),
                       .ledger = source->ledger(),
                       .warnings = source->warnings(),
                       .problems = source->problems()};
}

Result<void> write_captures(const Plan& plan, const EventRequest& request, const StopRequest& stop,
                            const std::function<void(const WrittenEvents&)>& written) {
  const InputList listed = TRY(expand_inputs(request.inputs));
  for (const std::string& left_out : listed.left_out) log_info("{}", left_out);
  PlaceInJob place = TRY(checked_place(request.place, listed.inputs.size()));
  TRY(check_event_files(request, listed.inputs, place.first));
  for (const Input& input : listed.inputs) {
    written(TRY(write_capture(plan, request, input, place, stop)));
    ++place.first;
  }
  return {};
}

}  // namespace

Result<void> write_events(const EventRequest& request, const StopRequest& stop,
                          const std::function<void(const WrittenEvents&)>& written) {
  const auto plan = TRY(make_plan(request.profile, request.plugins));
  return memory_permitting(plan->rules.max_flows, [&] { return write_captures(*plan, request, stop, written); });
}

}  // namespace flowgauge
