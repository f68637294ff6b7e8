// One worker of a run, and what it makes of the packets.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/plan.h"
#include "core/engine/shard.h"
#include "tests/fuzz/cell_block.h"
#include "tests/fuzz/target.h"

namespace flowgauge::test {

struct Row {
  ReleaseOrder order;
  std::string cells;  // of all tables
  auto operator<=>(const Row&) const = default;
};

// Of one worker, or of all of them.
struct RowsMade {
  std::vector<Row> rows;
  ShardCounters counters;
  VlanHalves halves;
};

class RowWorker {
 public:
  RowWorker(const Plan& plan, std::uint32_t number, std::uint32_t workers) {
    auto shard = Shard::create(plan, number, workers);
    must_hold(shard.has_value(), "features are created");
    shard_ = std::move(*shard);
  }

  void process(const EventBlock& block) { shard_->process(block, take_); }
  void snapshot() { shard_->snapshot(take_); }
  // Adds to what others made; rows that somebody asked for have no place among them.
  enum class Places : std::uint8_t { kInOrder, kAny };
  void end(RowsMade& made, Places places) {
    shard_->drain(take_);
    shard_->close();
    must_hold(!shard_->error(), "no feature fails");
    auto counters = shard_->counters();
    must_hold(counters.packets_in_rows == counters.flows.packets, "each packet is in a row");
    const auto is_earlier = [](const Row& a, const Row& b) { return a.order < b.order; };
    must_hold(places == Places::kAny || std::ranges::is_sorted(rows_, is_earlier), "rows come in order");
    counters.flows.most_flows = 0;  // of all workers it is no number of flows at one time
    std::ranges::move(rows_, std::back_inserter(made.rows));
    made.counters += counters;
    made.halves.merge(shard_->vlan_halves());
  }
  [[nodiscard]] std::uint64_t packets() const { return shard_->counters().flows.packets; }

 private:
  std::unique_ptr<Shard> shard_;
  std::vector<Row> rows_;
  const Shard::RowsReady take_ = [this](ShardRows& rows, Shard::Portion) {
    for (std::size_t row = 0; row < rows.order.size(); ++row) {
      rows_.push_back({rows.order[row], {}});
      for (const auto& output : rows.outputs) rows_.back().cells += static_cast<const CellBlock&>(*output).bytes(row);
    }
  };
};

}  // namespace flowgauge::test
