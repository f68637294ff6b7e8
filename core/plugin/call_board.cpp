#include "core/plugin/call_board.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <new>
#include <string_view>

#include "core/plugin/current_call.h"

namespace flowgauge {
namespace {

template <std::size_t Bytes>
void put(std::array<char, Bytes>& to, const char* text) noexcept {
  const std::size_t bytes = std::min(::strnlen(text, Bytes - 1), Bytes - 1);
  std::memcpy(to.data(), text, bytes);
  to[bytes] = '\0';
}

std::size_t hash_of(const RunningCall& call) noexcept {
  const std::hash<std::string_view> hash;
  return hash(call.path) * 31 + hash(call.feature) * 7 + hash(call.call);
}

template <std::size_t Bytes>
std::string_view shown(const std::array<char, Bytes>& text) noexcept {
  return {text.data(), ::strnlen(text.data(), Bytes)};
}

}  // namespace

CallBoard* CallBoard::make() {
  void* memory = ::mmap(nullptr, sizeof(CallBoard), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  return new (memory) CallBoard;  // NOLINT(cppcoreguidelines-owning-memory): the mapping's
}

void CallBoard::use(CallBoard* board) noexcept { in_use.store(board, std::memory_order_relaxed); }

CallBoard::Slot* CallBoard::take_slot() noexcept {
  const std::uint32_t number = slots_taken_.fetch_add(1, std::memory_order_relaxed);
  return number < kSlots ? &slots_[number].number : nullptr;
}

bool CallBoard::has(const Name& name, const RunningCall& call) const noexcept {
  return shown(name.call) == call.call && shown(name.feature) == call.feature && shown(name.path) == call.path &&
         shown(name.kind) == call.kind;
}

std::uint32_t CallBoard::number_of(const RunningCall& call) noexcept {
  const std::scoped_lock lock(naming_);
  const std::uint32_t used = std::min<std::uint32_t>(names_used_.load(std::memory_order_relaxed), kNames);
  const std::size_t hash = hash_of(call);
  for (std::uint32_t i = 0; i < used; ++i)
    if (hashes_[i] == hash && has(names_[i], call)) return i + 1;
  if (used == kNames) return 0;
  put(names_[used].path, call.path);
  put(names_[used].feature, call.feature);
  put(names_[used].call, call.call);
  put(names_[used].kind, call.kind);
  hashes_[used] = hash;
  names_used_.store(used + 1, std::memory_order_release);
  return used + 1;
}

NamedCall CallBoard::named(std::uint32_t number) const {
  if (number == 0 || number > kNames) return {};
  const Name& name = names_[number - 1];
  return {std::string(shown(name.path)), std::string(shown(name.feature)), std::string(shown(name.call)),
          std::string(shown(name.kind))};
}

std::vector<NamedCall> CallBoard::running() const {
  std::vector<NamedCall> calls;
  for (const PaddedSlot& slot : slots_) {
    NamedCall call = named(slot.number.load(std::memory_order_relaxed));
    if (!call.call.empty() && std::ranges::find(calls, call) == calls.end()) calls.push_back(std::move(call));
  }
  return calls;
}

}  // namespace flowgauge
