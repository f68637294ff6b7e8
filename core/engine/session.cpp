#include "core/engine/session.h"

#include <utility>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/engine/arrow_stream.h"
#include "core/engine/out_of_memory.h"
#include "core/engine/session_state.h"
#include "core/plugin/float_state.h"

namespace flowgauge {
namespace {

// What every call of a user is in: the session's log, standard arithmetic, and no exception for want of memory.
template <class Work>
auto within(SessionState& state, const Work& work) -> decltype(work()) {
  const LogScope scope(state.log());
  const StandardFloatState float_state;
  return memory_permitting(state.plan().rules.max_flows, work);
}

// Keeps the session's insides alive.
class SessionReader final : public BatchReader {
 public:
  SessionReader(std::shared_ptr<SessionState> state, PulledOutput& pulled, Waiting waiting)
      : state_(std::move(state)), pulled_(pulled), waiting_(std::move(waiting)) {}
  ~SessionReader() override {
    const LogScope scope(state_->log());
    state_->release(pulled_);
  }

  [[nodiscard]] ArrowSchema schema() const override { return pulled_.schema(); }

  Result<std::optional<ArrowArray>> next() override {
    auto started = within(*state_, [&] { return state_->start(); });
    if (!started) return std::unexpected(started.error());
    auto next = pulled_.queue().pop(waiting_);
    if (!next && next.error().code == ExitCode::kInterrupted) state_->stop().abandon();
    return next;
  }

 private:
  std::shared_ptr<SessionState> state_;
  PulledOutput& pulled_;
  Waiting waiting_;
};

}  // namespace

Session::Session(std::shared_ptr<SessionState> state) : state_(std::move(state)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Result<Session> Session::open(SessionSpec spec) {
  const LogScope scope(spec.log.get());
  const StandardFloatState float_state;
  return memory_permitting(spec.profile.flow.max_flows, [&]() -> Result<Session> {
    const auto begin = std::chrono::steady_clock::now();
    auto plan = make_plan(spec.profile, spec.plugins, spec.order_columns, spec.columns);
    if (!plan) return std::unexpected(plan.error());
    (*plan)->partitions = spec.partitions;
    return Session(std::make_shared<SessionState>(std::move(spec), std::move(*plan), begin));
  });
}

const Plan& Session::plan() const { return state_->plan(); }
std::span<const Input> Session::captures() const { return state_->captures(); }
void Session::interrupt() noexcept { state_->stop().request(); }

Result<std::size_t> Session::find_output(std::string_view schema) const {
  std::vector<std::string> names;
  for (const PlannedOutput& output : plan().outputs) {
    if (output.schema.name == schema) return names.size();
    names.push_back(output.schema.name);
  }
  return fail(ExitCode::kUsage, "no output has the schema '{}' (there is {}){}", schema, join(names),
              did_you_mean(schema, names));
}

Result<void> Session::add_captures(std::span<const std::string> paths) {
  return within(*state_, [&] { return state_->add_captures(paths); });
}

Result<void> Session::add_events(const std::string& folder) {
  return within(*state_, [&] { return state_->add_events(folder); });
}

Result<void> Session::add_interface(const std::string& name) {
  return within(*state_, [&] { return state_->add_interface(name); });
}

Result<void> Session::prepare() {
  return within(*state_, [&] { return state_->prepare(); });
}

Result<void> Session::write_events(const EventTask& task, const EventFileWritten& written) {
  return within(*state_, [&] { return state_->write_events(task, written); });
}

Result<void> Session::run(const RunTables& tables) {
  return within(*state_, [&] { return state_->run(tables); });
}

Result<void> Session::stream(std::size_t output, const StreamOptions& options, ArrowArrayStream& out) {
  return within(*state_, [&]() -> Result<void> {
    auto pulled = state_->pull(output, options);
    if (!pulled) return std::unexpected(pulled.error());
    export_stream(std::make_unique<SessionReader>(state_, **pulled, options.waiting), out);
    return {};
  });
}

Result<void> Session::start() {
  return within(*state_, [&] { return state_->start(); });
}

Result<RunReport> Session::report() const {
  return within(*state_, [&] { return state_->report(); });
}

}  // namespace flowgauge
