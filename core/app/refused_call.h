// A system call that a live run is refused (core/host/system_calls.h): it fails with EPERM for whoever made it, and a
// sentence says who that was, once for each call into a plugin.
#pragma once

namespace flowgauge {

// The handler of SIGSYS. Before the calls are limited.
void install_refused_call_handler();

}  // namespace flowgauge
