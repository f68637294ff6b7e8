// Replays the packets of some partitions from the event files of a job, as part of the stream that its captures are in
// their order: frames have the indices that they have in one run, fragments are joined to the first ones of all files,
// and the clock is led over all packets. Of those that it does not hand over, only what matters of them is a tick: an
// event of a foreign partition where the reading of the clock enters another second.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/events/event_file_reader.h"
#include "core/events/event_folder.h"
#include "core/flow/life_cycle.h"
#include "core/flow/partition_set.h"
#include "core/ingest/source.h"
#include "core/packet/fragment_table.h"
#include "core/packet/interface_names.h"
#include "core/packet/run_clock.h"

namespace flowgauge {

struct ReplayOptions {
  std::vector<EventFileEntry> files;  // from list_event_files
  PartitionSet partitions = PartitionSet::all();
  LifeCycle rules;
  std::uint8_t fragment_scope = PACKET_FRAGMENTS_OF_VLAN;
  bool has_bytes = false;           // blocks say where each event's bytes are
  InterfaceNames* names = nullptr;  // gets those of the interfaces that the captures name; null: nobody asks
};

class ReplaySource final : public Source {
 public:
  explicit ReplaySource(ReplayOptions options);

  SourceState read(EventBlock& block) override;
  void set_hand_over(HandOver /*hand_over*/) override {}  // files do not keep it waiting
  void interrupt() noexcept override { stop_.store(true, std::memory_order_relaxed); }

  [[nodiscard]] const Ledger& ledger() const override { return ledger_; }
  [[nodiscard]] const std::vector<Error>& problems() const override { return problems_; }
  [[nodiscard]] const std::vector<std::string>& warnings() const override { return warnings_; }
  [[nodiscard]] SourceProgress progress() const override;
  [[nodiscard]] const ClockCounters& clock() const override { return clock_.counters(); }
  [[nodiscard]] OtherPackets other_packets() const override { return OtherPackets::kLeftOut; }

 private:
  // A packet that the clock has not settled: its bytes are its own, since its chunk may be gone.
  struct Held {
    std::uint64_t frame;
    std::optional<packet_event> event;  // none: it is not one of ours
    std::vector<std::uint8_t> bytes;
  };
  using Bytes = std::span<const std::uint8_t>;

  bool step();
  bool open_next();
  bool load_chunk();
  template <class Belongs>
  bool load_piece(const EventPiece& piece, std::string_view what, const Belongs& belongs);
  void sort_kept();
  bool replay_span(const ClockSpan& span, std::uint64_t frames_end);
  [[nodiscard]] bool is_plain(const ClockSpan& span) const;
  [[nodiscard]] std::int64_t reading_at(std::int64_t greatest_ns) const;
  void replay_plainly(const ClockSpan& span, std::span<const SecondBegin> seconds, std::uint64_t frames_end);
  void pass_before(std::uint64_t frame, std::span<const SecondBegin>& seconds);
  bool replay_by_clock(const ClockSpan& span);
  void take_in(const TrackPacket& packet);
  void settle(std::span<const std::int64_t> readings);
  void finish();
  void hand_over(packet_event& event, Bytes bytes, std::uint64_t frame, std::int64_t reading_ns);
  void pass(std::uint64_t frame, std::int64_t reading_ns);
  void put(const packet_event& event, Bytes bytes, std::uint64_t frame, std::int64_t reading_ns);
  bool fail_with(Error error);  // false
  void leave_out_the_rest();

  struct KeptPacket {
    std::uint32_t frame;  // of the chunk
    std::uint32_t index;  // of events_
  };
  [[nodiscard]] bool is_next(std::uint32_t frame) const {
    return next_kept_ < kept_.size() && kept_[next_kept_].frame == frame;
  }
  [[nodiscard]] Bytes bytes_of(std::uint32_t index) const;

  const ReplayOptions options_;
  const bool tells_each_reading_;  // snapshots are due at any time, not at whole seconds alone
  std::uint8_t foreign_ = 0;       // a partition that is left out, if there is one
  RunClock clock_;
  FragmentTable fragments_;
  Ledger ledger_;
  std::uint64_t handed_over_ = 0;
  std::vector<Error> problems_;
  std::vector<std::string> warnings_;
  std::atomic<bool> stop_ = false;

  std::size_t next_file_ = 0;
  std::optional<EventFileReader> file_;
  std::uint64_t file_begin_ = 0;  // frame of the run
  std::uint64_t files_end_ = 0;   // behind those that were begun
  std::uint64_t first_tagged_ = kNoFrame;
  std::vector<std::uint16_t> numbers_;  // of the file's interfaces in the run, by those in the file
  std::vector<Chunk> chunks_;           // of the file
  std::size_t next_chunk_ = 0;

  const Chunk* chunk_ = nullptr;  // that is replayed
  std::size_t next_span_ = 0;
  std::size_t next_second_ = 0;             // of the chunk's
  PieceEvents events_;                      // piece after piece
  std::vector<std::uint64_t> bytes_begin_;  // of each event; empty without bytes
  std::vector<KeptPacket> kept_;            // in frame order
  std::size_t next_kept_ = 0;
  std::optional<std::string> track_;  // of the chunk, once it is needed
  std::vector<TrackPacket> packets_;  // of a span
  std::deque<Held> held_;

  EventBlock* block_ = nullptr;      // within read()
  std::int64_t told_ns_ = kNoClock;  // the last reading in a block

  std::uint64_t bytes_total_ = 0;
  std::atomic<std::uint64_t> bytes_begun_ = 0;
  std::atomic<std::uint32_t> files_begun_ = 0;
};

}  // namespace flowgauge
