// What a column of flows means: by what the table's metadata says of it, else by names that flowgauge's own tables and
// those of other tools have. Stateless.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flowgauge {

enum class Role : std::uint8_t {
  kNone,
  kStart,
  kEnd,
  kDuration,
  kProtocol,
  kSourcePort,
  kDestinationPort,
  kAddress,
  kFlowId,
  kEndReason,
  kSnapshot,
  kForwardPackets,
  kBackwardPackets,
  kPackets,
  kService,
  kLabel,
};

// "start", "duration"; empty: none.
[[nodiscard]] std::string_view role_name(Role role);

// What metadata has of a column (docs/table-metadata.md); empty where there is none.
struct ColumnNote {
  std::string name;
  std::string role;  // "feature", "label"
  std::string type;
  std::string unit;
  std::string expression;
  std::vector<std::string> classes;
};

struct ColumnMeaning {
  Role role = Role::kNone;
  std::int64_t unit_ns = 0;            // of times and durations that are numbers; 0: not known
  std::string unit{};                  // as the metadata has it
  std::vector<std::string> classes{};  // contamination classes: what it can give away
};

// `note`: null where there is no metadata.
[[nodiscard]] ColumnMeaning meaning_of(std::string_view name, const ColumnNote* note);

// Of a number that is a moment since 1970, by its size: ns, us, ms or s; 0: it is none of this century's.
[[nodiscard]] std::int64_t unit_of_time(double number);

}  // namespace flowgauge
