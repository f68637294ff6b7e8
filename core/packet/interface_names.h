// The names of the interfaces that a run sees packets on, by the numbers that events have of them, from 1. It grows
// while the run goes on, and a name stays where it is.
// Threads: one adds; any reads. Who has a number finds its name.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace flowgauge {

class InterfaceNames {
 public:
  static constexpr std::uint32_t kMost = 65'535;
  static constexpr std::size_t kLongestBytes = 255;

  // A further interface, whatever the others are called. 0: it has no name, or there are too many. A name ends before a
  // NUL; one that is longer, or not UTF-8, is none.
  std::uint16_t add(std::string_view name);
  // The first of this name; where there is none, a further one.
  std::uint16_t number_of(std::string_view name);

  // Empty: it is not known. Valid as long as this object.
  [[nodiscard]] std::string_view name(std::uint16_t number) const;
  [[nodiscard]] std::uint32_t size() const { return size_.load(std::memory_order_acquire); }

 private:
  static constexpr std::uint32_t kPartNames = 256;
  using Part = std::array<std::string, kPartNames>;

  std::array<std::unique_ptr<Part>, kMost / kPartNames + 1> parts_;
  std::atomic<std::uint32_t> size_{0};  // behind what it counts
  std::map<std::string, std::uint16_t, std::less<>> first_;
};

}  // namespace flowgauge
