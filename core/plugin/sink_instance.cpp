#include "core/plugin/sink_instance.h"

#include <utility>

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/plugin/guarded_call.h"
#include "core/plugin/host_services.h"

namespace flowgauge {
namespace {

constexpr auto kKept = RunningCall::Errors::kKept;
constexpr const char* kSink = "sink";

void release(ArrowArray& batch) {
  if (batch.release != nullptr) batch.release(&batch);
}

}  // namespace

Result<std::unique_ptr<SinkInstance>> SinkInstance::open(const Sink& sink, OptionValues options,
                                                         const Opening& opening) {
  std::unique_ptr<SinkInstance> made(new SinkInstance(sink, std::move(options), opening.conditions));
  fg_sink_open call{};
  call.struct_size = sizeof call;
  call.flags = opening.flags;
  call.host = &plugin_host();
  call.path = opening.path.c_str();
  call.schema = opening.schema;
  call.options = made->options_.values().data();
  call.option_lists = made->options_.lists().data();
  call.module_path = sink.module->absolute_path.c_str();
  call.data_dir = sink.module->folder.c_str();
  call.file_descriptor = opening.descriptor;
  call.sink = made->voice_.number();
  const RunningCall running{made->path(), sink.name.c_str(), "open", kKept, kSink};
  const auto [status, changed] =
      looked_at_whole(running, ProcessState::At::kCreate, [&] { return sink.table.open(&call, &made->instance_); });
  if (status != FG_OK)
    return fail(ExitCode::kOutput, "sink '{}' ({}) cannot start: {}", sink.name, made->path(), plugin_reason());
  made->is_open_ = true;
  if (!changed.empty())
    return fail(ExitCode::kPlugin, "sink '{}' ({}) cannot start: {}", sink.name, made->path(), changed);
  return made;
}

SinkInstance::~SinkInstance() { [[maybe_unused]] const auto destroyed = destroy(); }

std::unexpected<Error> SinkInstance::failed_in(const char* call) const {
  return fail(ExitCode::kOutput, "sink '{}' ({}) failed in {}: {}", sink_.name, path(), call, plugin_reason());
}

std::unexpected<Error> SinkInstance::changed_in(const char* call, std::string_view what) const {
  return fail(ExitCode::kPlugin, "sink '{}' ({}) failed in {}: {}", sink_.name, path(), call, what);
}

template <class Call>
Result<void> SinkInstance::judged(const char* name, const Call& call, Moment moment) {
  fg_sink_state said = state_;
  said.struct_size = sizeof said;
  const RunningCall running{path(), sink_.name.c_str(), name, kKept, kSink};
  // Others run meanwhile, and the call may last: what it leaves changed of the process is seen at the end.
  const auto made = [&] { return call(said); };
  const auto [status, changed] = moment == Moment::kDuring ? WholeOutcome{guarded(running, made), {}}
                                                           : looked_at_whole(running, ProcessState::At::kEnd, made);
  const auto why = status == FG_OK ? Result<void>() : Result<void>(failed_in(name));
  // Also of a call that failed: what is certain stays certain.
  TRY(take(said, status == FG_OK ? moment : Moment::kDuring));
  if (why && !changed.empty()) return changed_in(name, changed);
  return why;
}

Result<void> SinkInstance::take(const fg_sink_state& said, Moment moment) {
  if (has_lied_) return {};
  const bool fell = said.rows_certain < state_.rows_certain || said.rows_failed < state_.rows_failed;
  const bool is_too_much = said.rows_certain > rows_given_ || said.rows_failed > rows_given_ - said.rows_certain;
  const std::uint64_t told = said.rows_certain + said.rows_failed;
  const bool is_short = moment == Moment::kWholeEnd && said.is_closed == 0 && told != rows_given_;
  if (fell || is_too_much || is_short) {
    has_lied_ = true;
    return fail(ExitCode::kPlugin,
                "sink '{}' ({}) got {}, and says that {} arrived and {} did not, after it said {} and {}: it does not "
                "count them right; take another format, or tell {}",
                sink_.name, path(), counted(rows_given_, "row"), said.rows_certain, said.rows_failed,
                state_.rows_certain, state_.rows_failed, author_of(sink_.module));
  }
  state_ = said;
  return {};
}

Result<void> SinkInstance::write(ArrowArray batch) {
  rows_given_ += static_cast<std::uint64_t>(batch.length);
  auto written = judged(
      "write", [&](fg_sink_state& state) { return sink_.table.write(instance_, &batch, &state); }, Moment::kDuring);
  release(batch);
  return written;
}

Result<void> SinkInstance::flush(std::chrono::nanoseconds time) {
  if (sink_.table.flush == nullptr) return {};
  const auto time_ns = static_cast<std::uint64_t>(time.count());
  return judged(
      "flush", [&](fg_sink_state& state) { return sink_.table.flush(instance_, time_ns, &state); }, Moment::kDuring);
}

Result<void> SinkInstance::finish(fg_finish how, const std::string& account) {
  fg_sink_finish call{};
  call.struct_size = sizeof call;
  call.how = how;
  call.account = account.c_str();
  // Calls of write are not judged one by one, while others run. By now only sinks do.
  const std::string_view changed = put_process_back(ProcessState::At::kEnd);
  auto finished = judged(
      "finish", [&](fg_sink_state& state) { return sink_.table.finish(instance_, &call, &state); },
      how == FG_FINISH_COMPLETE ? Moment::kWholeEnd : Moment::kPartialEnd);
  const auto destroyed = destroy();
  refused_ = voice_.take_refused();
  if (refused_.times != 0)
    log_warning("sink '{}' ({}) told {} that no host takes: {}; tell {}", sink_.name, path(),
                counted(refused_.times, "condition"), refused_.why, author_of(sink_.module));
  if (finished && !changed.empty())
    return fail(ExitCode::kPlugin, "sink '{}' ({}), or another one of the run, failed in write: {}; tell {}",
                sink_.name, path(), changed, author_of(sink_.module));
  if (!finished) return finished;
  if (!destroyed) return destroyed;
  if (state_.rows_failed > 0 && !is_closed())
    return fail(ExitCode::kOutput, "sink '{}' ({}) could not deliver {} of {}", sink_.name, path(),
                with_thousands(state_.rows_failed), counted(rows_given_, "row"));
  return {};
}

Result<void> SinkInstance::destroy() {
  if (!std::exchange(is_open_, false)) return {};
  const RunningCall running{path(), sink_.name.c_str(), "destroy", kKept, kSink};
  const auto [status, changed] =
      looked_at_whole(running, ProcessState::At::kEnd, judged_by_its_log([&] { sink_.table.destroy(instance_); }));
  voice_.fall_silent();
  if (status != FG_OK) return failed_in("destroy");
  if (!changed.empty()) return changed_in("destroy", changed);
  return {};
}

}  // namespace flowgauge
