// What libbpf says goes to the log, at the level debug: the errors that users see are written here, in core/live.
#pragma once

namespace flowgauge {

// Before the first call of libbpf; once is enough.
void redirect_libbpf_messages();

}  // namespace flowgauge
