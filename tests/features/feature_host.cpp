#include "tests/features/feature_host.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <stdexcept>

#include "core/base/validity.h"

namespace flowgauge::test {

namespace {

constexpr std::size_t kCanaryBytes = 64;
constexpr unsigned char kCanary = 0xc5;
constexpr unsigned char kGarbage = 0xa7;
constexpr std::uint64_t kGuard = 0x5a3c'a5c3'5a3c'a5c3;  // behind the cells of each column

// An array of structs at a stride that no plugin has seen, garbage between them.
template <class Item>
class Strided {
 public:
  explicit Strided(std::size_t count) : bytes_(count * kStride, kGarbage) {}
  void put(std::size_t index, const Item& item) { std::memcpy(bytes_.data() + index * kStride, &item, sizeof item); }
  [[nodiscard]] const unsigned char* data() const { return bytes_.data(); }
  static constexpr std::size_t kStride = (sizeof(Item) + 40 + 7) / 8 * 8;

 private:
  std::vector<unsigned char> bytes_;
};

std::size_t cell_bytes(fg_type type) {
  switch (type) {
    case FG_BOOL:
      return sizeof(std::uint8_t);
    case FG_STRING:
      return sizeof(fg_string);
    case FG_SERIES:
      return sizeof(fg_series);
    case FG_LIST_U64:
      return sizeof(fg_list_u64);
    case FG_LIST_I64:
      return sizeof(fg_list_i64);
    default:
      return 8;
  }
}

fg_value default_value(const fg_option& option) {
  const std::string text = option.default_value == nullptr ? "" : option.default_value;
  fg_value value{};
  switch (option.type) {
    case FG_U64:
      value.u64 = std::stoull(text);
      break;
    case FG_I64:
      value.i64 = std::stoll(text);
      break;
    case FG_F64:
      value.f64 = std::stod(text);
      break;
    case FG_BOOL:
      value.boolean = text == "true" ? 1 : 0;
      break;
    case FG_STRING:
      value.string = {option.default_value, text.size()};
      break;
    default:
      throw std::runtime_error(std::string("this host gives no lists: option ") + option.name);
  }
  return value;
}

std::vector<fg_value> default_options(const fg_feature& feature) {
  std::vector<fg_value> values;
  const auto* at = static_cast<const unsigned char*>(feature.options.items);
  for (std::size_t i = 0; i < feature.options.count; ++i, at += feature.options.stride) {
    fg_option option{};
    std::memcpy(&option, at, std::min<std::size_t>(feature.options.stride, sizeof option));
    values.push_back(default_value(option));
  }
  return values;
}

template <class Item>
const Item& item_at(const void* cells, std::size_t row) {
  return static_cast<const Item*>(cells)[row];
}

TestPacket packet(std::uint8_t direction) {
  TestPacket packet;
  packet.fields.direction = direction;
  packet.fields.ip_protocol = 6;
  packet.fields.ip_version = 4;
  return packet;
}

}  // namespace

TestPacket forward() { return packet(FG_FORWARD); }
TestPacket backward() { return packet(FG_BACKWARD); }

Cell read_cell(fg_type type, const void* cells, std::size_t row) {
  switch (type) {
    case FG_U64:
      return item_at<std::uint64_t>(cells, row);
    case FG_I64:
      return item_at<std::int64_t>(cells, row);
    case FG_TIME: {
      const auto time_ns = item_at<std::int64_t>(cells, row);
      return time_ns == FG_NEVER ? Cell(Never{}) : Cell(time_ns);
    }
    case FG_F64:
      return item_at<double>(cells, row);
    case FG_BOOL:
      return item_at<std::uint8_t>(cells, row) != 0;
    case FG_STRING: {
      const auto& text = item_at<fg_string>(cells, row);
      return std::string(text.size_bytes > 0 ? text.data : "", text.size_bytes);
    }
    case FG_SERIES: {
      const auto& series = item_at<fg_series>(cells, row);
      const auto high = static_cast<unsigned __int128>(series.sum_squares_high) << 64;
      return SeriesCell{series.count, series.sum, high | series.sum_squares_low, series.min, series.max};
    }
    case FG_LIST_I64: {
      const auto& list = item_at<fg_list_i64>(cells, row);
      return std::vector<std::int64_t>(list.data, list.data + list.size);
    }
    default: {
      const auto& list = item_at<fg_list_u64>(cells, row);
      return std::vector<std::uint64_t>(list.data, list.data + list.size);
    }
  }
}

std::ostream& operator<<(std::ostream& out, const Null&) { return out << "null"; }
std::ostream& operator<<(std::ostream& out, const Never&) { return out << "never"; }
std::ostream& operator<<(std::ostream& out, const SeriesCell& series) {
  return out << "{count " << series.count << ", sum " << series.sum << ", squares "
             << static_cast<std::uint64_t>(series.squares >> 64) << " * 2^64 + "
             << static_cast<std::uint64_t>(series.squares) << ", " << series.min << ".." << series.max << "}";
}

const fg_module& load_module(const std::string& path) {
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw std::runtime_error(::dlerror());
  const void* module = ::dlsym(library, FG_MODULE_SYMBOL);
  if (module == nullptr) throw std::runtime_error(path + " has no " FG_MODULE_SYMBOL);
  return *static_cast<const fg_module*>(module);
}

std::vector<fg_column> columns_of(const fg_feature& feature) {
  std::vector<fg_column> columns(feature.columns.count);
  const auto* at = static_cast<const unsigned char*>(feature.columns.items);
  for (fg_column& column : columns) {
    std::memcpy(&column, at, std::min<std::size_t>(feature.columns.stride, sizeof column));
    at += feature.columns.stride;
  }
  return columns;
}

const fg_feature& feature_of(const fg_module& module, std::string_view name) {
  const auto* end = module.features + module.feature_count;
  const auto* found = std::find_if(module.features, end, [&](const fg_feature* f) { return name == f->name; });
  if (found == end) throw std::runtime_error("no feature " + std::string(name));
  return **found;
}

const fg_feature& built_feature(const std::string& name) {
  return feature_of(load_module(FLOWGAUGE_BINARY_DIR "/lib/flowgauge/plugins/" + name + ".so"), name);
}

// The host's services, found again from the plain C callbacks: the arena is this object; the log has no
// argument for it, so that one test host writes at a time.
struct FeatureHost::Services {
  explicit Services(std::string& text) : log(text) { current_log = &text; }

