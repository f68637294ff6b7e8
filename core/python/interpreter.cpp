#include "core/python/interpreter.h"

#include <pthread.h>
#include <unistd.h>

#include <atomic>

namespace flowgauge::python {
namespace {

pthread_t last_thread{};
std::atomic<bool> is_ending = false;

}  // namespace

void begin_end_of_interpreter() noexcept {
  last_thread = ::pthread_self();
  is_ending = true;
}

bool is_interpreter_ending() noexcept { return is_ending; }

void stay_if_interpreter_ends() noexcept {
  while (is_ending && ::pthread_equal(::pthread_self(), last_thread) == 0) ::pause();
}

}  // namespace flowgauge::python
