// A feature that says what its options are: ranges, choices, lists. options_test.py gives it values.
#define FG_TARGET_MINOR 1
#include <flowgauge/sdk.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Chosen {
  static constexpr fg::About kAbout{.name = "chosen", .version = "1.0", .doc = "What was chosen."};
  static constexpr fg::Column kColumns[] = {
      {"window", "The option of that name", FG_U64, FG_UNIT_S, FG_REVEALS_NOTHING},
      {"mode", "The option of that name", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"ports", "The option of that name", FG_LIST_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"shifts", "The option of that name", FG_LIST_I64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"parts", "The option of that name", FG_LIST_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"names", "The option of that name", FG_LIST_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING},
      {"kinds", "The option of that name", FG_LIST_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING},
  };
  static constexpr fg::Option kOptions[] = {
      fg::Option{"window", "How long to look", FG_U64, FG_UNIT_S, "5"}.between("1", "60"),
      fg::Option{"mode", "How to look", FG_STRING, FG_UNIT_NONE, "fast"}.one_of<"fast", "slow">(),
      fg::Option{"ports", "Where to look", FG_LIST_U64, FG_UNIT_NONE, "80, 443"}.at_most("65535"),
      fg::Option{"shifts", "How far to look", FG_LIST_I64, FG_UNIT_NONE, ""}.at_least("-3"),
      {"parts", "How much to look at", FG_LIST_F64, FG_UNIT_NONE, "0.5"},
      {"names", "Whom to look for", FG_LIST_STRING, FG_UNIT_NONE, ""},
      fg::Option{"kinds", "What to look for", FG_LIST_STRING, FG_UNIT_NONE, "tcp"}.one_of<"tcp", "udp">(),
  };
  struct Config {
    std::uint64_t window;
    std::string mode;
    std::vector<std::uint64_t> ports;
    std::vector<std::int64_t> shifts;
    std::vector<double> parts;
    std::vector<std::string> names;
    std::vector<std::string> kinds;

    explicit Config(const fg::Options<Chosen>& options) : window(options.get<"window">()), mode(options.get<"mode">()) {
      const auto given_ports = options.get<"ports">();
      ports.assign(given_ports.begin(), given_ports.end());
      for (const std::int64_t shift : options.get<"shifts">()) shifts.push_back(shift);
      for (const double part : options.get<"parts">()) parts.push_back(part);
      for (const std::string_view name : options.get<"names">()) names.emplace_back(name);
      const fg::Texts given_kinds = options.get<"kinds">();
      kinds.assign(given_kinds.begin(), given_kinds.end());
    }
  };

  void emit(fg::Row<Chosen>& row, const fg::Flow&, const Config& config) const {
    if (!config.names.empty() && config.names[0] == "nobody") throw std::runtime_error("there is nobody");
    row.set<"window">(config.window);
    row.set<"mode">(config.mode);
    row.set<"ports">(config.ports);
    row.set<"shifts">(config.shifts);
    row.set<"parts">(config.parts);
    row.set<"names">(std::vector<std::string_view>(config.names.begin(), config.names.end()));
    row.set<"kinds">(std::vector<std::string_view>(config.kinds.begin(), config.kinds.end()));
  }
};

}  // namespace

FG_MODULE("chosen", "1.0", "Apache-2.0", fg::Features<Chosen>, fg::Schemas<>, fg::Vendor<"Example Labs, Inc.">,
          fg::Url<"https://example.org/chosen">, fg::Support<"chosen@example.org">);