  static void write_log(fg_log_level, const char* text, std::size_t size_bytes) {
    current_log->append(text, size_bytes) += '\n';
  }
  static void* allocate(fg_arena* arena, std::uint32_t row, std::size_t size_bytes) {
    auto& self = *reinterpret_cast<Services*>(arena);
    std::size_t& used = self.used_by_row[row];
    const std::size_t rounded = (size_bytes + 7) / 8 * 8;
    if (used + rounded > FG_ROW_BYTES) {
      ++self.cuts;
      return nullptr;
    }
    used += rounded;
    self.pieces.emplace_back(rounded / 8, 0xa7a7a7a7a7a7a7a7U);
    return self.pieces.back().data();
  }

  inline static std::string* current_log = nullptr;
  std::string& log;
  std::map<std::uint32_t, std::size_t> used_by_row;
  std::vector<std::vector<std::uint64_t>> pieces;
  std::uint64_t cuts = 0;
  fg_host host{.struct_size = sizeof(fg_host),
               .minor = FG_ABI_MINOR,
               .version = "test host",
               .log = write_log,
               .arena_alloc = allocate};
};

struct FeatureHost::Flow {
  Flow(const fg_feature& feature)
      : state_bytes(feature.state_size),
        bytes(static_cast<unsigned char*>(::operator new (size(), std::align_val_t{64}))) {
    std::memset(bytes, kCanary, size());
    std::memset(bytes + kCanaryBytes, 0, state_bytes);
  }
  ~Flow() { ::operator delete (bytes, std::align_val_t{64}); }
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;

  [[nodiscard]] std::size_t size() const { return 2 * kCanaryBytes + state_bytes; }
  [[nodiscard]] bool canaries_alive() const {
    const auto intact = [](unsigned char byte) { return byte == kCanary; };
    return std::all_of(bytes, bytes + kCanaryBytes, intact) &&
           std::all_of(bytes + kCanaryBytes + state_bytes, bytes + size(), intact);
  }

