// The descriptors an author writes: what a feature or schema is called, its columns. Options: option.hpp.
// Each is the C struct with a constructor that checks names while compiling.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../plugin.h"

namespace fg {

using Packet = fg_packet;
using Flow = fg_flow;
using Key = fg_key;
using Tags = fg_tags;
#if FG_TARGET_MINOR >= 1
using Fields = fg_fields;
#endif

enum Direction : std::uint8_t { kForward = FG_FORWARD, kBackward = FG_BACKWARD };

struct About {
  const char* name;  // [a-z0-9_]+
  const char* version;
  const char* doc;                    // one sentence
  fg_needs needs = FG_NEEDS_NOTHING;  // of a feature: what it sees beyond lengths, numbers, gaps and relative times
  std::uint32_t payload_bytes = 0;    // with FG_NEEDS_PAYLOAD: how many of a packet's first payload bytes
#if FG_TARGET_MINOR >= 1
  const char* source = nullptr;  // of a feature: where its columns' definitions are written, but of those that say it
#endif
};

namespace detail {

// Not constexpr, so that a call in a constant stops the compiler with the function's name.
void a_name_is_made_of_lower_case_letters_digits_and_underscores();
void a_doc_is_a_sentence_for_people_and_not_empty();
void only_a_series_has_extremes();
void a_source_is_a_text_and_not_empty();
void a_port_is_a_number_from_1_to_65535();
void the_number_of_an_ip_protocol_is_1_to_255();
void this_ip_protocol_has_no_ports();

constexpr bool is_name(std::string_view text) {
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return !text.empty();
}

consteval void check_name_and_doc(std::string_view name, std::string_view doc) {
  if (!is_name(name)) a_name_is_made_of_lower_case_letters_digits_and_underscores();
  if (doc.empty()) a_doc_is_a_sentence_for_people_and_not_empty();
}

}  // namespace detail

// {"fwd", "IP length of the source's packets", FG_SERIES, FG_UNIT_BYTES, FG_REVEALS_NOTHING}
struct Column : fg_column {
  // What it reveals has no default: whoever adds a column decides what it gives away.
  consteval Column(const char* column_name, const char* sentence, fg_type cell_type, fg_unit cell_unit,
                   fg_contamination revealed, fg_contamination revealed_by_extremes = FG_REVEALS_NOTHING)
      : fg_column{} {
    detail::check_name_and_doc(column_name, sentence);
    name = column_name;
    doc = sentence;
    type = cell_type;
    unit = cell_unit;
    reveals = revealed;
    extremes_reveal = revealed_by_extremes;
    if (cell_type != FG_SERIES && revealed_by_extremes != FG_REVEALS_NOTHING) detail::only_a_series_has_extremes();
  }

