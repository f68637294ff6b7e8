#include "core/plugin/leak_check.h"

#include <array>
#include <cstring>

#include "core/plugin/made_flows.h"

namespace flowgauge {
namespace {

struct Change {
  Guise guise;
  fg_contamination classes;  // a column that may move declares one of them
  std::string_view what;
  std::string_view names;
};
constexpr std::array kChanges = {
    Change{{.addresses = true}, FG_REVEALS_IDENTITY, "addresses and MACs", "identity"},
    Change{{.ports = true}, FG_REVEALS_PORT, "ports", "port"},
    Change{{.time = true}, FG_REVEALS_TIME, "absolute time", "time"},
    Change{{.tags = true}, FG_REVEALS_PATH, "VLAN and tunnel ids", "path"},
};

// What a column said of each flow, as bytes to compare; of a series .min and .max by themselves.
struct Told {
  std::vector<std::string> cells;
  std::vector<std::string> extremes;
};

template <class T>
std::string bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string bytes_of_cell(fg_type type, const void* cells, std::size_t row) {
  switch (type) {
    case FG_STRING: {
      const fg_string& text = static_cast<const fg_string*>(cells)[row];
      return text.size_bytes == 0 ? std::string() : std::string(text.data, text.size_bytes);
    }
    case FG_LIST_U64: {
      const fg_list_u64& list = static_cast<const fg_list_u64*>(cells)[row];
      return list.size == 0 ? std::string()
                            : std::string(reinterpret_cast<const char*>(list.data), list.size * sizeof(std::uint64_t));
    }
    case FG_SERIES: {
      const fg_series& series = static_cast<const fg_series*>(cells)[row];
      return bytes_of(series.count) + bytes_of(series.sum) + bytes_of(series.sum_squares_low) +
             bytes_of(series.sum_squares_high);
    }
    default:
      return {static_cast<const char*>(cells) + row * cell_bytes(type), cell_bytes(type)};
  }
}

Told read_column(const fg_column& column, const fg_vector& vector, std::size_t rows) {
  Told told;
  for (std::size_t row = 0; row < rows; ++row) {
    const bool is_null = vector.validity != nullptr && (vector.validity[row / 64] >> (row % 64) & 1U) == 0;
    told.cells.push_back(is_null ? "null" : "=" + bytes_of_cell(column.type, vector.cells, row));
    if (column.type != FG_SERIES) continue;
    const fg_series& series = static_cast<const fg_series*>(vector.cells)[row];
    told.extremes.push_back(is_null ? "null" : "=" + bytes_of(series.min) + bytes_of(series.max));
  }
  return told;
}

// One instance of the feature, from its first packet to the release of its flows.
class Drive {
 public:
  Drive(const ActiveFeature& active, const MadeFlows& made)
      : active_(active),
        feature_(*active.feature),
        made_(made),
        layout_(lay_out_record({&active_, 1}, 0)),
        blocks_(1 + made.flows.size() * layout_.size_bytes / kRecordAlign) {  // a state of no bytes has an address too
    for (std::size_t i = 0; i < made.flows.size(); ++i)
      records_.push_back(blocks_.data()->bytes + i * layout_.size_bytes);
  }

  // By column.
  Result<std::vector<Told>> run() {
    auto set = FeatureSet::create({active_}, layout_, 0);
    if (!set) return std::unexpected(set.error());
    std::vector<Told> told;
    if (update(**set)) told = emit(**set);
    (*set)->release(records_);
    if ((*set)->error()) return std::unexpected(*(*set)->error());
    return told;
  }

 private:
  struct alignas(kRecordAlign) Block {
    unsigned char bytes[kRecordAlign] = {};
  };

