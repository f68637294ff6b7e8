// What the host's own families of columns, `flow` and `packet`, are made of: cells that are written, and a feature
// without state around a static list of columns.
#pragma once

#include <cstdint>
#include <cstring>
#include <iterator>
#include <string_view>

#include "core/base/validity.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// Where one cell goes.
struct HostCell {
  const fg_emit& emit;
  const fg_vector& vector;
  std::uint32_t row;

  void set(std::uint64_t value) const { static_cast<std::uint64_t*>(vector.cells)[row] = value; }
  void set_signed(std::int64_t value) const { static_cast<std::int64_t*>(vector.cells)[row] = value; }
  void set_bool(bool value) const { static_cast<std::uint8_t*>(vector.cells)[row] = value ? 1 : 0; }
  void set_static(std::string_view text) const {
    static_cast<fg_string*>(vector.cells)[row] = {text.data(), text.size()};
  }
  void set_copy(std::string_view text) const {
    void* memory = emit.host->arena_alloc(emit.arena, row, text.size());
    if (memory == nullptr) return;  // counted by the arena; the cell stays empty
    std::memcpy(memory, text.data(), text.size());
    static_cast<fg_string*>(vector.cells)[row] = {static_cast<const char*>(memory), text.size()};
  }
  void set_valid() const { flowgauge::set_valid(vector.validity, row); }
  // Null else.
  void set_if(bool present, std::uint64_t value) const {
    if (!present) return;
    set(value);
    set_valid();
  }
};

constexpr fg_column host_column(const char* name, fg_type type, fg_unit unit, fg_contamination reveals, const char* doc,
                                const char* source, fg_column_flags flags = 0) {
  return {name, doc, type, unit, reveals, 0, flags, 0, source};
}

// Column by column: a column that nobody wants costs one comparison.
template <const auto& Columns>
fg_status emit_host_columns(void* /*instance*/, const fg_emit* emit) {
  for (std::size_t c = 0; c < std::size(Columns); ++c) {
    const fg_vector& vector = emit->columns[c];
    if (vector.cells != nullptr) Columns[c].write(*emit, vector);
  }
  return FG_OK;
}

// Of static columns, whose first member is the declaration. It needs nothing: it reads the host's own records.
template <const auto& Columns>
constexpr fg_feature host_feature(const char* name, const char* doc) {
  return {.struct_size = sizeof(fg_feature),
          .state_size = 0,
          .state_align = 1,
          .payload_bytes = 0,
          .needs = FG_NEEDS_NOTHING,
          .name = name,
          .version = "1.0",
          .doc = doc,
          .columns = {Columns, std::size(Columns), sizeof(Columns[0])},
          .options = FG_NO_ARRAY,
          .create =
              [](const fg_create*, void** instance) {
                *instance = nullptr;
                return FG_OK;
              },
          .destroy = [](void*) {},
          .update = nullptr,
          .emit = emit_host_columns<Columns>,
          .release = nullptr};
}

}  // namespace flowgauge
