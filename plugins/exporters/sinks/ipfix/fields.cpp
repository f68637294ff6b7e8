#include "fields.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace ipfix_sinks {
namespace {

// Columns that mean what an element of IANA's does (https://www.iana.org/assignments/ipfix). Those of a direction are
// elements of it, the other side's as reverse elements (RFC 5103). A column of both directions together has none.
struct Meaning {
  std::string_view expression;
  Form form;
  std::string_view element;
  std::string_view element_v6;
  std::uint16_t bytes;
};
constexpr Meaning kMeanings[] = {
    {"flow.src_ip", Form::kAddress, "sourceIPv4Address", "sourceIPv6Address", 0},
    {"flow.dst_ip", Form::kAddress, "destinationIPv4Address", "destinationIPv6Address", 0},
    {"flow.src_port", Form::kNumber, "sourceTransportPort", "", 2},
    {"flow.dst_port", Form::kNumber, "destinationTransportPort", "", 2},
    {"flow.protocol", Form::kNumber, "protocolIdentifier", "", 1},
    {"flow.ip_version", Form::kNumber, "ipVersion", "", 1},
    {"flow.src_mac", Form::kMac, "sourceMacAddress", "", 6},
    {"flow.dst_mac", Form::kMac, "destinationMacAddress", "", 6},
    {"flow.vlan_id", Form::kNumber, "dot1qVlanId", "", 2},
    {"flow.inner_vlan_id", Form::kNumber, "dot1qCustomerVlanId", "", 2},
    {"flow.ingress", Form::kText, "interfaceName", "", 0},
    {"flow.sensor", Form::kText, "observationDomainName", "", 0},
    {"flow.end_reason", Form::kNumber, "flowEndReason", "", 1},
    {"packet_length.fwd.count", Form::kNumber, "packetDeltaCount", "", 8},
    {"packet_length.bwd.count", Form::kNumber, "reversePacketDeltaCount", "", 8},
    {"packet_length.fwd.total", Form::kNumber, "octetDeltaCount", "", 8},
    {"packet_length.bwd.total", Form::kNumber, "reverseOctetDeltaCount", "", 8},
    {"packet_length.fwd.min", Form::kNumber, "minimumIpTotalLength", "", 8},
    {"packet_length.bwd.min", Form::kNumber, "reverseMinimumIpTotalLength", "", 8},
    {"packet_length.fwd.max", Form::kNumber, "maximumIpTotalLength", "", 8},
    {"packet_length.bwd.max", Form::kNumber, "reverseMaximumIpTotalLength", "", 8},
    {"ttl.fwd.min", Form::kNumber, "minimumTTL", "", 1},
    {"ttl.bwd.min", Form::kNumber, "reverseMinimumTTL", "", 1},
    {"ttl.fwd.max", Form::kNumber, "maximumTTL", "", 1},
    {"ttl.bwd.max", Form::kNumber, "reverseMaximumTTL", "", 1},
};

// Snapshots count from the flow's beginning, each time: their sum is not the flow's. RFC 5102 5.10: totals.
std::string as_total(std::string_view element) {
  std::string name(element);
  if (const std::size_t at = name.find("DeltaCount"); at != std::string::npos) name.replace(at, 5, "Total");
  return name;
}

constexpr std::array<std::string_view, 8> kFlags{"fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"};  // RFC 9293

std::string time_element(std::string_view start_or_end, TimeUnit unit) {
  const std::string_view name = unit == TimeUnit::kMilliseconds   ? "Milliseconds"
                                : unit == TimeUnit::kMicroseconds ? "Microseconds"
                                                                  : "Nanoseconds";
  return std::string(start_or_end) + std::string(name);
}

// An absolute time of one column and of no other, however it is written.
bool is_time_of(const Column& column, std::string_view of) {
  const std::string& text = column.expression;
  return !column.time.empty() && std::ranges::count(text, '.') == 1 && text.find(of) != std::string::npos;
}

std::string_view type_name(fg_type type) {
  switch (type) {
    case FG_U64:
      return "unsigned64";
    case FG_I64:
      return "signed64";
    case FG_F64:
      return "float64";
    case FG_BOOL:
      return "boolean";
    default:
      return "string";
  }
}

std::string_view units_name(std::string_view unit) {
  if (unit == "B") return "octets";
  if (unit == "packets") return "packets";
  if (unit == "count") return "entries";
  if (unit == "ns") return "nanoseconds";
  if (unit == "us") return "microseconds";
  if (unit == "ms") return "milliseconds";
  return unit == "s" ? "seconds" : "none";
}

// What the registry has for it, or null.
const OwnElement* registered(const Column& column, const std::string& schema, const Registry& registry) {
  const OwnElement* const of_schema = registry.find(schema + ":" + column.name);
  if (of_schema != nullptr && of_schema->type == type_name(column.type) && of_schema->units == units_name(column.unit))
    return of_schema;
  // An expression that is a column of a feature is in that column's unit, whatever the table calls it.
  for (const std::string& key : {column.expression, "*:" + column.name})
    if (const OwnElement* const element = registry.find(key);
        element != nullptr && element->type == type_name(column.type))
      return element;
  return nullptr;
}

// FNV-1a, of 32 bits: the same everywhere.
std::uint32_t digest(std::string_view text) {
  std::uint32_t value = 2'166'136'261;
  for (const char letter : text) value = (value ^ static_cast<unsigned char>(letter)) * 16'777'619;
  return value;
}

Form own_form(const Column& column) {
  if (column.is_list) return Form::kList;
  switch (column.type) {
    case FG_F64:
      return Form::kReal;
    case FG_BOOL:
      return Form::kBoolean;
    case FG_STRING:
      return Form::kText;
    default:
      return Form::kNumber;
  }
}

class Maker {
 public:
  Maker(const Table& table, const Registry& registry, const TimeUnits& times)
      : table_(table), registry_(registry), times_(times) {
    for (const Column& column : table.columns) has_snapshots_ |= column.expression == "flow.snapshot";
  }

