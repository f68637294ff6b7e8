// A set of numbers that one thread publishes now and then and any thread reads, without a lock.
// Each number is read whole. Two numbers may come from two publications that followed each other.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace flowgauge {

// `Numbers`: a struct of 64-bit integers alone.
template <class Numbers>
class alignas(64) Published {
  static_assert(std::is_trivially_copyable_v<Numbers> && std::has_unique_object_representations_v<Numbers>);
  static_assert(sizeof(Numbers) % sizeof(std::uint64_t) == 0);
  using Words = std::array<std::uint64_t, sizeof(Numbers) / sizeof(std::uint64_t)>;

 public:
  Published() { publish({}); }

  void publish(const Numbers& numbers) {
    const auto words = std::bit_cast<Words>(numbers);
    for (std::size_t i = 0; i < words.size(); ++i) words_[i].store(words[i], std::memory_order_relaxed);
  }

  [[nodiscard]] Numbers read() const {
    Words words;
    for (std::size_t i = 0; i < words.size(); ++i) words[i] = words_[i].load(std::memory_order_relaxed);
    return std::bit_cast<Numbers>(words);
  }

 private:
  std::array<std::atomic<std::uint64_t>, std::tuple_size_v<Words>> words_;
};

// The same for a list of numbers, whose length is known when it is made.
class PublishedList {
 public:
  explicit PublishedList(std::size_t size) : numbers_(size) {}

  // As many as there are.
  void publish(std::span<const std::uint64_t> numbers) {
    for (std::size_t i = 0; i < numbers_.size(); ++i) numbers_[i].store(numbers[i], std::memory_order_relaxed);
  }

  [[nodiscard]] std::vector<std::uint64_t> read() const {
    std::vector<std::uint64_t> numbers;
    for (const auto& number : numbers_) numbers.push_back(number.load(std::memory_order_relaxed));
    return numbers;
  }

 private:
  std::vector<std::atomic<std::uint64_t>> numbers_;
};

}  // namespace flowgauge
