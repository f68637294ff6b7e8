#include "core/engine/session_state.h"

#include <algorithm>
#include <iterator>
#include <new>
#include <system_error>
#include <utility>

#include "core/base/crash_stack.h"
#include "core/base/text.h"
#include "core/engine/capture_run.h"
#include "core/engine/out_of_memory.h"
#include "core/engine/parsing_text.h"
#include "core/engine/quiet_thread.h"
#include "core/engine/run_parts.h"
#include "core/flow/random_seed.h"
#include "core/host/interface_selection.h"
#include "core/host/privileges.h"

namespace flowgauge {
namespace {

// Without its text where there is no memory for it.
std::optional<Error> copy_of(const std::optional<Error>& error) {
  try {
    return error;
  } catch (const std::bad_alloc&) {
    return Error{ExitCode::kMemory, {}};
  }
}

}  // namespace

SessionState::SessionState(SessionSpec spec, std::unique_ptr<Plan> plan, std::chrono::steady_clock::time_point begin)
    : spec_(std::move(spec)), plan_(std::move(plan)), begin_(begin) {}

SessionState::~SessionState() {
  if (phase() == Phase::kRunning) stop().abandon();
  for (const auto& pulled : pulled_) pulled->queue().release();
  if (thread_.joinable()) thread_.join();
}

SessionState::Phase SessionState::phase() const {
  const std::scoped_lock lock(mutex_);
  return phase_;
}

void SessionState::set_phase(Phase phase) {
  const std::scoped_lock lock(mutex_);
  phase_ = phase;
}

// ---------------------------------------------------------------- set-up

Result<void> SessionState::be_open() const {
  if (phase() == Phase::kOpen) return {};
  return fail(ExitCode::kUsage, "the run of this session has begun; open another session");
}

Result<void> SessionState::add_captures(std::span<const std::string> paths) {
  if (auto open = be_open(); !open) return open;
  if (!interfaces_.empty()) return fail(ExitCode::kUsage, "the session has interfaces: it can have no captures");
  if (!events_.empty()) return fail(ExitCode::kUsage, "the session has event files: it can have no captures");
  auto listed = expand_inputs(paths);
  if (!listed) return std::unexpected(listed.error());
  for (const std::string& left_out : listed->left_out) log_info("{}", left_out);
  std::ranges::move(listed->inputs, std::back_inserter(captures_));
  return {};
}

Result<void> SessionState::add_events(const std::string& folder) {
  if (auto open = be_open(); !open) return open;
  if (!captures_.empty() || !interfaces_.empty())
    return fail(ExitCode::kUsage, "the session has other inputs: it can have no event files");
  if (spec_.max_packets != 0) return fail(ExitCode::kUsage, "event files are read to their end: max_packets cannot be");
  auto listed = list_event_files(folder, parsing_text(*plan_));
  if (!listed) return std::unexpected(listed.error());
  events_ = std::move(*listed);
  for (const EventFileEntry& file : events_) captures_.push_back({.path = file.path, .size_bytes = file.size_bytes});
  return {};
}

Result<void> SessionState::add_interface(const std::string& name) {
  if (auto open = be_open(); !open) return open;
  if (!captures_.empty()) return fail(ExitCode::kUsage, "the session has captures: it can have no interfaces");
  if (plan_->rows == RowsOf::kPackets)
    return fail(ExitCode::kUsage, "rows of packets are made of captures: live, frames have no numbers of the run");
  if (std::ranges::find(interfaces_, name) != interfaces_.end())
    return fail(ExitCode::kUsage, "interface {} is named twice", name);
  const bool may_be_missing = plan_->profile.live.wait || spec_.live_host.open;
  if (const auto found = select_interfaces({&name, 1}, MissingInterfaces::kRefuse); !found && !may_be_missing)
    return std::unexpected(found.error());
  interfaces_.push_back(name);
  return {};
}

Result<void> SessionState::prepare() {
  if (is_prepared_) return {};
  if (auto tried = plan_->modules.trial().create(plan_->active); !tried) return tried;
  plan_->modules.trial().end();
  if (!interfaces_.empty() && !spec_.live_host.open)
    if (auto checked = check_privileges(plan_->profile.live.capture); !checked) return checked;
  is_prepared_ = true;
  return {};
}

Result<void> SessionState::write_events(const EventTask& task, const EventFileWritten& written) {
  if (auto ready = be_ready(); !ready) return ready;
  if (!interfaces_.empty() || !events_.empty())
    return fail(ExitCode::kUsage, "event files are made of captures: the session has other inputs");
  if (spec_.max_packets != 0 || !spec_.partitions.is_all())
    return fail(ExitCode::kUsage, "event files are of whole captures: max_packets and partitions cannot be");
  return write_event_files(*plan_, captures_, task, stop(), written);
}

Result<void> SessionState::be_ready() const {
  if (captures_.empty() && interfaces_.empty())
    return fail(ExitCode::kUsage, "the session has no input: add captures or interfaces");
  return be_open();
}

Result<void> SessionState::begin() {
  if (auto ready = be_ready(); !ready) return ready;
  if (auto prepared = prepare(); !prepared) return prepared;
  report_ = {};
  // Live, whoever sends packets must not be able to fill the partition of somebody else's flows.
  if (!interfaces_.empty() && !plan_->rules.hash_seed) plan_->rules.hash_seed = random_seed();
  describe_inputs(captures_, report_);
  for (const std::string& interface : interfaces_) report_.inputs.push_back({interface, 0});
  describe_setup(*plan_, report_);
  return {};
}

LiveHost SessionState::live_host() const {
  LiveHost host = spec_.live_host;
  if (!host.open) host.open = open_live_source;
  return host;
}

Result<std::unique_ptr<InputRun>> SessionState::open_run(std::vector<Input> inputs, std::span<const std::string> paths,
                                                         bool force) {
  if (interfaces_.empty())
    return open_capture_run(*plan_, {std::move(inputs), events_, spec_.max_packets, paths, force, &stop()});
  return open_interface_run(*plan_, {.interfaces = interfaces_,
                                     .limits = {spec_.duration, spec_.max_packets},
                                     .requests = spec_.requests,
                                     .paths = paths,
                                     .force = force,
                                     .stop = &stop(),
                                     .host = live_host()});
}

// ---------------------------------------------------------------- the run

Result<void> SessionState::run(const RunTables& tables) {
  if (!pulled_.empty())
    return fail(ExitCode::kUsage, "outputs of this session are pulled: its run begins with start(), not with run()");
  if (auto begun = begin(); !begun) return begun;
  set_phase(Phase::kRunning);
  if (auto ran = run_streams_of(tables); !ran) {
    set_phase(Phase::kOpen);
    return ran;
  }
  complete();
  return {};
}

Result<void> SessionState::run_streams_of(const RunTables& tables) {
  const bool is_one = tables.paths.size() == 1;
  for (std::size_t i = 0; i < tables.paths.size() && (i == 0 || !stop().requested()); ++i) {
    auto opened = memory_permitting(plan_->rules.max_flows, [&] {
      return open_run(is_one ? captures_ : std::vector{captures_[i]}, tables.paths[i], tables.force);
    });
    if (opened) {
      run_to_the_end(**opened);
      continue;
    }
    if (i == 0) return std::unexpected(opened.error());
    report_.problems.push_back(opened.error());  // rows of the inputs before it are there
    break;
  }
  return {};
}

void SessionState::run_to_the_end(InputRun& run) {
  const auto done = memory_permitting(plan_->rules.max_flows, [&]() -> Result<void> {
    run.run(stop(), spec_.observer, report_);
    return {};
  });
  if (!done) report_.problems.push_back(done.error());
}

void SessionState::complete() {
  complete_report(*plan_, begin_, report_);
  set_phase(Phase::kDone);
}

Result<RunReport> SessionState::report() const {
  switch (phase()) {
    case Phase::kDone:
      return report_;
    case Phase::kRunning:
      return fail(ExitCode::kUsage, "the run of this session goes on: its report comes at the end");
    case Phase::kOpen:
      break;
  }
  return fail(ExitCode::kUsage, "the run of this session has not begun: there is no report");
}

// ---------------------------------------------------------------- what is pulled

Result<PulledOutput*> SessionState::pull(std::size_t output, const StreamOptions& options) {
  if (auto open = be_open(); !open) return std::unexpected(open.error());
  if (output >= plan_->outputs.size())
    return fail(ExitCode::kUsage, "the session has {}, counted from 0: there is no output {}",
                counted(plan_->outputs.size(), "output"), output);
  for (const auto& pulled : pulled_)
    if (pulled->output() == output)
      return fail(ExitCode::kUsage, "the output '{}' has a stream already", plan_->outputs[output].schema.name);
  pulled_.push_back(std::make_unique<PulledOutput>(*plan_, output, options));
  const std::scoped_lock lock(mutex_);
  ++streams_open_;
  return pulled_.back().get();
}

Result<void> SessionState::start() {
  const std::scoped_lock lock(start_mutex_);
  if (started_) return *started_;
  if (pulled_.empty()) return fail(ExitCode::kUsage, "no output of this session is pulled: run() writes its tables");
  if (auto ready = be_ready(); !ready) return ready;
  started_ = memory_permitting(plan_->rules.max_flows, [&] { return begin_streams(); });
  return *started_;
}

Result<void> SessionState::begin_streams() {
  if (auto directed = direct_to_queues(); !directed) return directed;
  if (auto begun = begin(); !begun) return begun;
  const std::vector<std::string> no_paths(plan_->outputs.size());
  auto opened = open_run(captures_, no_paths, false);
  if (!opened) return std::unexpected(opened.error());
  input_run_ = std::move(*opened);
  set_phase(Phase::kRunning);
  try {
    thread_ = std::jthread([this, guard = MemoryGuard(plan_->rules.max_flows)]() mutable { run_pulled(guard); });
  } catch (const std::system_error& error) {
    set_phase(Phase::kOpen);
    return std::unexpected(no_thread(error));
  }
  return {};
}

// Nobody reads the others: they are not computed.
Result<void> SessionState::direct_to_queues() {
  std::vector<std::size_t> kept;
  for (const auto& pulled : pulled_) {
    kept.push_back(pulled->output());
    kinds_.push_back(pulled->sink_kind([this, &pulled = *pulled](ArrowArray batch) { return take(pulled, batch); }));
  }
  if (auto done = keep_outputs(*plan_, kept); !done) return done;
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    PlannedOutput& output = plan_->outputs[i];
    output.kind = &kinds_[i];
    output.header = false;
    output.metadata = false;
    output.rotate = {};
    output.keep = {};
    output.existing = ExistingFile::kRefuse;
  }
  return {};
}

