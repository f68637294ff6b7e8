// The process of a trial: loads libraries and creates features as it is asked, until nobody asks any more. What they
// start lives on between the requests, so that a feature is created in the process that has loaded its library.
#pragma once

namespace flowgauge {

// Requests come from, and messages go to, the socket. Returns when the other end is closed.
void serve_trial(int socket);

}  // namespace flowgauge
