#include "core/plugin/current_call.h"

#include <pthread.h>

#include <algorithm>

#include "core/base/shown_text.h"

namespace flowgauge {
namespace {

constexpr std::size_t kTextBytes = 1000;

constinit thread_local char error_text[kTextBytes] = {};

// Before anything else runs in the copy.
void note_copy() { current_call::is_copy = current_call::here.running != nullptr; }
const int kAtFork = ::pthread_atfork(nullptr, nullptr, note_copy);

}  // namespace

namespace current_call {

constinit thread_local OfThread here{};
constinit bool is_copy = false;

void show_first(const RunningCall& call) noexcept {
  CallBoard* const board = CallBoard::used();
  if (here.board != board) {
    here.board = board;
    here.slot = board == nullptr ? nullptr : board->take_slot();
  }
  if (board == nullptr) return;
  if (call.number == 0) call.number = board->number_of(call);
  if (here.slot != nullptr) here.slot->store(call.number, std::memory_order_relaxed);
}

}  // namespace current_call

const RunningCall* running_call() noexcept { return current_call::here.running; }

std::string_view last_plugin_error() noexcept { return {error_text, current_call::here.error_bytes}; }

std::string plugin_reason() {
  const std::string_view text = last_plugin_error();
  return text.empty() ? "it did not say why" : shown_text(text);
}

void keep_plugin_error(std::string_view text) noexcept {
  current_call::here.error_bytes = std::min(text.size(), kTextBytes);
  // Without allocation, and of one line.
  std::ranges::transform(text.substr(0, kTextBytes), error_text, [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte < 0x20 || byte == 0x7f ? ' ' : letter;
  });
}

}  // namespace flowgauge