// A stream that is gone gets nothing; the others go on.
SinkState SessionState::take(PulledOutput& pulled, ArrowArray batch) {
  if (pulled.queue().push(batch) == BatchQueue::Reader::kThere) return SinkState::kOpen;
  return is_unread() ? SinkState::kClosed : SinkState::kOpen;
}

bool SessionState::is_unread() const {
  const std::scoped_lock lock(mutex_);
  return streams_open_ == 0;
}

void SessionState::run_pulled(MemoryGuard& guard) {
  leave_signals_to_others();
  const LogScope scope(log());
  const CrashStack crash_stack;
  run_to_the_end(*input_run_);
  input_run_.reset();
  if (is_unread()) {  // so the interrupt was its readers' going
    report_.reader_gone = true;
    report_.interrupted = false;
  }
  std::optional<Error> error;
  guard.step(error, [&] {
    complete();
    error = failure();
  });
  set_phase(Phase::kDone);
  for (const auto& pulled : pulled_) pulled->queue().end(copy_of(error));
}

std::optional<Error> SessionState::failure() const {
  if (report_.exit_code == ExitCode::kOk) return std::nullopt;
  const auto decisive = std::ranges::find(report_.problems, report_.exit_code, &Error::code);
  if (decisive != report_.problems.end()) return *decisive;
  return Error{report_.exit_code, "interrupted: the rows are of what was read until then"};
}

// Counted first: a run that nobody waits for any longer could come to its end before.
void SessionState::release(PulledOutput& pulled) {
  const bool is_last = [&] {
    const std::scoped_lock lock(mutex_);
    return --streams_open_ == 0;
  }();
  pulled.queue().release();
  if (!is_last) return;
  const std::scoped_lock lock(start_mutex_);
  if (phase() == Phase::kRunning) stop().abandon();  // it began meanwhile
  if (thread_.joinable()) thread_.join();
}

}  // namespace flowgauge
