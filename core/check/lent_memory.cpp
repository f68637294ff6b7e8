#include "core/check/lent_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <new>

namespace flowgauge {
namespace {

enum class Place : std::uint8_t { kFree, kLent, kReleased };

// What the handler of crashes looks at.
struct Known {
  std::atomic<Place> place{Place::kFree};
  std::atomic<const std::byte*> begin{nullptr};
  std::atomic<const std::byte*> trap{nullptr};
  std::atomic<const std::byte*> end{nullptr};
};
constexpr std::size_t kMostKnown = std::size_t{1} << 16U;
std::array<Known, kMostKnown> g_known;
std::atomic<std::size_t> g_known_count{0};

// Whoever reads a little beyond an end where nothing traps reads zeros: it is told so once, where it traps.
constexpr std::size_t kZerosBehind = 1024;

std::size_t page_size() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

std::size_t rounded_up(std::size_t bytes, std::size_t to) { return (bytes + to - 1) / to * to; }

}  // namespace

LentMemory::Piece LentMemory::put(std::span<const std::byte> bytes, Access access) {
  const std::size_t room = rounded_up(std::max<std::size_t>(bytes.size(), 1), kPadding);
  Piece piece;
  if (traps_ == Traps::kNone) {  // no pages of its own, which would take most of the time
    piece.begin = plain_.emplace_back((room + kZerosBehind) / kPadding).front().bytes;
    std::ranges::copy(bytes, piece.begin);
    return piece;
  }
  piece.page_bytes = rounded_up(room, page_size());
  void* const pages =
      ::mmap(nullptr, piece.page_bytes + page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  piece.pages = static_cast<std::byte*>(pages);
  piece.begin = piece.pages + piece.page_bytes - room;
  std::ranges::copy(bytes, piece.begin);
  ::mprotect(piece.pages + piece.page_bytes, page_size(), PROT_NONE);
  if (access == Access::kReadOnly) ::mprotect(piece.pages, piece.page_bytes, PROT_READ);
  piece.number = g_known_count.fetch_add(1);
  if (piece.number >= kMostKnown) throw std::bad_alloc();
  Known& known = g_known[piece.number];
  known.begin = piece.pages;
  known.trap = piece.pages + piece.page_bytes;
  known.end = piece.pages + piece.page_bytes + page_size();
  known.place = Place::kLent;
  pieces_.push_back(piece);
  return piece;
}

// The pages stay where they are, so that nothing else comes to lie there.
void LentMemory::take_back(const Piece& piece) const {
  if (traps_ == Traps::kNone) return;
  g_known[piece.number].place = Place::kReleased;
  ::madvise(piece.pages, piece.page_bytes, MADV_DONTNEED);
  ::mprotect(piece.pages, piece.page_bytes, PROT_NONE);
}

LentMemory::~LentMemory() {
  for (const Piece& piece : pieces_) {
    g_known[piece.number].place = Place::kFree;
    ::munmap(piece.pages, piece.page_bytes + page_size());
  }
}

const char* misuse_of_lent_memory(const void* address) {
  const auto* const at = static_cast<const std::byte*>(address);
  const std::size_t count = std::min(g_known_count.load(), kMostKnown);
  for (std::size_t i = 0; i < count; ++i) {
    const Known& known = g_known[i];
    const Place place = known.place;
    if (place == Place::kFree || at < known.begin.load() || at >= known.end.load()) continue;
    if (place == Place::kReleased) return ", where it used a batch that it had released";
    return at < known.trap.load() ? ", where it wrote into a batch" : ", where it went beyond the end of a buffer";
  }
  return nullptr;
}

}  // namespace flowgauge
