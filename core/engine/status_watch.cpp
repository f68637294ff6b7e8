#include "core/engine/status_watch.h"

#include <chrono>
#include <new>
#include <optional>
#include <utility>

namespace flowgauge {

StatusWatch::StatusWatch(const Observer& observer, std::span<const std::unique_ptr<Shard>> shards,
                         const OutputSet& outputs, StatusFeed::DescribeSource describe_source,
                         StatusFeed::TimePoint start)
    : steady_{.status = observer.steady, .every = observer.steadily_every},
      feed_(steady_, shards, outputs, std::move(describe_source), start, StatusFeed::First::kAtOnce) {
  if (!steady_.status) return;
  thread_.start("watches the run", [this] {
    try {
      feed_.tell();
    } catch (const std::bad_alloc&) {  // the run has its own sentence for it
    }
    return std::optional(std::chrono::steady_clock::now() + steady_.every);
  });
}

void StatusWatch::tell_end() {
  thread_.stop();
  feed_.tell_end();
}

}  // namespace flowgauge
