#include "core/engine/status_feed.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "core/base/handle.h"

namespace flowgauge {
namespace {

// /proc/self/statm: pages in all, then those that are resident.
std::uint64_t resident_bytes() {
  const std::unique_ptr<std::FILE, Closer<std::fclose>> file(std::fopen("/proc/self/statm", "re"));
  unsigned long long pages = 0;
  if (!file || std::fscanf(file.get(), "%*u %llu", &pages) != 1) return 0;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

RunStatus StatusFeed::gather(RunStatus::Phase phase, TimePoint now) const {
  RunStatus status;
  status.phase = phase;
  status.elapsed = now - start_;
  status.time_ns = std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
  // Rows before the workers that make them, so that none is written before it was made.
  status.outputs = outputs_.status();
  outputs_.describe_writing(status.lag);
  for (const auto& shard : shards_) {
    status.workers.push_back(shard->status());
    add_counters(status.counters, shard->feature_counters());
    if (observer_.traffic == Observer::TrafficWanted::kYes) status.traffic += shard->take_traffic();
  }
  status.memory_bytes = resident_bytes();
  describe_source_(status);
  const std::uint64_t made = status.total().rows;
  status.lag.rows = made - std::min(made, status.rows());
  return status;
}

}  // namespace flowgauge
