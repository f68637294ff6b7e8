#include "core/summary/column_meaning.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace flowgauge {
namespace {

constexpr std::array<std::string_view, 16> kRoleNames = {
    "",        "start",   "end",        "duration", "protocol",        "source_port",      "destination_port",
    "address", "flow_id", "end_reason", "snapshot", "forward_packets", "backward_packets", "packets",
    "service", "label"};

struct KnownName {
  std::string_view name;  // in lower case, letters and digits alone
  Role role;
};
// flowgauge's tables, CICFlowMeter, NFStream, NetFlow v2 and v3 data sets, CESNET, CIDDS, UNSW-NB15, CTU-13, Zeek.
constexpr KnownName kKnownNames[] = {
    {"firsttimestamp", Role::kStart},
    {"timestampfirst", Role::kStart},
    {"timestamp", Role::kStart},
    {"datefirstseen", Role::kStart},
    {"bidirectionalfirstseenms", Role::kStart},
    {"ts", Role::kStart},
    {"flowstartmilliseconds", Role::kStart},
    {"starttime", Role::kStart},
    {"stime", Role::kStart},
    {"timefirst", Role::kStart},
    {"firstseen", Role::kStart},
    {"flowfirstseen", Role::kStart},
    {"lasttimestamp", Role::kEnd},
    {"timestamplast", Role::kEnd},
    {"bidirectionallastseenms", Role::kEnd},
    {"flowendmilliseconds", Role::kEnd},
    {"timelast", Role::kEnd},
    {"endtime", Role::kEnd},
    {"ltime", Role::kEnd},
    {"lastseen", Role::kEnd},
    {"flowlastseen", Role::kEnd},
    {"duration", Role::kDuration},
    {"flowduration", Role::kDuration},
    {"flowdurationus", Role::kDuration},
    {"bidirectionaldurationms", Role::kDuration},
    {"flowdurationmilliseconds", Role::kDuration},
    {"dur", Role::kDuration},
    {"protocol", Role::kProtocol},
    {"flowprotocol", Role::kProtocol},
    {"proto", Role::kProtocol},
    {"ipprotocol", Role::kProtocol},
    {"sourceport", Role::kSourcePort},
    {"srcport", Role::kSourcePort},
    {"flowsrcport", Role::kSourcePort},
    {"srcpt", Role::kSourcePort},
    {"sport", Role::kSourcePort},
    {"l4srcport", Role::kSourcePort},
    {"idorigp", Role::kSourcePort},
    {"destinationport", Role::kDestinationPort},
    {"dstport", Role::kDestinationPort},
    {"flowdstport", Role::kDestinationPort},
    {"dstpt", Role::kDestinationPort},
    {"dport", Role::kDestinationPort},
    {"dsport", Role::kDestinationPort},
    {"l4dstport", Role::kDestinationPort},
    {"idrespp", Role::kDestinationPort},
    {"sourceip", Role::kAddress},
    {"srcip", Role::kAddress},
    {"flowsrcip", Role::kAddress},
    {"srcipaddr", Role::kAddress},
    {"srcaddr", Role::kAddress},
    {"saddr", Role::kAddress},
    {"ipv4srcaddr", Role::kAddress},
    {"ipv6srcaddr", Role::kAddress},
    {"idorigh", Role::kAddress},
    {"destinationip", Role::kAddress},
    {"dstip", Role::kAddress},
    {"flowdstip", Role::kAddress},
    {"dstipaddr", Role::kAddress},
    {"dstaddr", Role::kAddress},
    {"daddr", Role::kAddress},
    {"ipv4dstaddr", Role::kAddress},
    {"ipv6dstaddr", Role::kAddress},
    {"idresph", Role::kAddress},
    {"srcmac", Role::kAddress},
    {"dstmac", Role::kAddress},
    {"flowid", Role::kFlowId},
    {"id", Role::kFlowId},
    {"uid", Role::kFlowId},
    {"communityid", Role::kFlowId},
    {"flowcommunityid", Role::kFlowId},
    {"flowexpirecause", Role::kEndReason},
    {"endreason", Role::kEndReason},
    {"flowendreason", Role::kEndReason},
    {"flowendreasontext", Role::kEndReason},
    {"snapshot", Role::kSnapshot},
    {"flowsnapshot", Role::kSnapshot},
    {"totalfwdpacket", Role::kForwardPackets},
    {"totalfwdpackets", Role::kForwardPackets},
    {"totfwdpkts", Role::kForwardPackets},
    {"src2dstpackets", Role::kForwardPackets},
    {"inpkts", Role::kForwardPackets},
    {"origpkts", Role::kForwardPackets},
    {"spkts", Role::kForwardPackets},
    {"packetlengthfwdcount", Role::kForwardPackets},
    {"totalbwdpackets", Role::kBackwardPackets},
    {"totalbackwardpackets", Role::kBackwardPackets},
    {"totbwdpkts", Role::kBackwardPackets},
    {"dst2srcpackets", Role::kBackwardPackets},
    {"outpkts", Role::kBackwardPackets},
    {"resppkts", Role::kBackwardPackets},
    {"dpkts", Role::kBackwardPackets},
    {"packetsrev", Role::kBackwardPackets},
    {"packetlengthbwdcount", Role::kBackwardPackets},
    {"bidirectionalpackets", Role::kPackets},
    {"packets", Role::kPackets},
    {"totpkts", Role::kPackets},
    {"packetlengthflowcount", Role::kPackets},
    {"service", Role::kService},
    {"servicegroup", Role::kService},
    {"endpointservicegroup", Role::kService},
    {"applicationname", Role::kService},
    {"label", Role::kLabel},
    {"attack", Role::kLabel},
    {"attackcat", Role::kLabel},
    {"attacktype", Role::kLabel},
    {"class", Role::kLabel},
};

std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char letter : name) {
    if (letter >= 'A' && letter <= 'Z') plain += static_cast<char>(letter + 32);
    if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9')) plain += letter;
  }
  return plain;
}

