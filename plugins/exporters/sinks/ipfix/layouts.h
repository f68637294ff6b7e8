// Templates of a table. IPFIX knows no empty cell and has two elements for addresses: each combination of cells that
// are there and of IP versions has a template of its own, made when the first such row comes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <flowgauge/sdk.hpp>
#include <map>
#include <string>
#include <vector>

#include "fields.h"
#include "fixbuf.h"

namespace ipfix_sinks {

// One letter for each field: what of it a row has.
enum class Presence : char { kNone = '0', kThere = '1', kIpv6 = '6' };
using Pattern = std::string;

struct Slot {
  const Field* field;
  std::uint16_t offset;  // in the record that libfixbuf reads
  Presence presence;
};

struct Layout {
  std::uint16_t template_id = 0;
  std::vector<Slot> slots;
  std::size_t record_bytes = 0;
  std::size_t template_bytes = 0;  // in a message
  std::size_t fixed_bytes = 0;     // of a row in a message, without what has any length
};

// The record is laid out by falling alignment, so that no cell needs padding. A row without any cell is told by a byte
// of padding: no template is empty.
[[nodiscard]] Layout layout_of(const std::vector<Field>& fields, const Pattern& pattern);
// Elements as libfixbuf wants them, in the layout's order.
[[nodiscard]] fbTemplate_t* template_of(const Layout& layout, fbInfoModel_t* model);

[[nodiscard]] Presence presence_of(const Field& field, const fg::Batch& batch, std::int64_t row);

}  // namespace ipfix_sinks