  std::size_t state_bytes;
  unsigned char* bytes;
  fg_flow view{.first_ns = {FG_NEVER, FG_NEVER}, .last_ns = {FG_NEVER, FG_NEVER}, .start_ns = {FG_NEVER, FG_NEVER}};
  fg_key key{};
  std::array<std::int64_t, 2> newest_ns{};
};

FeatureHost::FeatureHost(const fg_feature& feature, std::vector<fg_value> options)
    : feature_(feature), services_(std::make_unique<Services>(log_)) {
  if (options.empty()) options = default_options(feature);
  const fg_create create{
      .struct_size = sizeof(fg_create), .worker = 0, .host = &services_->host, .options = options.data()};
  created_ = feature_.create(&create, &instance_);
}

FeatureHost::~FeatureHost() {
  release();
  if (created_ == FG_OK) feature_.destroy(instance_);
}

FeatureHost::Flow& FeatureHost::flow_at(std::size_t index) {
  while (flows_.size() <= index) flows_.push_back(std::make_unique<Flow>(feature_));
  return *flows_[index];
}

fg_flow& FeatureHost::flow(std::size_t index) { return flow_at(index).view; }
fg_key& FeatureHost::key(std::size_t index) { return flow_at(index).key; }

void FeatureHost::pretend_packets(std::size_t index, std::uint64_t forward_packets, std::uint64_t backward_packets) {
  flow_at(index).view.packets[FG_FORWARD] = forward_packets;
  flow_at(index).view.packets[FG_BACKWARD] = backward_packets;
}

std::span<unsigned char> FeatureHost::state(std::size_t index) {
  Flow& flow = flow_at(index);
  return {flow.bytes + kCanaryBytes, flow.state_bytes};
}

fg_status FeatureHost::update(std::vector<TestPacket> packets, std::size_t batch_size) {
  for (std::size_t begin = 0; begin < packets.size(); begin += batch_size) {
    const std::size_t count = std::min(batch_size, packets.size() - begin);
    Strided<fg_packet> fields(count);
    Strided<fg_key> keys(count);
    Strided<fg_tags> tags(count);
    Strided<fg_payload> payloads(count);
    std::vector<std::int64_t> timestamps_ns(count);
    std::vector<unsigned char*> records(count);
    for (std::size_t i = 0; i < count; ++i) {
      TestPacket& packet = packets[begin + i];
      Flow& flow = flow_at(packet.flow);
      fg_packet& p = packet.fields;
      auto& counts = flow.view.packets;
      p.flow_index = counts[FG_FORWARD] + counts[FG_BACKWARD];
      p.direction_index = counts[p.direction];

      // The flow's newest time is that of its newer direction, as far as both have packets.
      const std::uint8_t other = p.direction == FG_FORWARD ? FG_BACKWARD : FG_FORWARD;
      std::int64_t flow_newest = counts[other] > 0 ? flow.newest_ns[other] : INT64_MIN;
      std::int64_t& own_newest = flow.newest_ns[p.direction];
      if (p.direction_index == 0) own_newest = p.time_ns;
      flow_newest = p.direction_index > 0 ? std::max(flow_newest, own_newest) : flow_newest;
      if (p.flow_index > 0) {
        p.gap_ns = static_cast<std::uint64_t>(std::max<std::int64_t>(0, p.time_ns - flow_newest));
        if (p.time_ns < flow_newest) p.marks |= FG_MARK_OUT_OF_ORDER;
      }
      p.direction_gap_ns = static_cast<std::uint64_t>(std::max<std::int64_t>(0, p.time_ns - own_newest));
      own_newest = std::max(own_newest, p.time_ns);

      fg_flow& view = flow.view;
      if (p.direction_index == 0) view.start_ns[p.direction] = view.first_ns[p.direction] = p.time_ns;
      view.first_ns[p.direction] = std::min(view.first_ns[p.direction], p.time_ns);
      view.last_ns[p.direction] = own_newest;
      counts[p.direction] += 1;
      flow.view.bytes[p.direction] += p.ip_length_bytes;
      fields.put(i, p);
      keys.put(i, packet.key);
      tags.put(i, packet.tags);
      payloads.put(i, {packet.payload.data(), static_cast<std::uint32_t>(packet.payload.size()), 0});
      timestamps_ns[i] = packet.timestamp_ns;
      records[i] = flow.bytes;
    }
    const auto behind = [&](fg_needs need, auto* array) { return (feature_.needs & need) != 0 ? array : nullptr; };
    const fg_batch batch{.struct_size = sizeof(fg_batch),
                         .count = static_cast<std::uint32_t>(count),
                         .packets = fields.data(),
                         .records = records.data(),
                         .packet_stride = Strided<fg_packet>::kStride,
                         .packet_size = sizeof(fg_packet),
                         .state_offset = kCanaryBytes,
                         .key_stride = Strided<fg_key>::kStride,
                         .keys = behind(FG_NEEDS_KEY, keys.data()),
                         .timestamps_ns = behind(FG_NEEDS_TIME, timestamps_ns.data()),
                         .tags = behind(FG_NEEDS_TAGS, tags.data()),
                         .payloads = behind(FG_NEEDS_PAYLOAD, payloads.data()),
                         .tags_stride = Strided<fg_tags>::kStride,
                         .payload_stride = Strided<fg_payload>::kStride,
                         .ring_drops = ring_drops_};
    if (const fg_status status = feature_.update(instance_, &batch); status != FG_OK) return status;
  }
  return FG_OK;
}

std::vector<TestRow> FeatureHost::emit(const std::vector<std::string>& wanted) {
  const std::size_t rows = flows_.size();
  const std::vector<fg_column> columns = columns_of(feature_);
  std::vector<std::vector<std::uint64_t>> cells(feature_.columns.count);
  std::vector<std::vector<std::uint64_t>> validity(feature_.columns.count);
  std::vector<fg_vector> vectors(feature_.columns.count);
  for (std::size_t c = 0; c < vectors.size(); ++c) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), columns[c].name) == wanted.end()) continue;
    cells[c].assign((rows * cell_bytes(columns[c].type) + 7) / 8, 0);
    cells[c].push_back(kGuard);
    vectors[c].cells = cells[c].data();
    if ((columns[c].flags & FG_NULLABLE) != 0) {
      validity[c].assign(validity_words(rows), 0);
      validity[c].push_back(kGuard);
      vectors[c].validity = validity[c].data();
    }
  }
  std::vector<const unsigned char*> records;
  Strided<fg_flow> views(rows);
  Strided<fg_key> keys(rows);
  Strided<fg_tags> tags(rows);
  const std::vector<std::int64_t> first_seen_ns(rows, 1'000'000'000);
  for (std::size_t r = 0; r < rows; ++r) {
    records.push_back(flows_[r]->bytes);
    views.put(r, flows_[r]->view);
    keys.put(r, flows_[r]->key);
    tags.put(r, {});
  }
  services_->used_by_row.clear();
  services_->pieces.clear();
  const auto behind = [&](fg_needs need, auto* array) { return (feature_.needs & need) != 0 ? array : nullptr; };
  const fg_emit emit{.struct_size = sizeof(fg_emit),
                     .row_count = static_cast<std::uint32_t>(rows),
                     .records = records.data(),
                     .flows = views.data(),
                     .columns = vectors.data(),
                     .arena = reinterpret_cast<fg_arena*>(services_.get()),
                     .host = &services_->host,
                     .state_offset = kCanaryBytes,
                     .flow_stride = Strided<fg_flow>::kStride,
                     .keys = behind(FG_NEEDS_KEY, keys.data()),
                     .first_seen_ns = behind(FG_NEEDS_TIME, first_seen_ns.data()),
                     .tags = behind(FG_NEEDS_TAGS, tags.data()),
                     .key_stride = Strided<fg_key>::kStride,
                     .tags_stride = Strided<fg_tags>::kStride};
  last_emit_ = feature_.emit(instance_, &emit);
  const auto kept_to = [](const auto& words) { return words.empty() || words.back() == kGuard; };
  cells_kept_to_ = cells_kept_to_ && std::all_of(cells.begin(), cells.end(), kept_to) &&
                   std::all_of(validity.begin(), validity.end(), kept_to);

  std::vector<TestRow> result(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < vectors.size(); ++c) {
      if (vectors[c].cells == nullptr) continue;
      const bool null = is_null(vectors[c], r);
      result[r][columns[c].name] = null ? Cell(Null{}) : read_cell(columns[c].type, vectors[c].cells, r);
    }
  }
  return result;
}

