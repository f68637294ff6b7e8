// The end of the interpreter. Whoever asks for its lock from then on is ended by it (pthread_exit), in the middle of
// functions that cannot be left so: the process would abort. Such threads stay where they are; they end with the
// process.
#pragma once

namespace flowgauge::python {

// This thread takes the interpreter down; it alone may go on.
void begin_end_of_interpreter() noexcept;
[[nodiscard]] bool is_interpreter_ending() noexcept;
// Returns only to who may ask for the lock.
void stay_if_interpreter_ends() noexcept;

}  // namespace flowgauge::python
