// endpoint: coarse names of a flow's two ends. The host makes them from addresses and ports, which
// this feature never sees; it keeps no state.
#include <flowgauge/sdk.hpp>

namespace {

struct Endpoint {
  static constexpr fg::About kAbout{.name = "endpoint",
                                    .version = "1.0",
                                    .doc = "Scopes, locality, port classes and service group of a flow.",
                                    .source = "semantics 5; RFC 6890, RFC 4193"};
  static constexpr fg::Column kColumns[] = {
      {"src_scope", "Scope of the source address: loopback, private, global, ...", FG_STRING, FG_UNIT_NONE,
       FG_REVEALS_PATH},
      {"dst_scope", "Scope of the destination address", FG_STRING, FG_UNIT_NONE, FG_REVEALS_PATH},
      fg::Column{"path_locality", "What both scopes say together: private, public, mixed, ...", FG_STRING, FG_UNIT_NONE,
                 FG_REVEALS_PATH}
          .defined_in("semantics 5"),
      fg::Column{"src_port_class", "well-known, registered or dynamic source port", FG_STRING, FG_UNIT_NONE,
                 FG_REVEALS_NOTHING}
          .defined_in("semantics 5; RFC 6335 6"),
      fg::Column{"dst_port_class", "well-known, registered or dynamic destination port", FG_STRING, FG_UNIT_NONE,
                 FG_REVEALS_NOTHING}
          .defined_in("semantics 5; RFC 6335 6"),
      fg::Column{"service_group", "Group of services that the destination port belongs to", FG_STRING, FG_UNIT_NONE,
                 FG_REVEALS_NOTHING}
          .defined_in("semantics 5; the service groups below"),
  };

  void emit(fg::Row<Endpoint>& row, const fg::Flow& flow) const {
    row.set<"src_scope">(flow.source_scope);
    row.set<"dst_scope">(flow.destination_scope);
    row.set<"path_locality">(flow.path_locality);
    row.set<"src_port_class">(flow.source_port_class);
    row.set<"dst_port_class">(flow.destination_port_class);
    row.set<"service_group">(flow.service_group);
  }
};

}  // namespace

FG_MODULE("endpoint", "1.0", "Apache-2.0", fg::Features<Endpoint>, fg::Schemas<>);
