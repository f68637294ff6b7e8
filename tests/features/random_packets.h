// Packets by chance, the same in every run: short flows whose gaps lie at the thresholds of the features.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/features/feature_host.h"

namespace flowgauge::test {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}

  std::uint64_t number() {  // splitmix64
    std::uint64_t mixed = (state_ += 0x9e37'79b9'7f4a'7c15U);
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58'476d'1ce4'e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d0'49bb'1331'11ebU;
    return mixed ^ (mixed >> 31);
  }
  std::uint64_t below(std::uint64_t end) { return number() % end; }
  bool one_in(std::uint64_t times) { return below(times) == 0; }
  template <class Value>
  Value any_of(const std::vector<Value>& values) {
    return values[below(values.size())];
  }

 private:
  std::uint64_t state_;
};

// The time of the next packet: at, just below and just above the gaps that matter, equal, or older.
inline std::int64_t next_time(Chance& chance, std::int64_t now_ns) {
  static const std::vector<std::int64_t> kGapsNs = {0,
                                                    0,
                                                    1,
                                                    1'000,
                                                    kSecond / 3,
                                                    kSecond - 1,
                                                    kSecond,
                                                    kSecond + 1,
                                                    5 * kSecond - 1,
                                                    5 * kSecond,
                                                    5 * kSecond + 1,
                                                    7 * kSecond,
                                                    -1,
                                                    -kSecond / 2,
                                                    -kSecond,
                                                    -6 * kSecond};
  return now_ns + chance.any_of(kGapsNs);
}

}  // namespace flowgauge::test
