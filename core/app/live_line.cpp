#include "core/app/live_line.h"

#include <fmt/format.h>

#include "core/base/text.h"
#include "core/view/rate_history.h"

namespace flowgauge {

std::string live_line(const RunStatus& status, LiveRate& last) {
  std::uint64_t seen = 0;
  std::uint64_t lost = 0;
  for (const LiveCounters& counters : status.interfaces) {
    seen += counters.seen;
    lost += counters.ring_full + counters.lost_before;
  }
  const double seconds = std::chrono::duration<double>(status.elapsed - last.elapsed).count();
  const double rate = seconds > 0 && seen > last.seen ? static_cast<double>(seen - last.seen) / seconds : 0;
  last = {seen, status.elapsed};
  std::string text = fmt::format("{}, {} packets/s, {}, {}", clock_text(status.elapsed),
                                 with_thousands(static_cast<std::uint64_t>(rate + 0.5)),
                                 counted(status.total().open_flows, "flow"), counted(status.rows(), "row"));
  if (lost != 0) text += fmt::format("; {} LOST", with_thousands(lost));
  return text;
}

}  // namespace flowgauge
