#include "table.h"

#include <cstring>
#include <map>

namespace ipfix_sinks {
namespace {

using Notes = std::map<std::string, std::string, std::less<>>;

// Pairs of texts, each with its length before it: the Arrow C data interface, "metadata".
Notes notes_of(const char* metadata) {
  Notes notes;
  if (metadata == nullptr) return notes;
  const auto number = [&metadata] {
    std::int32_t value = 0;
    std::memcpy(&value, metadata, sizeof value);
    metadata += sizeof value;
    return static_cast<std::size_t>(value);
  };
  const auto text = [&] {
    const std::size_t size = number();
    metadata += size;
    return std::string(metadata - size, size);
  };
  for (std::size_t left = number(); left > 0; --left) {
    std::string key = text();
    notes[std::move(key)] = text();
  }
  return notes;
}

std::string note(const Notes& notes, std::string_view key) {
  const auto at = notes.find(key);
  return at == notes.end() ? std::string() : at->second;
}

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
  table.schema = note(notes_of(schema.metadata), "flowgauge.schema");
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema& field = *schema.children[i];
    const Notes notes = notes_of(field.metadata);
    const bool is_list = field.n_children != 0;
    table.columns.push_back({.index = i,
                             .name = field.name,
                             .expression = note(notes, "flowgauge.expression"),
                             .unit = note(notes, "flowgauge.unit"),
                             .time = note(notes, "flowgauge.time"),
                             .type = type_of(is_list ? *field.children[0] : field),
                             .is_list = is_list});
  }
  return table;
}

}  // namespace ipfix_sinks
