// Reads capture files one after another as one stream of packet events. Frames are parsed where they were read to.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/ingest/filter_hint.h"
#include "core/ingest/filter_set.h"
#include "core/ingest/input_list.h"
#include "core/ingest/source.h"
#include "core/packet/fragment_table.h"
#include "core/packet/interface_names.h"
#include "core/packet/parse/parse.h"
#include "core/packet/run_clock.h"

namespace flowgauge {

class CaptureFile;

// Of later fragments: at once to their first ones, or elsewhere.
enum class FragmentJoin { kAtOnce, kLater };

struct PcapSourceOptions {
  std::vector<Input> inputs;  // from expand_inputs
  std::string filter;         // libpcap's language; empty: every frame
  packet_parse_config parse = packet_parse_defaults();
  ClockRules clock;
  std::uint64_t max_packets = 0;  // stop after so many frames of the run; 0: all
  BytesWanted bytes;              // of each packet, copied into the block
  FragmentJoin fragments = FragmentJoin::kAtOnce;
  InterfaceNames* names = nullptr;  // gets those of the interfaces that captures name; null: nobody asks
};

class PcapSource final : public Source {
 public:
  // Fails (kUsage) if the filter does not compile for the link type of an input.
  [[nodiscard]] static Result<std::unique_ptr<PcapSource>> create(PcapSourceOptions options);
  ~PcapSource() override;

  SourceState read(EventBlock& block) override;
  void set_hand_over(HandOver hand_over) override;
  void interrupt() noexcept override { stop_.store(true, std::memory_order_relaxed); }

  [[nodiscard]] const Ledger& ledger() const override { return ledger_; }
  [[nodiscard]] const std::vector<Error>& problems() const override { return problems_; }
  [[nodiscard]] const std::vector<std::string>& warnings() const override { return warnings_; }
  [[nodiscard]] SourceProgress progress() const override;

  [[nodiscard]] const ClockCounters& clock() const override { return clock_.counters(); }

 private:
  explicit PcapSource(PcapSourceOptions options);
  bool open_next();
  void close_input();
  void begin_block(EventBlock& block);
  void end_block(EventBlock& block, SourceState state);
  void hand_over();
  bool read_frame(EventBlock& block, std::size_t& count);
  std::size_t take_held(EventBlock& block);
  void begin_clocks(EventBlock& block);
  void settle(std::span<const std::int64_t> readings, EventBlock& block);
  void join(packet_event& event, std::int64_t clock_ns) {
    if (options_.fragments == FragmentJoin::kAtOnce) fragments_.join(event, clock_ns);
  }
  [[nodiscard]] bool choose_filter(int link_type);
  void warn_of_link_type(int link_type);
  void note_untimed();
  void give_hint();

  const PcapSourceOptions options_;
  HandOver hand_over_;
  std::function<void()> on_held_;  // what streams call
  EventBlock* block_ = nullptr;    // within read(): the block at hand
  std::size_t count_ = 0;          // of events in it
  bool tells_clock_ = true;        // the timestamps of its events alone tell the clock so far, as nearly always
  std::size_t next_input_ = 0;
  std::uint64_t bytes_total_ = 0;
  std::uint64_t bytes_of_inputs_begun_ = 0;
  std::unique_ptr<CaptureFile> capture_;  // null between inputs
  std::uint64_t frames_before_input_ = 0;
  std::optional<FilterSet> filters_;  // where a filter is asked for
  const FrameFilter nothing_ = FrameFilter::nothing();
  const FrameFilter* filter_ = nullptr;  // of filters_, or nothing_
  int filter_link_type_ = -1;            // of the frames that filter_ is for
  std::optional<FilterHint> hint_;       // as long as the filter has let nothing through
  FragmentTable fragments_;
  RunClock clock_;
  EventBlock held_;  // events behind the last block's, which the clock has not settled
  Ledger ledger_;
  std::vector<Error> problems_;
  std::vector<std::string> warnings_;
  std::set<int> link_types_warned_of_;
  std::set<int> link_types_not_filtered_;
  std::atomic<std::uint64_t> bytes_read_ = 0;
  std::atomic<std::uint32_t> inputs_begun_ = 0;  // next_input_, for any thread
  std::atomic<bool> stop_ = false;
};

}  // namespace flowgauge
