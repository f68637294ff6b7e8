// What the view knows of a run: the newest status, and what follows from those before it: rates, their history, who
// moves most. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/engine/run_status.h"
#include "core/view/rate_history.h"

namespace flowgauge {

// An address or a service, and how much it moves.
struct TalkerRate {
  TrafficKey key;
  double bits = 0;  // a second, of the last few seconds
};

// "10.0.0.1", "tcp/443 web", "icmp".
[[nodiscard]] std::string name_of(const TrafficKey& key);

class RunPicture {
 public:
  void add(const RunStatus& status);

  [[nodiscard]] const RunStatus& status() const { return status_; }
  [[nodiscard]] const RateHistory& packets() const { return packets_; }
  [[nodiscard]] const RateHistory& bits() const { return bits_; }
  [[nodiscard]] const RateHistory& lost() const { return lost_; }
  [[nodiscard]] const RateHistory& new_flows() const { return new_flows_; }
  [[nodiscard]] const RateHistory& ended_flows() const { return ended_flows_; }
  // Packets that interfaces showed, or frames that were read; and what was lost of them.
  [[nodiscard]] std::uint64_t packets_seen() const;
  [[nodiscard]] std::uint64_t packets_lost() const;

  // With the most bits a second first.
  [[nodiscard]] std::vector<TalkerRate> addresses() const { return rates_of(Kind::kAddress); }
  [[nodiscard]] std::vector<TalkerRate> services() const { return rates_of(Kind::kService); }

 private:
  enum class Kind : std::uint8_t { kAddress, kService };
  void add_traffic(const Traffic& traffic, double seconds);
  void keep_greatest();
  [[nodiscard]] std::vector<TalkerRate> rates_of(Kind kind) const;

  RunStatus status_;
  RateHistory packets_, bits_, lost_, new_flows_, ended_flows_;
  std::map<TrafficKey, double> rates_;
};

}  // namespace flowgauge