  // fg::Column{...}.nullable(): its cells are null unless set, see fg::Row.
  [[nodiscard]] consteval Column nullable() const {
    Column column = *this;
    column.flags |= FG_NULLABLE;
    return column;
  }

#if FG_TARGET_MINOR >= 1
  // fg::Column{...}.defined_in("RFC 9293 3.1"): where its definition is written.
  [[nodiscard]] consteval Column defined_in(const char* text) const {
    if (text == nullptr || *text == 0) detail::a_source_is_a_text_and_not_empty();
    Column column = *this;
    column.source = text;
    return column;
  }
#endif
};

#if FG_TARGET_MINOR >= 1
// Why a feature may end a flow: {"handshake", "The handshake is over"}; see fg::PacketOf::end_flow().
struct End : fg_end {
  consteval End(const char* end_name, const char* sentence) : fg_end{end_name, sentence} {
    detail::check_name_and_doc(end_name, sentence);
  }
};

// What a feature counts over all flows, for the run's report: {"resets", "Flows that were reset", FG_UNIT_COUNT}; see
// fg::PacketOf::count().
struct Counter : fg_counter {
  consteval Counter(const char* counter_name, const char* sentence, fg_unit counted_unit)
      : fg_counter{counter_name, sentence, counted_unit, 0} {
    detail::check_name_and_doc(counter_name, sentence);
  }
};

// Of which flows a feature is shown packets, for kPacketFilters: made by the functions below.
struct PacketFilter : fg_packet_filter {
  consteval PacketFilter(std::uint32_t protocol_number, std::uint32_t port_number) : fg_packet_filter{} {
    if (protocol_number > 255) detail::the_number_of_an_ip_protocol_is_1_to_255();
    if (port_number > 65535) detail::a_port_is_a_number_from_1_to_65535();
    const bool has_ports = protocol_number == 0 || protocol_number == 6 || protocol_number == 17 ||
                           protocol_number == 33 || protocol_number == 132 || protocol_number == 136;
    if (port_number != 0 && !has_ports) detail::this_ip_protocol_has_no_ports();
    ip_protocol = static_cast<std::uint8_t>(protocol_number);
    port = static_cast<std::uint16_t>(port_number);
  }
};

// Flows of an IP protocol, by its IANA number: 1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6, 132 SCTP.
consteval PacketFilter protocol(std::uint32_t number) {
  if (number == 0) detail::the_number_of_an_ip_protocol_is_1_to_255();
  return {number, 0};
}
// Flows of it with the port at either end; the feature's columns reveal class port then.
consteval PacketFilter protocol_port(std::uint32_t protocol_number, std::uint32_t number) {
  if (number == 0) detail::a_port_is_a_number_from_1_to_65535();
  return {protocol_number, number};
}
consteval PacketFilter tcp_port(std::uint32_t number) { return protocol_port(6, number); }
consteval PacketFilter udp_port(std::uint32_t number) { return protocol_port(17, number); }
consteval PacketFilter sctp_port(std::uint32_t number) { return protocol_port(132, number); }
// Of any protocol.
consteval PacketFilter any_port(std::uint32_t number) { return protocol_port(0, number); }

namespace detail {
template <std::size_t N>
constexpr bool are_unique(const PacketFilter (&filters)[N]) {
  for (std::size_t i = 0; i < N; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (filters[i].ip_protocol == filters[j].ip_protocol && filters[i].port == filters[j].port) return false;
  return true;
}
}  // namespace detail
#endif

// A line of a schema: {"Flow IAT Mean", "us(iat.iat.mean)", FG_F64, FG_UNIT_US}; .where("gaps=fill") makes it depend on
// one of the schema's options (kOptions).
struct SchemaColumn : fg_schema_column {
  consteval SchemaColumn(const char* header, const char* formula, fg_type cell_type, fg_unit cell_unit,
                         fg_when form = FG_WHEN_BOTH, fg_schema_column_flags column_flags = 0)
      : fg_schema_column{header, formula, cell_type, cell_unit, form, column_flags, nullptr} {}

  [[nodiscard]] consteval SchemaColumn where(const char* condition) const {
    SchemaColumn column = *this;
    column.only_if = condition;
    return column;
  }
};

// What a derive reads: {"tcp_flags.fwd_syn", FG_U64}. Times are FG_I64, absolute.
struct Input : fg_input {
  consteval Input(const char* column_name, fg_type cell_type) : fg_input{column_name, cell_type, 0} {}
};

// The host steps through arrays of these by sizeof: they are the C structs and nothing else.
static_assert(sizeof(Column) == sizeof(fg_column) && sizeof(Input) == sizeof(fg_input));
static_assert(sizeof(SchemaColumn) == sizeof(fg_schema_column));
#if FG_TARGET_MINOR >= 1
static_assert(sizeof(Counter) == sizeof(fg_counter));
static_assert(sizeof(End) == sizeof(fg_end) && sizeof(PacketFilter) == sizeof(fg_packet_filter));
#endif

}  // namespace fg
