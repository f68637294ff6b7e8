// How often each value of a column comes, as far as memory is bounded: the first kMost different values are counted
// exactly, the rows of others together. How many different ones there are is estimated beyond that (HyperLogLog,
// Flajolet et al., 2007, with 4,096 registers: 1.6 % typical error).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flowgauge {

struct ValueShare {
  std::string value;
  std::uint64_t rows = 0;

  bool operator==(const ValueShare&) const = default;
};

class DistinctCount {
 public:
  void add(std::uint64_t hash) {
    const std::size_t place = hash >> (64 - kBits);
    const std::uint64_t rest = hash << kBits | std::uint64_t{1} << (kBits - 1);
    const auto rank = static_cast<std::uint8_t>(__builtin_clzll(rest) + 1);
    if (rank > registers_[place]) registers_[place] = rank;
  }
  [[nodiscard]] std::uint64_t estimate() const;

 private:
  static constexpr int kBits = 12;
  std::array<std::uint8_t, std::size_t{1} << kBits> registers_{};
};

class ValueCounts {
 public:
  static constexpr std::size_t kMost = 4096;
  static constexpr std::size_t kLongestValue = 256;  // bytes that are kept of one

  void add(std::string_view value, std::uint64_t hash, std::uint64_t times = 1);

  [[nodiscard]] bool is_exact() const { return others_ == 0; }
  [[nodiscard]] std::uint64_t distinct() const { return is_exact() ? counts_.size() : distinct_.estimate(); }
  [[nodiscard]] std::uint64_t others() const { return others_; }  // rows whose value is not counted by itself
  // The commonest first, equal ones by value; at most `most`.
  [[nodiscard]] std::vector<ValueShare> greatest(std::size_t most) const;

 private:
  struct Count {
    std::string value;
    std::uint64_t rows;
  };
  struct SameHash {
    std::size_t operator()(std::uint64_t hash) const { return hash; }
  };

  std::unordered_map<std::uint64_t, Count, SameHash> counts_;  // by hash of 64 bits: no two values of a table share one
  std::uint64_t last_hash_ = 0;
  Count* last_ = nullptr;
  std::uint64_t others_ = 0;
  DistinctCount distinct_;
};

}  // namespace flowgauge
