// What counts as changed, and that it is put back, down to the numbers.
#include "core/plugin/float_state.h"

#include <gtest/gtest.h>

#include <cfenv>
#include <limits>

#include "core/plugin/guarded_call.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace flowgauge {
namespace {

constexpr RunningCall kCall{"made.so", "made", "update"};

double third() {
  volatile double one = 1;
  return one / 3;
}

// The reason of a call that does this; empty if it passes.
template <class Change>
std::string reason_of(const Change& change) {
  const double before = third();
  const fg_status status = guarded(kCall, [&] {
    change();
    return FG_OK;
  });
  EXPECT_EQ(third(), before);
  EXPECT_EQ(std::fegetround(), FE_TONEAREST);
  return status == FG_OK ? "" : std::string(last_plugin_error());
}

TEST(FloatState, CalculationsAndWhatIsPutBackAreNoChange) {
  EXPECT_EQ(reason_of([] {
              volatile double zero = 0;
              volatile double raises_flags = 1 / zero + 1 / 3.0 + std::numeric_limits<double>::max() * 2;
              (void)raises_flags;
            }),
            "");
  EXPECT_EQ(reason_of([] {
              std::fesetround(FE_UPWARD);
              const double up = third();
              std::fesetround(FE_DOWNWARD);
              EXPECT_GT(up, third());
              std::fesetround(FE_TONEAREST);
            }),
            "");
}

TEST(FloatState, EveryRoundingModeIsSeen) {
  for (const int mode : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO})
    EXPECT_EQ(reason_of([mode] { std::fesetround(mode); }),
              "it changed the rounding mode of floating-point numbers and did not put it back");
}

TEST(FloatState, ThrowingDoesNotHideIt) {
  EXPECT_EQ(reason_of([] {
              std::fesetround(FE_UPWARD);
              throw 7;
            }),
            "it threw an exception");
}

#if defined(__x86_64__)

TEST(FloatState, BothUnitsCount) {
  const auto set_x87 = [](std::uint16_t flip) {
    std::uint16_t word = 0;
    __asm__ volatile("fnstcw %0" : "=m"(word));
    word = static_cast<std::uint16_t>(word ^ flip);
    __asm__ volatile("fldcw %0" ::"m"(word));
  };
  EXPECT_EQ(reason_of([&] { set_x87(0x0400); }),
            "it changed the rounding mode of floating-point numbers and did not put it back");
  EXPECT_EQ(reason_of([&] { set_x87(0x0100); }),
            "it changed the precision of floating-point numbers and did not put it back");
  EXPECT_EQ(reason_of([&] { set_x87(0x0020); }),
            "it changed which floating-point exceptions trap and did not put that back");
}

TEST(FloatState, NumbersNearZeroStay) {
  volatile double tiny = std::numeric_limits<double>::denorm_min();
  for (const unsigned bit : {0x8000U, 0x0040U})  // flush to zero, denormals are zero
    EXPECT_EQ(reason_of([&] { _mm_setcsr(_mm_getcsr() | bit); }),
              "it made floating-point numbers near zero flush to zero and did not put that back");
  EXPECT_EQ(tiny + tiny, 2 * std::numeric_limits<double>::denorm_min());
}

// The exception of a division is pending in the x87 unit when its trap is already let through.
TEST(FloatState, APendingExceptionDoesNotTrapWhenItIsPutBack) {
  const long double before = 1;
  EXPECT_EQ(reason_of([&] {
              volatile long double zero = 0;
              volatile long double raises_flag = before / zero;
              (void)raises_flag;
              std::uint16_t word = 0;
              __asm__ volatile("fnstcw %0" : "=m"(word));
              word = static_cast<std::uint16_t>(word & ~0x3fU);
              __asm__ volatile("fldcw %0" ::"m"(word));
            }),
            "it changed which floating-point exceptions trap and did not put that back");
}

#endif

}  // namespace
}  // namespace flowgauge
