#include "core/plugin/float_state.h"

namespace flowgauge {
namespace {

struct Part {
  std::uint64_t bits;
  std::string_view reason;
};

#if defined(__x86_64__)
// Intel SDM 1, 8.1.5 (x87 control word) and 10.2.3 (MXCSR).
constexpr Part kParts[] = {
    {(0x0c00ULL << 32U) | 0x6000U, "it changed the rounding mode of floating-point numbers and did not put it back"},
    {0x8040U, "it made floating-point numbers near zero flush to zero and did not put that back"},
    {(0x003fULL << 32U) | 0x1f80U, "it changed which floating-point exceptions trap and did not put that back"},
};
#elif defined(__aarch64__)
// Arm ARM, FPCR: RMode; FZ, FZ16, FIZ, AH; the enable bits.
constexpr Part kParts[] = {
    {3ULL << 22U, "it changed the rounding mode of floating-point numbers and did not put it back"},
    {(1ULL << 24U) | (1ULL << 19U) | 3U,
     "it made floating-point numbers near zero flush to zero and did not put that back"},
    {0x9f00U, "it changed which floating-point exceptions trap and did not put that back"},
};
#else
constexpr Part kParts[] = {
    {~std::uint64_t{0}, "it changed the rounding mode of floating-point numbers and did not put it back"}};
#endif

std::string_view reason_for(std::uint64_t changed) {
  for (const Part& part : kParts)
    if ((changed & part.bits) != 0) return part.reason;
  return "it changed the precision of floating-point numbers and did not put it back";
}

}  // namespace

std::string_view FloatState::restore() const noexcept {
  const std::string_view reason = reason_for(bits_ ^ now().bits_);
#if defined(__x86_64__)
  const auto sse = static_cast<std::uint32_t>(bits_);
  const auto x87 = static_cast<std::uint16_t>(bits_ >> 32U);
  // Pending exceptions go first: fldcw would raise those that the plugin's control word lets through.
  __asm__ volatile("fnclex\n\tfldcw %0" ::"m"(x87) : "memory");
  __asm__ volatile("ldmxcsr %0" ::"m"(sse) : "memory");
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" ::"r"(bits_) : "memory");
#else
  std::fesetround(static_cast<int>(bits_));
#endif
  return reason;
}

}  // namespace flowgauge
