// The names of a run's interfaces: numbers, what is no name, and how many there may be.
#include "core/packet/interface_names.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

namespace flowgauge {
namespace {

TEST(InterfaceNames, CountFromOneAndStay) {
  InterfaceNames names;
  EXPECT_EQ(names.name(0), "");
  EXPECT_EQ(names.name(1), "");
  EXPECT_EQ(names.number_of("eth0"), 1);
  EXPECT_EQ(names.number_of("eth1"), 2);
  EXPECT_EQ(names.number_of("eth0"), 1);
  const std::string_view first = names.name(1);
  EXPECT_EQ(names.add("eth0"), 3) << "another interface of the same name";
  EXPECT_EQ(names.number_of("eth0"), 1);
  for (int i = 0; i < 1000; ++i) names.add("other");
  EXPECT_EQ(first, "eth0");
  EXPECT_EQ(names.name(3), "eth0");
  EXPECT_EQ(names.size(), 1003U);
}

TEST(InterfaceNames, WhatIsNoNameHasNoNumber) {
  InterfaceNames names;
  for (const std::string& none : {std::string(), std::string("\0a", 2), std::string("\xc3"), std::string(256, 'n')})
    EXPECT_EQ(names.number_of(none), 0) << none;
  EXPECT_EQ(names.size(), 0U);
  EXPECT_EQ(names.number_of(std::string("a\0b", 3)), 1);
  EXPECT_EQ(names.number_of("a"), 1);
  EXPECT_EQ(names.number_of(std::string(255, 'n')), 2);
}

TEST(InterfaceNames, OfMoreThanTheMostTheFirstOnesStay) {
  InterfaceNames names;
  for (std::uint32_t i = 1; i <= InterfaceNames::kMost; ++i) ASSERT_EQ(names.number_of(std::to_string(i)), i);
  EXPECT_EQ(names.number_of("one more"), 0);
  EXPECT_EQ(names.number_of("65535"), 65535);
  EXPECT_EQ(names.name(65535), "65535");
}

TEST(InterfaceNames, AreReadWhileTheyGrow) {
  InterfaceNames names;
  std::atomic<std::uint16_t> newest{0};
  std::thread adder([&] {
    for (int i = 1; i <= 5000; ++i) newest.store(names.add(std::to_string(i)), std::memory_order_relaxed);
  });
  for (std::uint16_t seen = 0; seen < 5000;) {
    seen = newest.load(std::memory_order_relaxed);
    const std::string_view name = names.name(seen);
    // The number alone orders nothing; whoever has it from an event is behind the name.
    if (!name.empty()) {
      ASSERT_EQ(name, std::to_string(seen));
    }
  }
  adder.join();
  EXPECT_EQ(names.name(5000), "5000");
}

}  // namespace
}  // namespace flowgauge
