#include "core/plugin/feature_set.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <utility>

#include "core/base/text.h"
#include "core/plugin/cells.h"
#include "core/plugin/create_call.h"
#include "core/plugin/cut_cells.h"
#include "core/plugin/guarded_call.h"
#include "core/plugin/host_services.h"

namespace flowgauge {
namespace {

bool needs(const Feature& feature, fg_needs what) { return (feature.table.needs & what) != 0; }

constexpr std::size_t kCountGuards = 8;  // numbers behind a feature's counters: they stay zero

// Of all workers and calls: nobody is blamed for another.
std::mutex& one_at_a_time() {
  static std::mutex mutex;
  return mutex;
}

// The first of its calls is looked at whole: whoever changes the process mostly does so at once.
template <class Call>
fg_status judged_once(const RunningCall& call, const Call& function, const FloatState& before = FloatState::now()) {
  if (call.is_judged || ProcessState::kept() == nullptr) [[likely]]
    return guarded(call, function, before);
  call.is_judged = true;
  const std::scoped_lock lock(one_at_a_time());
  return guarded_whole(call, ProcessState::At::kRun, function);
}

}  // namespace

RecordLayout lay_out_record(std::span<const ActiveFeature> active, std::uint32_t base_bytes) {
  std::vector<const Feature*> features;
  features.reserve(active.size());
  for (const ActiveFeature& one : active) features.push_back(one.feature);
  return lay_out_record(std::span<const Feature* const>(features), base_bytes);
}

fg_needs needs_of(std::span<const ActiveFeature> active) {
  fg_needs all = FG_NEEDS_NOTHING;
  for (const ActiveFeature& one : active) {
    all |= one.feature->table.needs;
    if (name_ports(one.feature->packet_filters)) all |= kNeedsPorts;
  }
  return all;
}

BytesWanted bytes_wanted_by(std::span<const ActiveFeature> active) {
  BytesWanted wanted;
  for (const ActiveFeature& one : active) {
    wanted.payload_bytes = std::max(wanted.payload_bytes, one.feature->table.payload_bytes);
    wanted.headers |= (one.feature->table.needs & (FG_NEEDS_FIELDS | FG_NEEDS_HEADERS)) != 0;
  }
  return wanted;
}

bool may_end_flows(std::span<const ActiveFeature> active) {
  return std::ranges::any_of(active, [](const ActiveFeature& one) { return !one.feature->ends.empty(); });
}

FeatureCounters counters_of(std::span<const ActiveFeature> active) {
  FeatureCounters counters;
  for (const ActiveFeature& one : active)
    for (const fg_counter& counter : one.feature->counters)
      counters.push_back({.feature = one.feature->name, .name = counter.name, .unit = counter.unit, .value = 0});
  return counters;
}

std::optional<Error> unknown_change(std::span<const ActiveFeature> active, std::string_view reason,
                                    std::span<const Sink* const> sinks) {
  if (reason.empty()) return std::nullopt;
  std::vector<std::string> names;
  for (const ActiveFeature& one : active)
    if (one.feature->module != nullptr)
      names.push_back(fmt::format("'{}' ({})", one.feature->name, origin_of(*one.feature)));
  for (const Sink* const sink : sinks) names.push_back(fmt::format("sink '{}' ({})", sink->name, sink->module->path));
  return Error{
      ExitCode::kPlugin,
      fmt::format("a plugin failed in the run: {}; it is one of {}: 'flowgauge plugin check' says which, leave "
                  "it out of the profile",
                  reason, names.empty() ? "the derives of schemas and derived features" : join(names))};
}

Result<std::unique_ptr<FeatureSet>> FeatureSet::create(std::vector<ActiveFeature> active, const RecordLayout& layout,
                                                       std::uint32_t worker) {
  std::unique_ptr<FeatureSet> set(new FeatureSet(bytes_wanted_by(active).payload_bytes));
  set->slots_.reserve(active.size());
  for (std::size_t i = 0; i < active.size(); ++i) {
    const Feature& feature = *active[i].feature;
    const char* path = origin_of(feature).c_str();
    const char* name = feature.name.c_str();
    Slot slot;
    slot.active = std::move(active[i]);
    slot.state_offset = layout.state_offsets[i];
    slot.guard_offset = layout.guard_offsets[i];
    if (slot.guard_offset != 0) set->guard_offsets_.push_back(slot.guard_offset);
    slot.first_end = static_cast<std::uint32_t>(set->end_texts_.size());
    for (const fg_end& end : feature.ends) set->end_texts_.push_back(fmt::format("{}: {}", name, end.name));
    if (feature.module != nullptr) slot.known = std::make_unique<KnownTexts>();
    slot.first_count = static_cast<std::uint32_t>(set->counts_.size());
    set->counts_.resize(set->counts_.size() + feature.counters.size());
    for (std::uint32_t c = 0; c < feature.columns.size(); ++c)
      if (is_to_settle(feature.columns[c].type, feature.module)) slot.to_settle.push_back(c);
    slot.selection = set->shown_.selection_of(feature);
    slot.update = {path, name, "update"};
    slot.emit = {path, name, "emit"};
    slot.count = {path, name, "count"};
    slot.release = {path, name, "release"};
    slot.destroy = {path, name, "destroy"};
    const fg_create create = create_call(feature, slot.active.options, worker, plugin_host());
    const RunningCall call{path, name, "create"};
    if (guarded_whole(call, ProcessState::At::kCreate, [&] { return feature.table.create(&create, &slot.instance); }) !=
        FG_OK)
      return fail(ExitCode::kPlugin,
                  "{}: feature '{}' cannot start: {}; check its options, or leave it out of the profile", path, name,
                  plugin_reason());
    set->owns_memory_ |= feature.table.release != nullptr;
    set->slots_.push_back(std::move(slot));
  }
  return set;
}

FeatureSet::~FeatureSet() { close(); }

void FeatureSet::close() {
  if (std::exchange(is_closed_, true)) return;
  for (auto slot = slots_.rbegin(); slot != slots_.rend(); ++slot) {
    const fg_status status =
        guarded_whole(slot->destroy, ProcessState::At::kEnd,
                      judged_by_its_log([&] { slot->active.feature->table.destroy(slot->instance); }));
    if (status != FG_OK && !error_) latch(*slot, slot->destroy);
  }
}

bool FeatureSet::update(const PacketBatch& batch) {
  end_asked_ = 0;
  if (error_) return false;
  shown_.begin(batch);
  const FloatState float_state = FloatState::now();
  for (const Slot& slot : slots_) {
    const Feature& feature = *slot.active.feature;
    if (feature.table.update == nullptr) continue;
    fg_batch view = shown_.shown_to(feature, slot.selection);
    if (view.count == 0) continue;
    view.state_offset = slot.state_offset;
    if (!feature.ends.empty()) {
      ends_.assign(view.count, 0);
      view.ends = ends_.data();
    }
    if (judged_once(
            slot.update, [&] { return feature.table.update(slot.instance, &view); }, float_state) == FG_OK) {
      if (feature.ends.empty() || take_ends(slot)) continue;
      error_ = Error{ExitCode::kPlugin,
                     fmt::format("{}: feature '{}' asks in update for an end of a flow that it does not declare; leave "
                                 "it out of the profile, or tell {}",
                                 slot.update.path, feature.name, author_of(feature.module))};
      return false;
    }
    latch(slot, slot.update);
    return false;
  }
  return true;
}

bool FeatureSet::emit(const FlowViews& flows, std::span<const std::span<const fg_vector>> columns, Arena& arena) {
  if (error_) return false;
  if (!states_stand(flows.records)) return false;
  const auto row_count = static_cast<std::uint32_t>(flows.records.size());
  const FloatState float_state = FloatState::now();
  for (std::size_t i = 0; i < slots_.size() && row_count > 0; ++i) {
    const Slot& slot = slots_[i];
    const Feature& feature = *slot.active.feature;
    const std::span<const fg_vector> vectors = columns[i];
    if (std::all_of(vectors.begin(), vectors.end(), [](const fg_vector& one) { return one.cells == nullptr; }))
      continue;
    HostEmit view{};
    view.struct_size = sizeof(fg_emit);
    view.releases = flows.releases.data();
    view.packets = flows.packets;
    view.end_texts = end_texts_;
    view.place = place_;
    view.row_count = row_count;
    view.records = flows.records.data();
    view.flows = bytes_of_array(flows.flows.data());
    view.columns = vectors.data();
    view.arena = &arena;
    view.host = &plugin_host();
    view.state_offset = slot.state_offset;
    view.flow_stride = sizeof(fg_flow);
    view.key_stride = sizeof(fg_key);
    view.tags_stride = sizeof(fg_tags);
    if (needs(feature, FG_NEEDS_KEY)) view.keys = bytes_of_array(flows.keys.data());
    if (needs(feature, FG_NEEDS_TIME)) view.first_seen_ns = flows.first_seen_ns.data();
    if (needs(feature, FG_NEEDS_TAGS)) view.tags = bytes_of_array(flows.tags.data());
    arena.begin_call(row_count);
    if (judged_once(
            slot.emit, [&] { return feature.table.emit(slot.instance, &view); }, float_state) != FG_OK) {
      latch(slot, slot.emit);
      return false;
    }
    if (!settle(slot, vectors, flows.start_ns, arena)) return false;
  }
  return true;
}

bool FeatureSet::settle(const Slot& slot, std::span<const fg_vector> vectors, std::span<const std::int64_t> start_ns,
                        Arena& arena) {
  const Feature& feature = *slot.active.feature;
  const auto who = [&] { return fmt::format("{}: column '{}.", slot.emit.path, feature.name); };
  if (!arena.call_cuts().empty()) note_cuts(arena, feature.columns, vectors, who(), cell_notes_);
  const CellSource source{arena, feature.module == nullptr ? nullptr : &feature.module->memory, slot.known.get()};
  for (const std::uint32_t c : slot.to_settle) {
    if (vectors[c].cells == nullptr) continue;
    const Settled settled = settle_cells(feature.columns[c], vectors[c], start_ns, source);
    if (settled.fault != CellFault::kNone) {
      keep_plugin_error(fault_text(settled.fault, feature.columns[c]));
      latch(slot, slot.emit);
      return false;
    }
    if (settled.not_finite + settled.repaired > 0)
      cell_notes_[who() + feature.columns[c].name + "'"] +=
          {.not_finite = settled.not_finite, .repaired = settled.repaired};
  }
  return true;
}

bool FeatureSet::count() {
  if (error_) return false;
  if (counts_.empty()) return true;
  for (const Slot& slot : slots_) {
    const Feature& feature = *slot.active.feature;
    if (feature.counters.empty()) continue;
    const std::size_t size = feature.counters.size();
    counting_.assign(size + kCountGuards, 0);
    const auto ask = [&] {
      feature.table.count(slot.instance, counting_.data());
      if (std::ranges::any_of(std::span(counting_).subspan(size), [](std::uint64_t number) { return number != 0; }))
        keep_plugin_error("it writes behind its counters");
    };
    if (judged_once(slot.count, judged_by_its_log(ask)) != FG_OK) {
      latch(slot, slot.count);
      return false;
    }
    std::ranges::copy(std::span(counting_).first(size), counts_.begin() + slot.first_count);
  }
  return true;
}

void FeatureSet::release(std::span<unsigned char* const> records) {
  if (!owns_memory_ || records.empty()) return;
  for (const Slot& slot : slots_) {
    const fg_feature& table = slot.active.feature->table;
    if (table.release == nullptr) continue;
    const fg_flows flows{sizeof(fg_flows), static_cast<std::uint32_t>(records.size()), records.data(),
                         slot.state_offset, 0};
    const fg_status status =
        judged_once(slot.release, judged_by_its_log([&] { table.release(slot.instance, &flows); }));
    if (status != FG_OK && !error_) latch(slot, slot.release);
  }
}

// The first feature to ask decides. False: it asks for an end that it has not.
bool FeatureSet::take_ends(const Slot& slot) {
  for (const std::uint32_t asked : ends_) {
    if (asked > slot.active.feature->ends.size()) return false;
    if (asked != 0 && end_asked_ == 0) end_asked_ = slot.first_end + asked;
  }
  return true;
}

bool FeatureSet::states_stand(std::span<const unsigned char* const> records) {
  const auto guard_of = [](const unsigned char* record, std::uint32_t offset) {
    std::uint64_t guard = 0;
    static_assert(sizeof guard == kGuardBytes);
    std::memcpy(&guard, record + offset, sizeof guard);
    return guard;
  };
  std::uint64_t any = 0;
  for (const unsigned char* record : records)
    for (const std::uint32_t offset : guard_offsets_) any |= guard_of(record, offset);
  if (any == 0) [[likely]]
    return true;
  const auto is_guilty = [&](const Slot& slot) {
    return slot.guard_offset != 0 && std::ranges::any_of(records, [&](const unsigned char* record) {
             return guard_of(record, slot.guard_offset) != 0;
           });
  };
  const Slot& slot = *std::ranges::find_if(slots_, is_guilty);
  error_ = Error{ExitCode::kPlugin,
                 fmt::format("{}: feature '{}' writes behind its state of {} bytes, where others keep theirs; leave it "
                             "out of the profile, or tell its author",
                             slot.update.path, slot.active.feature->name, slot.active.feature->table.state_size)};
  return false;
}

void FeatureSet::latch(const Slot& slot, const RunningCall& call) {
  error_ =
      Error{ExitCode::kPlugin,
            fmt::format("{}: feature '{}' failed in {}: {}; leave it out of the profile, or tell {}", call.path,
                        slot.active.feature->name, call.call, plugin_reason(), author_of(slot.active.feature->module))};
}

}  // namespace flowgauge