bool is_name_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_' || letter == '.';
}

// The columns that an expression reads: words with a point in them.
std::set<std::string, std::less<>> columns_in(std::string_view expression) {
  std::set<std::string, std::less<>> columns;
  for (std::size_t at = 0; at < expression.size();) {
    if (expression[at] == '\'') {  // text
      at = std::min(expression.find('\'', at + 1), expression.size() - 1) + 1;
      continue;
    }
    std::size_t end = at;
    while (end < expression.size() && is_name_letter(expression[end])) ++end;
    const std::string_view word = expression.substr(at, end - at);
    if (word.contains('.') && word.front() >= 'a') columns.emplace(word);
    at = std::max(end, at + 1);
  }
  return columns;
}

bool counts_packets(std::string_view expression, std::string_view direction) {
  for (const std::string_view family : {"packet_length", "payload_length", "header_length"})
    if (expression == std::string(family).append(".").append(direction).append(".count")) return true;
  return false;
}

Role role_of_expression(std::string_view expression) {
  const auto columns = columns_in(expression);
  const auto reads_only = [&](std::string_view column) { return columns.size() == 1 && columns.contains(column); };
  const bool is_class = expression.contains("port_class(") || expression.contains("service_group(");
  if (reads_only("endpoint.service_group") || (expression.contains("service_group(") && !columns.empty()))
    return Role::kService;
  if (reads_only("flow.first_seen")) return Role::kStart;
  if (reads_only("flow.last_seen")) return Role::kEnd;
  if (reads_only("flow.duration")) return Role::kDuration;
  if (columns.size() == 2 && columns.contains("flow.first_seen") && columns.contains("flow.last_seen"))
    return Role::kDuration;
  if (reads_only("flow.protocol") && !expression.contains("==")) return Role::kProtocol;
  if (reads_only("flow.src_port") && !is_class) return Role::kSourcePort;
  if (reads_only("flow.dst_port") && !is_class) return Role::kDestinationPort;
  if (reads_only("flow.src_ip") || reads_only("flow.dst_ip")) return Role::kAddress;
  if (expression == "flow.id" || expression == "flow.community_id") return Role::kFlowId;
  if (expression == "flow.end_reason_text" || expression == "flow.end_reason") return Role::kEndReason;
  if (expression == "flow.snapshot") return Role::kSnapshot;
  if (counts_packets(expression, "fwd")) return Role::kForwardPackets;
  if (counts_packets(expression, "bwd")) return Role::kBackwardPackets;
  if (counts_packets(expression, "flow")) return Role::kPackets;
  return Role::kNone;
}

std::int64_t ns_of_unit(std::string_view unit) {
  if (unit == "ns") return 1;
  if (unit == "us") return 1'000;
  if (unit == "ms") return 1'000'000;
  return unit == "s" ? 1'000'000'000 : 0;
}

// "flow_duration_us", "FLOW_DURATION_MILLISECONDS"
std::int64_t unit_of_name(std::string_view plain) {
  if (plain.ends_with("milliseconds") || plain.ends_with("ms")) return 1'000'000;
  if (plain.ends_with("microseconds") || plain.ends_with("us")) return 1'000;
  return plain.ends_with("ns") ? 1 : 0;
}

// What is known of columns without metadata.
std::vector<std::string> classes_of(Role role) {
  switch (role) {
    case Role::kStart:
    case Role::kEnd:
      return {"time"};
    case Role::kSourcePort:
    case Role::kDestinationPort:
      return {"port"};
    case Role::kAddress:
    case Role::kFlowId:
      return {"identity"};
    default:
      return {};
  }
}

}  // namespace

std::string_view role_name(Role role) { return kRoleNames[static_cast<std::size_t>(role)]; }

ColumnMeaning meaning_of(std::string_view name, const ColumnNote* note) {
  const std::string plain = plain_name(name);
  ColumnMeaning meaning;
  if (note != nullptr) {
    meaning.role = note->role == "label" ? Role::kLabel : role_of_expression(note->expression);
    meaning.unit = note->unit;
    meaning.unit_ns = ns_of_unit(note->unit);
    meaning.classes = note->classes;
    return meaning;
  }
  const auto* const known = std::ranges::find(kKnownNames, plain, &KnownName::name);
  if (known != std::end(kKnownNames)) meaning.role = known->role;
  meaning.unit_ns = unit_of_name(plain);
  meaning.classes = classes_of(meaning.role);
  return meaning;
}

std::int64_t unit_of_time(double number) {
  // 2001 to 2065 in each unit; they do not overlap.
  for (const std::int64_t unit_ns :
       {std::int64_t{1'000'000'000}, std::int64_t{1'000'000}, std::int64_t{1'000}, std::int64_t{1}}) {
    const double seconds = number * (static_cast<double>(unit_ns) / 1e9);
    if (seconds >= 1e9 && seconds < 3e9) return unit_ns;
  }
  return 0;
}

}  // namespace flowgauge
