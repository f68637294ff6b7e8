// first_packets: lengths, times and directions of a flow's first packets, as lists: what classifiers of encrypted
// traffic look at.
#include <flowgauge/sdk.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct FirstPackets {
  static constexpr fg::About kAbout{
      .name = "first_packets", .version = "1.0", .doc = "The first packets of a flow, one by one."};
  static constexpr fg::Column kColumns[] = {
      {"lengths", "IP lengths", FG_LIST_U64, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
      {"times", "Since the first packet, 0 for what is older", FG_LIST_U64, FG_UNIT_NS, FG_REVEALS_NOTHING},
      {"directions", "0 from the source, 1 to it", FG_LIST_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
  };

  static constexpr fg::Option kOptions[] = {
      {"n", "How many packets to keep, 1 to 1000", FG_U64, FG_UNIT_PACKETS, "8"},
  };
  struct Config {
    std::uint64_t n;
    explicit Config(const fg::Options<FirstPackets>& options) : n(options.get<"n">()) {
      if (n < 1 || n > 1000) throw std::invalid_argument("n is " + std::to_string(n) + "; use 1 to 1000");
    }
  };

  struct Seen {
    std::uint64_t time_ns;
    std::uint32_t length_bytes;
    fg::Direction direction;
  };
  // The state of one flow is one pointer. Zero bytes are the empty one.
  fg::Owned<std::vector<Seen>> seen;

  void update(const fg::Packet& packet, fg::Direction direction, const Config& config) {
    if (packet.flow_index >= config.n) return;
    const auto time_ns = static_cast<std::uint64_t>(std::max<std::int64_t>(packet.time_ns, 0));
    seen.get_or_create().push_back({time_ns, packet.ip_length_bytes, direction});
  }

  void emit(fg::Row<FirstPackets>& row, const fg::Flow&) const {
    if (!seen) return;  // the lists stay empty
    if (row.wants<"lengths">()) row.set<"lengths">(list_of(&Seen::length_bytes));
    if (row.wants<"times">()) row.set<"times">(list_of(&Seen::time_ns));
    if (row.wants<"directions">()) row.set<"directions">(list_of(&Seen::direction));
  }

  // Once for each flow, after its last emit.
  void release() { seen.free(); }

 private:
  template <class Member>
  [[nodiscard]] std::vector<std::uint64_t> list_of(Member member) const {
    std::vector<std::uint64_t> list;
    list.reserve(seen.get()->size());
    for (const Seen& one : *seen.get()) list.push_back(one.*member);
    return list;
  }
};
static_assert(sizeof(FirstPackets) == 8, "of memory per flow, besides what it owns");

}  // namespace

FG_MODULE("first_packets", "1.0", "Apache-2.0", fg::Features<FirstPackets>, fg::Schemas<>);
