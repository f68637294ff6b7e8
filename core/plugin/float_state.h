// How the processor calculates with floating-point numbers on this thread: rounding, numbers near zero, traps.
// It belongs to the host. A plugin that leaves it changed would change the numbers of everybody who comes after it.
// Reading costs a few cycles. The flags that calculations leave behind are no part of it.
#pragma once

#include <cstdint>
#include <string_view>

#if !defined(__x86_64__) && !defined(__aarch64__)
#include <cfenv>
#endif

namespace flowgauge {

class FloatState {
 public:
  // Of this thread, now.
  [[nodiscard]] static FloatState now() noexcept {
    FloatState state;
#if defined(__x86_64__)
    std::uint32_t sse = 0;
    std::uint16_t x87 = 0;
    __asm__ volatile("stmxcsr %0" : "=m"(sse)::"memory");
    __asm__ volatile("fnstcw %0" : "=m"(x87)::"memory");
    state.bits_ = (std::uint64_t{x87} << 32U) | (sse & ~kSseFlags);
#elif defined(__aarch64__)
    __asm__ volatile("mrs %0, fpcr" : "=r"(state.bits_)::"memory");
#else
    state.bits_ = static_cast<std::uint64_t>(std::fegetround());
#endif
    return state;
  }

  // Whether the thread still has this state.
  [[nodiscard]] bool stands() const noexcept { return bits_ == now().bits_; }

  // What IEEE 754 and the C standard begin with: to the nearest, numbers near zero as they are, no traps.
  [[nodiscard]] static FloatState standard() noexcept {
    FloatState state;
#if defined(__x86_64__)
    state.bits_ = (std::uint64_t{0x037f} << 32U) | 0x1f80U;
#elif !defined(__aarch64__)
    state.bits_ = FE_TONEAREST;
#endif
    return state;
  }

  // Gives the thread this state again. Says what was changed, as the reason of a failure: "it changed ...".
  std::string_view restore() const noexcept;

 private:
  // On x86-64: MXCSR without its flags, and above it the control word of the x87 unit (long double).
  static constexpr std::uint32_t kSseFlags = 0x3f;
  std::uint64_t bits_ = 0;
};

// The standard state for a while, whatever the caller of a library has; threads that begin meanwhile begin with it.
class StandardFloatState {
 public:
  StandardFloatState() noexcept { FloatState::standard().restore(); }
  StandardFloatState(const StandardFloatState&) = delete;
  StandardFloatState& operator=(const StandardFloatState&) = delete;
  ~StandardFloatState() { callers_.restore(); }

 private:
  FloatState callers_ = FloatState::now();
};

}  // namespace flowgauge
