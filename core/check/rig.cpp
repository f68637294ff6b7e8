#include "core/check/rig.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <numeric>

#include "core/base/validity.h"
#include "core/check/guard_words.h"
#include "core/check/plugin_call.h"
#include "core/plugin/arena.h"
#include "core/plugin/create_call.h"
#include "core/plugin/descriptor_rules.h"
#include "core/plugin/host_services.h"

namespace flowgauge {
namespace {

template <class T>
std::size_t size_of(const Shape& shape, std::size_t size_1_0) {
  return shape.structs == StructsOf::kOldestHost ? size_1_0 : sizeof(T);
}

// The cells of one column, with words behind them that nobody may write.
struct Cells {
  std::vector<std::uint64_t> words;
  std::vector<std::uint64_t> validity;
  Cells(const fg_column& column, std::size_t rows)
      : words((rows * cell_bytes(column.type) + 7) / 8 + kGuardWords, kGuardWord),
        validity(validity_words(rows) + kGuardWords, kGuardWord) {
    std::memset(words.data(), 0, rows * cell_bytes(column.type));
    std::fill_n(validity.begin(), validity_words(rows), 0);
  }
  [[nodiscard]] bool guards_stand(std::size_t bytes, std::size_t rows) const {
    const auto* begin = reinterpret_cast<const unsigned char*>(words.data());
    const auto* end = begin + words.size() * sizeof(std::uint64_t);
    return std::all_of(begin + bytes, end, [](unsigned char byte) { return byte == kGuard; }) &&
           std::all_of(validity.begin() + static_cast<std::ptrdiff_t>(validity_words(rows)), validity.end(),
                       [](std::uint64_t word) { return word == kGuardWord; });
  }
};

}  // namespace

Rig::Rig(const Feature& feature, const OptionValues& options, const MadeFlows& made, const Shape& shape)
    : feature_(feature),
      options_(options),
      made_(made),
      shape_(shape),
      create_call_{origin_of(feature).c_str(), feature.name.c_str(), "create"},
      update_call_{create_call_.path, create_call_.feature, "update"},
      emit_call_{create_call_.path, create_call_.feature, "emit"},
      count_call_{create_call_.path, create_call_.feature, "count"},
      release_call_{create_call_.path, create_call_.feature, "release"},
      destroy_call_{create_call_.path, create_call_.feature, "destroy"},
      flow_numbers_(made.flows.size()),
      record_bytes_(round_up(shape.state_offset + feature.table.state_size, 64) + 64),
      lines_(made.flows.size() * record_bytes_ / 64),
      shown_(feature, made, shape_),
      host_(shape.behind, size_of<fg_host>(shape, FG_SIZE_1_0(fg_host, arena_alloc))),
      create_(shape.behind, size_of<fg_create>(shape, offsetof(fg_create, module_path))),
      batch_(shape.behind, size_of<fg_batch>(shape, FG_SIZE_1_0(fg_batch, ring_drops))),
      emit_(shape.behind, size_of<fg_emit>(shape, FG_SIZE_1_0(fg_emit, tags_stride))),
      flows_(shape.behind, size_of<fg_flows>(shape, FG_SIZE_1_0(fg_flows, reserved))) {
  std::iota(flow_numbers_.begin(), flow_numbers_.end(), 0U);
  std::memset(lines_.data(), kGuard, lines_.size() * sizeof(Line));
  views_.resize(made.flows.size());
  for (const std::uint32_t flow : flow_numbers_) begin_state(flow);
  fg_host host = plugin_host();
  host.minor = shape.minor;
  host_ = host;
}

Rig::~Rig() {
  if (!created_) return;
  release_all();
  destroy();
}

unsigned char* Rig::record(std::uint32_t flow) {
  return reinterpret_cast<unsigned char*>(lines_.data()) + std::size_t{flow} * record_bytes_;
}
const unsigned char* Rig::record(std::uint32_t flow) const {
  return reinterpret_cast<const unsigned char*>(lines_.data()) + std::size_t{flow} * record_bytes_;
}

// Nothing was seen of the flow but what it is.
void Rig::begin_state(std::uint32_t flow) {
  std::memset(record(flow) + shape_.state_offset, 0, feature_.table.state_size);
  fg_flow& view = views_[flow];
  view = made_.flows[flow].view;
  view.duration_ns = 0;
  for (const int direction : {0, 1}) {
    view.packets[direction] = view.bytes[direction] = 0;
    view.first_ns[direction] = view.last_ns[direction] = view.start_ns[direction] = FG_NEVER;
  }
}

void Rig::see(const MadePacket& packet) {
  fg_flow& view = views_[packet.flow];
  const fg_packet& fields = packet.fields;
  const std::uint8_t own = fields.direction;
  if (view.packets[own] == 0) view.first_ns[own] = view.last_ns[own] = view.start_ns[own] = fields.time_ns;
  view.first_ns[own] = std::min(view.first_ns[own], fields.time_ns);
  view.last_ns[own] = std::max(view.last_ns[own], fields.time_ns);
  if (fields.time_ns > 0) view.duration_ns = std::max(view.duration_ns, static_cast<std::uint64_t>(fields.time_ns));
  view.packets[own] += 1;
  view.bytes[own] += fields.ip_length_bytes;
}

Finding Rig::failed(const RunningCall& running) const {
  return fmt::format("feature '{}' failed in {}: {}", feature_.name, running.call, plugin_reason());
}

void Rig::note(Finding& kept, const Finding& wrong, const std::string& where) {
  if (kept.empty() && !wrong.empty()) kept = where.empty() ? wrong : fmt::format("{}: {}", where, wrong);
}

Finding Rig::create(std::uint32_t worker) {
  create_ = create_call(feature_, options_, worker, *host_.get());
  if (!succeeds(create_call_, [&] { return feature_.table.create(create_.get(), &instance_); }))
    return failed(create_call_);
  created_ = true;
  return {};
}

Finding Rig::update(std::span<const std::uint32_t> all) {
  for (const std::uint32_t packet : all) see(made_.packets[packet]);
  const std::span<const std::uint32_t> packets = shown_.fitting(all);
  if (packets.empty()) return {};
  records_.clear();
  for (const std::uint32_t packet : packets) records_.push_back(record(made_.packets[packet].flow));
  batch_ = shown_.show(packets, records_);
  if (!succeeds(update_call_, [&] { return repeat_update(); })) return failed(update_call_);
  if (shown_.asks_for_unknown_end()) {
    note(written_, "update asks for an end that it does not declare; ends[i] is 1 + its place among the ends",
         "feature '" + feature_.name + "'");
  }
  if (!shown_.packets_stand()) {
    note(written_, "update writes into the packets, which are the host's; copy what it changes",
         "feature '" + feature_.name + "'");
  }
  return {};
}

Finding Rig::update_all(std::uint32_t batch_packets, std::uint32_t begin, std::uint32_t end) {
  std::vector<std::uint32_t> packets;
  while (begin < end) {
    packets.resize(std::min(batch_packets, end - begin));
    std::iota(packets.begin(), packets.end(), begin);
    if (Finding wrong = update(packets); !wrong.empty()) return wrong;
    begin += batch_packets;
  }
  return {};
}

Finding Rig::emit(std::span<const std::uint32_t> flows, Rows& rows, const std::vector<bool>& wanted) {
  const std::size_t count = flows.size();
  flow_items_.resize(count, shape_.more_stride, size_of<fg_flow>(shape_, FG_SIZE_1_0(fg_flow, start_ns)));
  keys_.resize(count, shape_.more_stride);
  tags_.resize(count, shape_.more_stride);
  emit_records_.resize(count);
  first_seen_ns_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    flow_items_.set(i, views_[flows[i]]);
    keys_.set(i, made_.flows[flows[i]].key);
    tags_.set(i, made_.flows[flows[i]].tags);
    emit_records_[i] = record(flows[i]);
    first_seen_ns_[i] = made_.flows[flows[i]].first_seen_ns;
  }
  std::vector<Cells> cells;
  std::vector<fg_vector> vectors;
  cells.reserve(feature_.columns.size());
  for (const fg_column& column : feature_.columns) {
    const bool is_wanted = wanted.empty() || wanted[vectors.size()];
    Cells& own = cells.emplace_back(column, count);
    vectors.push_back({is_wanted ? own.words.data() : nullptr,
                       (column.flags & FG_NULLABLE) != 0 && is_wanted ? own.validity.data() : nullptr});
  }
  Arena arena;
  arena.begin_call(shape_.arena == ArenaRoom::kNone ? 0 : static_cast<std::uint32_t>(count));
  fg_emit emit{};
  emit.row_count = static_cast<std::uint32_t>(count);
  emit.records = emit_records_.data();
  emit.flows = flow_items_.bytes();
  emit.columns = vectors.data();
  emit.arena = &arena;
  emit.host = host_.get();
  emit.state_offset = shape_.state_offset;
  emit.flow_stride = flow_items_.stride();
  emit.key_stride = keys_.stride();
  emit.tags_stride = tags_.stride();
  if (needs(FG_NEEDS_KEY)) emit.keys = keys_.bytes();
  if (needs(FG_NEEDS_TIME)) emit.first_seen_ns = first_seen_ns_.data();
  if (needs(FG_NEEDS_TAGS)) emit.tags = tags_.bytes();
  emit_ = emit;
  if (!succeeds(emit_call_, [&] { return feature_.table.emit(instance_, emit_.get()); })) return failed(emit_call_);
  rows.clear();
  const CellSource source{arena, feature_.module == nullptr ? nullptr : &feature_.module->memory};
  for (std::size_t c = 0; c < vectors.size(); ++c) {
    const fg_column& column = feature_.columns[c];
    const std::string name = feature_.name + "." + column.name;
    if (!cells[c].guards_stand(count * cell_bytes(column.type), count)) {
      note(written_, "emit writes behind the cells; a column has row_count of them", name);
    }
    if (vectors[c].cells == nullptr) {
      rows.emplace_back();
      continue;
    }
    if (Finding wrong = judge_pointers(column, vectors[c], count, source); !wrong.empty())
      return fmt::format("{}: {}", name, wrong);
    note(bad_cells_, judge_cells(column, vectors[c], count), name);
    rows.push_back(read_column(column, vectors[c], count));
  }
  return {};
}

