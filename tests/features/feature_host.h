// A stand-in for the host, for tests of one plugin: loads a .so, keeps flows, and drives a feature through
// the C ABI alone. Unfriendly on purpose: packets and flows have strides wider than their structs, states lie
// between canaries, and memory that a feature may not rely on holds garbage.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge::test {

// Stays loaded for the life of the process, as in flowgauge. Fails the test if it cannot be loaded.
const fg_module& load_module(const std::string& path);
const fg_feature& feature_of(const fg_module& module, std::string_view name);
// In this host's size, whatever header the feature was built with.
std::vector<fg_column> columns_of(const fg_feature& feature);
// From the build tree's folder of plugins.
const fg_feature& built_feature(const std::string& name);

// What a test says of a packet. Gaps and indices follow from the flow's earlier packets (docs/semantics.md, section 3).
struct TestPacket {
  fg_packet fields{};
  std::size_t flow = 0;
  fg_key key{};
  fg_tags tags{};
  std::int64_t timestamp_ns = 0;
  std::vector<std::uint8_t> payload;

  TestPacket& at(std::int64_t time_ns) { return fields.time_ns = time_ns, *this; }
  TestPacket& length(std::uint32_t bytes) { return fields.ip_length_bytes = bytes, *this; }
  TestPacket& header(std::uint8_t bytes) { return fields.l4_header_bytes = bytes, *this; }
  TestPacket& payload_length(std::uint32_t bytes) { return fields.payload_length_bytes = bytes, *this; }
  TestPacket& protocol(std::uint8_t number) { return fields.ip_protocol = number, *this; }
  TestPacket& flags(std::uint8_t bits) { return fields.tcp_flags = bits, *this; }
  TestPacket& seq(std::uint32_t number) { return fields.tcp_seq = number, *this; }
  TestPacket& ack(std::uint32_t number) { return fields.tcp_ack = number, *this; }
  TestPacket& window(std::uint16_t bytes) { return fields.tcp_window = bytes, *this; }
  TestPacket& icmp(std::uint8_t type, std::uint8_t code) { return icmp(1, type, code); }
  TestPacket& icmpv6(std::uint8_t type, std::uint8_t code) { return icmp(58, type, code); }
  TestPacket& mark(std::uint8_t bits) { return fields.marks |= bits, *this; }
  TestPacket& of(std::size_t index) { return flow = index, *this; }

 private:
  TestPacket& icmp(std::uint8_t number, std::uint8_t type, std::uint8_t code) {
    fields.icmp_type = type;
    fields.icmp_code = code;
    return protocol(number).header(8).mark(FG_MARK_ICMP);
  }
};
// Of TCP, unless the test says otherwise.
TestPacket forward();
TestPacket backward();

// Bits of TestPacket::flags.
inline constexpr std::uint8_t kFin = 1, kSyn = 2, kRst = 4, kPsh = 8, kAck = 16, kUrg = 32, kEce = 64, kCwr = 128;
inline constexpr std::int64_t kMicrosecond = 1'000, kMillisecond = 1'000'000, kSecond = 1'000'000'000;
inline constexpr std::uint8_t kTcpProtocol = 6, kUdpProtocol = 17;

struct Null {
  bool operator==(const Null&) const = default;
};
struct Never {  // FG_NEVER
  bool operator==(const Never&) const = default;
};
struct SeriesCell {
  std::uint64_t count;
  std::int64_t sum;
  unsigned __int128 squares;
  std::int64_t min;
  std::int64_t max;
  bool operator==(const SeriesCell&) const = default;
};
// FG_TIME is the std::int64_t alternative.
using Cell = std::variant<Null, Never, std::uint64_t, std::int64_t, double, bool, std::string, SeriesCell,
                          std::vector<std::uint64_t>, std::vector<std::int64_t>>;
using TestRow = std::map<std::string, Cell>;
inline constexpr SeriesCell kNoValues{};
// A series of one value.
SeriesCell one(std::int64_t value);
std::ostream& operator<<(std::ostream& out, const Null&);
std::ostream& operator<<(std::ostream& out, const Never&);
std::ostream& operator<<(std::ostream& out, const SeriesCell& series);

// Of a column vector; nulls are the caller's.
Cell read_cell(fg_type type, const void* cells, std::size_t row);

class FeatureHost {
 public:
  // Without options: the defaults of the feature's own, of which none may be a list.
  explicit FeatureHost(const fg_feature& feature, std::vector<fg_value> options = {});
  ~FeatureHost();
  FeatureHost(const FeatureHost&) = delete;
  FeatureHost& operator=(const FeatureHost&) = delete;

  // In batches of `batch` packets, 64 at most. Flows come into being with their first packet.
  fg_status update(std::vector<TestPacket> packets, std::size_t batch = 64);
  // One row per flow, in the order of their indices; `wanted` names the columns, none: all.
  std::vector<TestRow> emit(const std::vector<std::string>& wanted = {});
  // The row of flow 0.
  TestRow row() { return emit().at(0); }
  void release();

  // What the next emit shows of a flow besides its counts: names, addresses, tags.
  fg_flow& flow(std::size_t index);
  fg_key& key(std::size_t index);
  // For counters that no test can fill one by one: the flow has had this many packets in each direction.
  void lost_so_far(std::uint64_t packets) { ring_drops_ = packets; }  // from now on, live
  void pretend_packets(std::size_t index, std::uint64_t forward_packets, std::uint64_t backward_packets);
  // The feature's own bytes of a flow, for what would take too many packets, or must not change.
  std::span<unsigned char> state(std::size_t index);
  template <class State>
  State& state_as(std::size_t index) {
    return *reinterpret_cast<State*>(state(index).data());
  }

  [[nodiscard]] fg_status created() const { return created_; }
  [[nodiscard]] fg_status last_emit() const { return last_emit_; }
  [[nodiscard]] const std::string& log() const { return log_; }
  [[nodiscard]] std::uint64_t cut_cells() const;
  // Nothing was written beside the states and beside the cells of an emit.
  [[nodiscard]] bool canaries_alive() const;

 private:
  struct Flow;
  struct Services;
  Flow& flow_at(std::size_t index);

  const fg_feature& feature_;
  std::unique_ptr<Services> services_;
  void* instance_ = nullptr;
  fg_status created_;
  fg_status last_emit_ = FG_OK;
  bool cells_kept_to_ = true;
  std::string log_;
  std::uint64_t ring_drops_ = FG_NO_RING;
  std::vector<std::unique_ptr<Flow>> flows_;
};

// What a feature of ours says of one flow's packets; checks besides that to say it twice changes nothing.
TestRow row_of(const std::string& feature, std::vector<TestPacket> packets);

}  // namespace flowgauge::test