void FeatureHost::release() {
  if (feature_.release != nullptr && created_ == FG_OK && !flows_.empty()) {
    std::vector<unsigned char*> records;
    records.reserve(flows_.size());
    for (const auto& flow : flows_) records.push_back(flow->bytes);
    const fg_flows flows{.struct_size = sizeof(fg_flows),
                         .count = static_cast<std::uint32_t>(records.size()),
                         .records = records.data(),
                         .state_offset = kCanaryBytes,
                         .reserved = 0};
    feature_.release(instance_, &flows);
  }
  flows_.clear();
}

std::uint64_t FeatureHost::cut_cells() const { return services_->cuts; }

bool FeatureHost::canaries_alive() const {
  return cells_kept_to_ &&
         std::all_of(flows_.begin(), flows_.end(), [](const auto& flow) { return flow->canaries_alive(); });
}

SeriesCell one(std::int64_t value) {
  using Wide = unsigned __int128;
  return {1, value, static_cast<Wide>(value) * static_cast<Wide>(value), value, value};
}

TestRow row_of(const std::string& feature, std::vector<TestPacket> packets) {
  FeatureHost host(built_feature(feature));
  EXPECT_EQ(host.update(std::move(packets)), FG_OK);
  TestRow row = host.row();
  EXPECT_EQ(host.row(), row) << "emit changes nothing";
  EXPECT_TRUE(host.canaries_alive());
  return row;
}

}  // namespace flowgauge::test
