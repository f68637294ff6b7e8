#include "core/plugin/current_call.h"

#include <algorithm>
#include <cstring>

namespace flowgauge {
namespace {

constexpr std::size_t kTextBytes = 1000;

constinit thread_local const RunningCall* running = nullptr;
constinit thread_local char error_text[kTextBytes] = {};
constinit thread_local std::size_t error_bytes = 0;

}  // namespace

const RunningCall* running_call() noexcept { return running; }

RunningScope::RunningScope(const RunningCall* call) noexcept {
  running = call;
  error_bytes = 0;
}

RunningScope::~RunningScope() { running = nullptr; }

std::string_view last_plugin_error() noexcept { return {error_text, error_bytes}; }

void keep_plugin_error(std::string_view text) noexcept {
  error_bytes = std::min(text.size(), kTextBytes);
  std::memcpy(error_text, text.data(), error_bytes);
}

}  // namespace flowgauge
