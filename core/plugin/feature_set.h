// The active features of one worker: one instance of each, called once per batch. Hot.
// Thread: create, every call and the destructor run on the worker (or before and after its life).
// An error latches: after the first failure update and emit do nothing and return false; the run stops there and
// the rows so far are good.
// Each feature sees what it needs: arrays behind a need that it has not declared are null pointers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/packet/batch.h"
#include "core/packet/event_block.h"
#include "core/plugin/arena.h"
#include "core/plugin/cell_notes.h"
#include "core/plugin/current_call.h"
#include "core/plugin/feature_counters.h"
#include "core/plugin/known_texts.h"
#include "core/plugin/module.h"
#include "core/plugin/options.h"
#include "core/plugin/record_layout.h"
#include "core/plugin/shown_batch.h"

namespace flowgauge {

struct ActiveFeature {
  const Feature* feature = nullptr;
  OptionValues options;
};

// The record that the active features need behind the host's own part.
[[nodiscard]] RecordLayout lay_out_record(std::span<const ActiveFeature> active, std::uint32_t base_bytes);
// What all of them need together, kNeedsPorts too: which arrays of PacketBatch and FlowViews must be filled in.
[[nodiscard]] fg_needs needs_of(std::span<const ActiveFeature> active);
// Whether some feature may ask that a flow ends: batches then have one packet.
[[nodiscard]] bool may_end_flows(std::span<const ActiveFeature> active);
// Their counters, all 0.
[[nodiscard]] FeatureCounters counters_of(std::span<const ActiveFeature> active);
// What the batch must hold of packets' bytes.
[[nodiscard]] BytesWanted bytes_wanted_by(std::span<const ActiveFeature> active);

// The end of a run, or of a thread's part of it: what a plugin has changed meanwhile is put back. Nobody knows which
// call it was: the failure names them all. `reason` as process_state.h gives it; empty: no failure.
[[nodiscard]] std::optional<Error> unknown_change(std::span<const ActiveFeature> active, std::string_view reason,
                                                  std::span<const Sink* const> sinks = {});

class FeatureSet {
 public:
  // Calls create of each; if one fails, those before it are destroyed again.
  [[nodiscard]] static Result<std::unique_ptr<FeatureSet>> create(std::vector<ActiveFeature> active,
                                                                  const RecordLayout& layout, std::uint32_t worker);
  FeatureSet(const FeatureSet&) = delete;
  FeatureSet& operator=(const FeatureSet&) = delete;
  ~FeatureSet();

  // Each feature sees the batch once, or what its filters show of it. False: see error().
  [[nodiscard]] bool update(const PacketBatch& batch);

  // What the first feature to ask wants of the last update()'s batch: 1 + the number of its end; 0: nobody asked.
  [[nodiscard]] std::uint32_t end_asked() const { return end_asked_; }

  // What the host's own columns say of where packets were seen. It outlives all that is done here.
  void tell(const ObservationPoint& place) { place_ = &place; }

  // columns[f] are the vectors of the f-th feature's columns, all of them in the declared order, zeroed; cells NULL
  // where nobody wants the column (a feature of which nothing is wanted is not called). Afterwards cells of
  // type FG_TIME are absolute (FG_NEVER gives 0), doubles are finite, booleans 0 or 1, texts UTF-8 without NUL, and
  // texts and lists lie where they may: else it is the feature's error.
  // Strings and lists live in `arena` until its reset, which is the caller's, or in the modules.
  [[nodiscard]] bool emit(const FlowViews& flows, std::span<const std::span<const fg_vector>> columns, Arena& arena);

  // Asks the features that count for their values so far, between batches. False: see error(); counts() are older then.
  [[nodiscard]] bool count();
  // As counters_of has them.
  [[nodiscard]] std::span<const std::uint64_t> counts() const { return counts_; }

  // Once for each flow that ended, after its last emit; the records may then be recycled. Also after an error. Whether
  // it failed says error().
  void release(std::span<unsigned char* const> records);
  // Destroys the instances, where the worker's life ends well or not: error() may say that this failed. Nothing but
  // size(), counts() and the two below may be asked afterwards. The destructor does it else.
  void close();
  // Whether release does anything: some state owns memory.
  [[nodiscard]] bool owns_memory() const { return owns_memory_; }

  [[nodiscard]] std::size_t size() const { return slots_.size(); }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] const CellNotes& cell_notes() const { return cell_notes_; }

 private:
  struct Slot {
    ActiveFeature active;
    std::uint32_t state_offset = 0;
    std::uint32_t guard_offset = 0;        // 0: it has none
    std::uint32_t first_end = 0;           // in end_texts_
    std::uint32_t first_count = 0;         // in counts_
    PacketSelection* selection = nullptr;  // null: it is shown every packet
    void* instance = nullptr;
    RunningCall update, emit, count, release, destroy;
    std::unique_ptr<KnownTexts> known;
    std::vector<std::uint32_t> to_settle;  // columns
  };
  explicit FeatureSet(std::uint32_t payload_bytes) : shown_(payload_bytes) {}
  void latch(const Slot& slot, const RunningCall& call);
  bool take_ends(const Slot& slot);
  // Whether every feature kept to its own state; latches else.
  [[nodiscard]] bool states_stand(std::span<const unsigned char* const> records);
  [[nodiscard]] bool settle(const Slot& slot, std::span<const fg_vector> vectors,
                            std::span<const std::int64_t> start_ns, Arena& arena);

  std::vector<Slot> slots_;
  ShownBatch shown_;
  bool owns_memory_ = false;
  std::vector<std::uint32_t> guard_offsets_;  // of all features that have one
  std::vector<std::string> end_texts_;        // "tls: handshake", of all features
  std::vector<std::uint32_t> ends_;           // what the feature at hand asks for, by packet that it was shown
  std::uint32_t end_asked_ = 0;
  std::vector<std::uint64_t> counts_;    // of all features
  std::vector<std::uint64_t> counting_;  // of the feature that is asked just now, and guards
  bool is_closed_ = false;
  const ObservationPoint* place_ = nullptr;
  std::optional<Error> error_;
  CellNotes cell_notes_;
};

}  // namespace flowgauge