Finding Rig::count(std::uint64_t filler, std::vector<std::uint64_t>& values) {
  const std::size_t count = feature_.counters.size();
  values.assign(count, filler);
  values.resize(count + kGuardWords, kGuardWord);
  const bool counted = succeeds_void(count_call_, [&] { feature_.table.count(instance_, values.data()); });
  const bool stands = std::all_of(values.begin() + static_cast<std::ptrdiff_t>(count), values.end(),
                                  [](std::uint64_t word) { return word == kGuardWord; });
  values.resize(count);
  if (!counted) return failed(count_call_);
  if (stands) return {};
  return fmt::format("feature '{}': count writes behind the values; it has {} counters", feature_.name, count);
}

void Rig::release(std::span<const std::uint32_t> flows) {
  if (feature_.table.release != nullptr && !flows.empty()) {
    records_.clear();
    for (const std::uint32_t flow : flows) records_.push_back(record(flow));
    flows_ = fg_flows{0, static_cast<std::uint32_t>(flows.size()), records_.data(), shape_.state_offset, 0};
    if (!succeeds_void(release_call_, [&] { feature_.table.release(instance_, flows_.get()); }))
      note(end_failure_, failed(release_call_), {});
  }
  for (const std::uint32_t flow : flows) begin_state(flow);
}

