#include "core/check/plugin_call.h"

namespace flowgauge {
namespace {

bool judges_whole = false;

std::string& failure() {
  static std::string text;
  return text;
}

}  // namespace

void judge_calls_whole() { judges_whole = true; }

const std::string& whole_call_failure() { return failure(); }

WholeCall::WholeCall(const RunningCall& call) : call_(call) {
  if (judges_whole) thread_.emplace();
}

WholeCall::~WholeCall() {
  if (!thread_) return;
  const bool is_create = std::string_view(call_.call) == "create";
  std::string_view changed = thread_->changed();
  if (!changed.empty()) thread_->restore();
  const std::string_view of_process = put_process_back(is_create ? ProcessState::At::kCreate : ProcessState::At::kEnd);
  if (changed.empty()) changed = of_process;
  if (!changed.empty() && failure().empty())
    failure() = fmt::format("feature '{}' failed in {}: {}", call_.feature, call_.call, changed);
}

}  // namespace flowgauge
