// icmp: what an ICMP or ICMPv6 flow says (RFC 792, RFC 4443). Packets without type and code, such as later fragments,
// count nowhere.
#include <flowgauge/sdk.hpp>

namespace {

constexpr std::uint8_t kIcmp = 1;  // IANA protocol number; the other one that has types is ICMPv6

// Counters, as bits of what a packet of some type counts as.
enum Kind : std::uint8_t { kEchoRequest, kEchoReply, kError, kDestinationUnreachable, kKinds };

constexpr std::uint32_t kinds_of_icmp(std::uint8_t type) {
  switch (type) {
    case 0:
      return 1U << kEchoReply;
    case 3:
      return 1U << kError | 1U << kDestinationUnreachable;
    case 4:   // source quench
    case 5:   // redirect
    case 11:  // time exceeded
    case 12:  // parameter problem
      return 1U << kError;
    case 8:
      return 1U << kEchoRequest;
    default:
      return 0;
  }
}

constexpr std::uint32_t kinds_of_icmpv6(std::uint8_t type) {
  switch (type) {
    case 1:
      return 1U << kError | 1U << kDestinationUnreachable;
    case 2:  // packet too big
    case 3:  // time exceeded
    case 4:  // parameter problem
      return 1U << kError;
    case 128:
      return 1U << kEchoRequest;
    case 129:
      return 1U << kEchoReply;
    default:
      return 0;
  }
}

struct Icmp {
  static constexpr fg::About kAbout{.name = "icmp",
                                    .version = "1.0",
                                    .doc = "Type and code of the first ICMP packet, and packets by kind.",
                                    .source = "semantics 5; RFC 792, RFC 4443"};
  static constexpr fg::Column kColumns[] = {
      {"type", "Type of the first ICMP packet, -1 if none", FG_I64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"code", "Code of the first ICMP packet, -1 if none", FG_I64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"echo_request", "Echo requests: type 8, ICMPv6 128", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"echo_reply", "Echo replies: type 0, ICMPv6 129", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"error", "Errors: types 3 4 5 11 12, ICMPv6 1 to 4", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"destination_unreachable", "Destination unreachable: type 3, ICMPv6 1", FG_U64, FG_UNIT_PACKETS,
       FG_REVEALS_NOTHING},
  };

  fg::Counters40<kKinds> counters;
  std::uint8_t seen;
  std::uint8_t type;  // of the first, valid with seen
  std::uint8_t code;

  void update(const fg::Packet& packet, fg::Direction) {
    if ((packet.marks & FG_MARK_ICMP) == 0) [[likely]]
      return;
    if (seen == 0) {
      seen = 1;
      type = packet.icmp_type;
      code = packet.icmp_code;
    }
    const bool is_icmp = packet.ip_protocol == kIcmp;
    counters.add_bits(is_icmp ? kinds_of_icmp(packet.icmp_type) : kinds_of_icmpv6(packet.icmp_type), packet.flow_index);
  }

  void emit(fg::Row<Icmp>& row, const fg::Flow&) const {
    row.set<"type">(seen != 0 ? int{type} : -1);
    row.set<"code">(seen != 0 ? int{code} : -1);
    row.set<"echo_request">(counters.count(kEchoRequest));
    row.set<"echo_reply">(counters.count(kEchoReply));
    row.set<"error">(counters.count(kError));
    row.set<"destination_unreachable">(counters.count(kDestinationUnreachable));
  }
};
static_assert(sizeof(Icmp) == 24);

}  // namespace

FG_MODULE("icmp", "1.0", "Apache-2.0", fg::Features<Icmp>, fg::Schemas<>);