  std::vector<Field> fields() {
    std::vector<Field> fields;
    for (const Column& column : table_.columns)
      if (!add_times(fields, column)) fields.push_back(field(column));
    // In this order: nfcapd keeps the last of the two.
    add_flags(fields, "bwd", "reverseTcpControlBits");
    add_flags(fields, "fwd", "tcpControlBits");
    return fields;
  }

 private:
  Field field(const Column& column) {
    for (const Meaning& meaning : kMeanings) {
      if (column.expression != meaning.expression || column.is_list) continue;
      const std::string element = has_snapshots_ ? as_total(meaning.element) : std::string(meaning.element);
      if (taken_.insert(element).second)
        return {.form = meaning.form,
                .column = &column,
                .element = element,
                .element_v6 = std::string(meaning.element_v6),
                .bytes = meaning.bytes,
                .flags = {}};
    }
    return own_field(column);
  }

  Field own_field(const Column& column) {
    const OwnElement own = own_element(column);
    const Form form = own_form(column);
    const bool has_any_length = form == Form::kText || form == Form::kList;
    const std::uint16_t bytes = has_any_length ? 0 : form == Form::kBoolean ? 1 : 8;
    return {.form = form,
            .column = &column,
            .element = form == Form::kList ? "basicList" : own.name,
            .element_v6 = {},
            .own = own,
            .bytes = bytes,
            .flags = {}};
  }

  // False: it is no start or end of flows, or the second of the table.
  bool add_times(std::vector<Field>& fields, const Column& column) {
    for (const auto& [of, element] :
         {std::pair("flow.first_seen", "flowStart"), std::pair("flow.last_seen", "flowEnd")}) {
      if (!is_time_of(column, of) || !taken_.insert(element).second) continue;
      for (const TimeUnit unit : times_)
        fields.push_back({.form = Form::kTime,
                          .column = &column,
                          .element = time_element(element, unit),
                          .element_v6 = {},
                          .own = {},
                          .bytes = 8,
                          .flags = {},
                          .time = unit});
      return true;
    }
    return false;
  }

  OwnElement own_element(const Column& column) {
    const OwnElement* const known = registered(column, table_.schema, registry_);
    if (known != nullptr && taken_.insert(known->name).second) return *known;
    OwnElement made{.id = 0,
                    .name = "fg_" + column.name,
                    .type = std::string(type_name(column.type)),
                    .semantics = column.unit.empty() ? "default" : "quantity",
                    .units = std::string(units_name(column.unit))};
    while (!taken_.insert(made.name).second) made.name += '_';
    made.id = static_cast<std::uint16_t>(kFirstOfUsers + digest(made.name) % kFirstOfUsers);
    while (registry_.has(made.id) || !numbered_.insert(made.id).second)
      made.id = static_cast<std::uint16_t>(kFirstOfUsers + (made.id + 1U) % kFirstOfUsers);
    return made;
  }

  // Which flags a direction had follows from how many packets had each, where all eight are there.
  void add_flags(std::vector<Field>& fields, std::string_view direction, std::string_view element) {
    std::vector<const Column*> columns;
    for (const std::string_view flag : kFlags)
      for (const Column& column : table_.columns)
        if (column.expression == "tcp_flags." + std::string(direction) + "_" + std::string(flag) &&
            column.type == FG_U64) {
          columns.push_back(&column);
          break;
        }
    if (columns.size() == kFlags.size())
      fields.push_back({.form = Form::kFlags,
                        .column = columns.front(),
                        .element = std::string(element),
                        .element_v6 = {},
                        .own = {},
                        .bytes = 1,  // of two (RFC 7011 6.2): all the bits there are, and what collectors look at
                        .flags = columns});
  }

  const Table& table_;
  const Registry& registry_;
  TimeUnits times_;
  bool has_snapshots_ = false;
  std::set<std::string> taken_;
  std::set<std::uint16_t> numbered_;
};

}  // namespace

std::vector<Field> fields_of(const Table& table, const Registry& registry, const TimeUnits& times) {
  return Maker(table, registry, times).fields();
}

}  // namespace ipfix_sinks
