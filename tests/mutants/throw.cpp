// What the mutant sink_throws calls, which is C.
#include <stdexcept>

extern "C" __attribute__((visibility("hidden"))) void mutant_throw(void);
extern "C" void mutant_throw(void) { throw std::runtime_error("a row of 0 bytes"); }
