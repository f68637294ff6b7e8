#include "core/plugin/current_call.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "core/plugin/call_board.h"

namespace flowgauge {
namespace {

constexpr std::size_t kTextBytes = 1000;

constinit thread_local const RunningCall* running = nullptr;
constinit thread_local char error_text[kTextBytes] = {};
constinit thread_local std::size_t error_bytes = 0;
constinit thread_local CallBoard::Slot* own_slot = nullptr;
constinit thread_local CallBoard* board_of_slot = nullptr;
constinit bool is_copy = false;  // made by fork() in a call: set before anything else runs there

void note_copy() { is_copy = running != nullptr; }
const int kAtFork = ::pthread_atfork(nullptr, nullptr, note_copy);

void show(CallBoard& board, const RunningCall& call) noexcept {
  if (call.number == 0) call.number = board.number_of(call);
  if (board_of_slot != &board) {
    board_of_slot = &board;
    own_slot = board.take_slot();
  }
  if (own_slot != nullptr) own_slot->store(call.number, std::memory_order_relaxed);
}

}  // namespace

const RunningCall* running_call() noexcept { return running; }

RunningScope::RunningScope(const RunningCall* call) noexcept {
  running = call;
  error_bytes = 0;
  if (CallBoard* board = CallBoard::used(); board != nullptr) show(*board, *call);
}

RunningScope::~RunningScope() {
  if (is_copy) ::_exit(0);
  running = nullptr;
  if (CallBoard::used() != nullptr && own_slot != nullptr) own_slot->store(0, std::memory_order_relaxed);
}

std::string_view last_plugin_error() noexcept { return {error_text, error_bytes}; }

void keep_plugin_error(std::string_view text) noexcept {
  error_bytes = std::min(text.size(), kTextBytes);
  // Without allocation, and of one line.
  std::ranges::transform(text.substr(0, error_bytes), error_text, [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte < 0x20 || byte == 0x7f ? ' ' : letter;
  });
}

}  // namespace flowgauge
