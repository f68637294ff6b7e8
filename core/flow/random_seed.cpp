#include "core/flow/random_seed.h"

#include <sys/random.h>

#include <random>

namespace flowgauge {

std::uint64_t random_seed() {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) == static_cast<ssize_t>(sizeof seed)) return seed;
  std::random_device device;  // where a sandbox forbids the call
  return (std::uint64_t{device()} << 32) | device();
}

}  // namespace flowgauge
