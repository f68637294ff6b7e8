// protocol_names: the name of a flow's protocol, from a table beside the plugin, read by a library beside it.
#define FG_TARGET_MINOR 1
#include <flowgauge/sdk.hpp>
#include <stdexcept>
#include <string>

#include "name_table.h"

namespace {

struct ProtocolNames {
  static constexpr fg::About kAbout{.name = "protocol_names", .version = "1.0", .doc = "Names of IP protocols."};
  static constexpr fg::Column kColumns[] = {
      {"name", "Of the IP protocol, as protocol_names.csv has it; empty where it has none", FG_STRING, FG_UNIT_NONE,
       FG_REVEALS_NOTHING},
  };

  struct Config {
    name_table table;
    explicit Config(const fg::Options<ProtocolNames>& options) {
      const std::string path = std::string(options.data_dir()) + "/protocol_names.csv";
      if (name_table_read(&table, path.c_str()) == 0) throw std::runtime_error(path + " cannot be read");
    }
  };

  void emit(fg::Row<ProtocolNames>& row, const fg::Flow& flow, const Config& config) const {
    row.set<"name">(std::string_view(config.table.names[flow.ip_protocol]));
  }
};

}  // namespace

FG_MODULE("protocol_names", "1.0", "Apache-2.0", fg::Features<ProtocolNames>, fg::Schemas<>);
