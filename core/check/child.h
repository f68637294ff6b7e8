// Runs a function that calls a plugin's code in a child process, with limits of its own: whatever it does - crashes,
// hangs, takes all memory, ends the process - is a sentence here. Call it before any thread is started.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "core/base/sanitizers.h"
#include "core/plugin/child_process.h"

namespace flowgauge {

// What a check may take.
inline constexpr ChildLimits kCheckLimits{.time = std::chrono::seconds(60),
                                          .processor_time = std::chrono::seconds(10),
                                          .memory_bytes = std::uint64_t{2} << 30U};

struct ChildReport {
  bool ended_well = false;
  bool never_ended = false;  // it took all its time
  std::string told;          // what the function returned
  std::string fault;         // else how it ended: "crashed in update of feature 'x' (signal 11, Segmentation fault)"
};

// In the child: what is tried just now, for the sentence about a crash. Empty: nothing in particular.
void set_running_case(const std::string& text);

// In the child: what an access to this address was, for the same sentence, or nullptr. Called by the handler of
// signals.
void set_address_note(const char* (*note)(const void* address));

[[nodiscard]] ChildReport check_in_child(const std::function<std::string()>& function, const ChildLimits& limits);

// Address sanitizers keep freed memory, and stop what takes too much in their own way.
inline constexpr bool kMemoryIsCounted = !kIsSanitized;

}  // namespace flowgauge