void Rig::destroy() {
  if (!created_) return;
  created_ = false;
  if (!succeeds_void(destroy_call_, [&] { feature_.table.destroy(instance_); }))
    note(end_failure_, failed(destroy_call_), {});
}

Finding Rig::written_beside() const {
  for (const std::uint32_t flow : flow_numbers_) {
    const unsigned char* begin = record(flow);
    const unsigned char* state = begin + shape_.state_offset;
    const unsigned char* behind = state + feature_.table.state_size;
    const auto stands = [](unsigned char byte) { return byte == kGuard; };
    if (!std::all_of(begin, state, stands) || !std::all_of(behind, begin + record_bytes_, stands)) {
      return fmt::format("feature '{}': writes beside its state of {} bytes; make state_size the size of what it uses",
                         feature_.name, feature_.table.state_size);
    }
  }
  return written_;
}

std::vector<unsigned char> Rig::states() const {
  std::vector<unsigned char> all;
  for (const std::uint32_t flow : flow_numbers_) {
    const unsigned char* state = record(flow) + shape_.state_offset;
    all.insert(all.end(), state, state + feature_.table.state_size);
  }
  return all;
}

Finding drive(Rig& rig, Rows& rows, std::uint32_t batch_packets) {
  if (Finding wrong = rig.create(); !wrong.empty()) return wrong;
  if (Finding wrong = rig.update_all(batch_packets, 0, rig.packet_count()); !wrong.empty()) return wrong;
  if (Finding wrong = rig.emit_all(rows); !wrong.empty()) return wrong;
  rig.release_all();
  rig.destroy();
  return {};
}

}  // namespace flowgauge