  bool update(FeatureSet& set) {
    static constexpr std::array<std::uint8_t, 64> kPayload = {0x16, 0x03, 0x01};  // the same for all
    auto batch = std::make_unique<PacketBatch>();
    for (std::size_t begin = 0; begin < made_.packets.size(); begin += kBatchPackets) {
      batch->count = static_cast<std::uint32_t>(std::min(kBatchPackets, made_.packets.size() - begin));
      for (std::uint32_t i = 0; i < batch->count; ++i) {
        const MadePacket& packet = made_.packets[begin + i];
        batch->packets[i] = packet.fields;
        batch->records[i] = records_[packet.flow];
        batch->keys[i] = made_.flows[packet.flow].key;
        batch->timestamps_ns[i] = packet.timestamp_ns;
        batch->tags[i] = made_.flows[packet.flow].tags;
        const std::uint32_t wanted = std::min(packet.fields.payload_length_bytes, feature_.table.payload_bytes);
        batch->payloads[i] = {kPayload.data(), std::min<std::uint32_t>(wanted, kPayload.size()), 0};
      }
      if (!set.update(*batch)) return false;
    }
    return true;
  }

  std::vector<Told> emit(FeatureSet& set) {
    const std::size_t rows = records_.size();
    FlowViews views;
    views.records.assign(records_.begin(), records_.end());
    for (const MadeFlow& flow : made_.flows) {
      views.flows.push_back(flow.view);
      views.keys.push_back(flow.key);
      views.tags.push_back(flow.tags);
      views.first_seen_ns.push_back(flow.first_seen_ns);
      views.start_ns.push_back(flow.first_seen_ns);
    }
    std::vector<std::vector<std::uint64_t>> cells;
    std::vector<std::vector<std::uint64_t>> validity;
    std::vector<fg_vector> vectors;
    for (const fg_column& column : feature_.columns) {
      cells.emplace_back((rows * cell_bytes(column.type) + 7) / 8);
      validity.emplace_back((rows + 63) / 64);
      const bool nullable = (column.flags & FG_NULLABLE) != 0;
      vectors.push_back({cells.back().data(), nullable ? validity.back().data() : nullptr});
    }
    const std::array<std::span<const fg_vector>, 1> columns = {vectors};
    Arena arena;
    std::vector<Told> told;
    if (!set.emit(views, columns, arena)) return told;
    for (std::size_t c = 0; c < vectors.size(); ++c) told.push_back(read_column(feature_.columns[c], vectors[c], rows));
    return told;
  }

  ActiveFeature active_;
  const Feature& feature_;
  const MadeFlows& made_;
  RecordLayout layout_;
  std::vector<Block> blocks_;
  std::vector<unsigned char*> records_;
};

Leak leak_of(const Feature& feature, const fg_column& column, const Change& change, bool extremes_alone) {
  Leak leak{.column = feature.name + "." + column.name, .extremes_alone = extremes_alone, .undeclared = change.classes};
  leak.sentence = fmt::format(
      "{}: {}changes with the {} of a flow, but does not declare the class '{}'; declare it{}, or leave "
      "out what depends on them",
      leak.column, extremes_alone ? ".min or .max " : "", change.what, change.names,
      extremes_alone ? " in extremes_reveal" : "");
  return leak;
}

}  // namespace

Result<std::vector<Leak>> find_leaks(const ActiveFeature& active) {
  const Feature& feature = *active.feature;
  const MadeFlows usual_flows = make_flows({});
  const auto usual = Drive(active, usual_flows).run();
  if (!usual) return std::unexpected(usual.error());
  std::vector<Leak> leaks;
  for (const Change& change : kChanges) {
    const MadeFlows other_flows = make_flows(change.guise);
    const auto other = Drive(active, other_flows).run();
    if (!other) return std::unexpected(other.error());
    for (std::size_t c = 0; c < feature.columns.size(); ++c) {
      const fg_column& column = feature.columns[c];
      // The host makes cells of type FG_TIME absolute, and declares it for them.
      const fg_contamination reveals = column.reveals | (column.type == FG_TIME ? FG_REVEALS_TIME : FG_REVEALS_NOTHING);
      if ((reveals & change.classes) != 0) continue;
      if ((*usual)[c].cells != (*other)[c].cells)
        leaks.push_back(leak_of(feature, column, change, false));
      else if ((*usual)[c].extremes != (*other)[c].extremes && (column.extremes_reveal & change.classes) == 0)
        leaks.push_back(leak_of(feature, column, change, true));
    }
  }
  return leaks;
}

}  // namespace flowgauge
