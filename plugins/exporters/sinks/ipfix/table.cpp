#include "table.h"

#include <string>

namespace ipfix_sinks {
namespace {

fg_type type_of(const ArrowSchema& field) {
  switch (field.format[0]) {
    case 'L':
      return FG_U64;
    case 'l':
      return FG_I64;
    case 'g':
      return FG_F64;
    case 'b':
      return FG_BOOL;
    default:
      return FG_STRING;
  }
}

}  // namespace

Table table_of(const ArrowSchema& schema) {
  Table table;
  table.schema = fg::note_of(schema, "flowgauge.schema");
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema& field = *schema.children[i];
    const bool is_list = field.n_children != 0;
    table.columns.push_back({.index = i,
                             .name = field.name,
                             .expression = std::string(fg::note_of(field, "flowgauge.expression")),
                             .unit = std::string(fg::note_of(field, "flowgauge.unit")),
                             .time = std::string(fg::note_of(field, "flowgauge.time")),
                             .type = type_of(is_list ? *field.children[0] : field),
                             .is_list = is_list});
  }
  return table;
}

}  // namespace ipfix_sinks
