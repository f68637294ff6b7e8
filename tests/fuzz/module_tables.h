// The tables of a module as a plugin has them, with an input's bytes in place of every number and its texts in place of
// every text. Pointers and counts are good: whether they are is for those who read the tables out of a foreign process.
#pragma once

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "core/sdk/flowgauge/plugin.h"
#include "tests/fuzz/input_bytes.h"

namespace flowgauge::test {

// For as long as one input is tried.
class ModuleTables {
 public:
  static constexpr const char* kNames[] = {"a", "b", "c", "d"};  // of columns, options, ends and counters

  ModuleTables(const std::uint8_t* data, std::size_t size) : bytes_(data, size) {}

  const fg_module& module() {
    auto& table = made<fg_module>();
    number(table.struct_size, sizeof table);
    number(table.min_host_minor, 0);
    number(table.built_minor, FG_ABI_MINOR);
    table.name = text("m");
    table.version = text("1");
    table.licence = text("MIT");
    table.features = pointers<fg_feature>(table.feature_count, [this] { return feature(); });
    table.schemas = pointers<fg_schema>(table.schema_count, [this] { return schema(); });
    table.derived = pointers<fg_derived>(table.derived_count, [this] { return derived(); });
    table.sinks = pointers<fg_sink>(table.sink_count, [this] { return sink(); });
    for (const char** const field : {&table.vendor, &table.url, &table.support})
      *field = is_wrong() ? text("https://example.org") : nullptr;
    return table;
  }

  // What is left of the input.
  InputBytes& rest() { return bytes_; }

 private:
  // One time in eight something else than what is right.
  bool is_wrong() { return bytes_.below(8) == 7; }

  template <class T, class Right>
  void number(T& field, Right right) {
    field = is_wrong() ? bytes_.take<T>() : static_cast<T>(right);
  }
  template <class T>
  T one_of(std::initializer_list<T> all) {
    return is_wrong() ? bytes_.take<T>() : all.begin()[bytes_.below(all.size())];
  }

  const char* text(const char* right) {
    switch (bytes_.below(12)) {
      case 11:
        return nullptr;
      case 10:
        return kept_text(std::string(70'000, 'x'));
      case 9:
      case 8:
        return kept_text(bytes_.line());
      default:
        return right;
    }
  }
  const char* kept_text(std::string made) {
    auto copy = std::make_unique<char[]>(made.size() + 1);
    made.copy(copy.get(), made.size());
    texts_.push_back(std::move(copy));
    return texts_.back().get();
  }

  // Memory of the table's own size, so that a read behind it is found.
  template <class T>
  T& made() {
    memory_.push_back(std::make_unique<unsigned char[]>(sizeof(T)));
    return *reinterpret_cast<T*>(memory_.back().get());
  }

  template <class T, class Count, class Make>
  const T* const* pointers(Count& count, Make make) {
    const std::size_t size = bytes_.below(4);
    number(count, size);
    if (count > size && count <= kEnough) count = static_cast<Count>(size);
    if (is_wrong()) return nullptr;
    memory_.push_back(std::make_unique<unsigned char[]>(size * sizeof(T*)));
    auto* const all = reinterpret_cast<const T**>(memory_.back().get());
    for (std::size_t at = 0; at < size; ++at) all[at] = is_wrong() ? nullptr : make();
    return all;
  }

  template <class T, class Fill>
  fg_array array(Fill fill) {
    const std::size_t size = bytes_.below(5);
    fg_array made{};
    number(made.count, size);
    if (made.count > size && made.count <= kEnough) made.count = static_cast<std::uint32_t>(size);
    number(made.stride, sizeof(T));
    const std::size_t room = made.stride > 16 * sizeof(T) ? sizeof(T) : made.stride;
    memory_.push_back(std::make_unique<unsigned char[]>(size * room));
    unsigned char* const items = memory_.back().get();
    for (std::size_t at = 0; at < size; ++at) {
      T item{};
      fill(item, at);
      std::memcpy(items + at * room, &item, std::min(room, sizeof item));
    }
    made.items = is_wrong() ? nullptr : items;
    return made;
  }

  fg_array columns(bool of_derive) {
    return array<fg_column>([&](fg_column& column, std::size_t at) {
      column.name = text(kNames[at]);
      column.doc = text("A column.");
      column.type = one_of<fg_type>({FG_U64, FG_I64, FG_F64, FG_BOOL, FG_STRING, FG_LIST_U64, FG_LIST_I64, FG_LIST_F64,
                                     FG_LIST_STRING, of_derive ? FG_U64 : FG_SERIES, of_derive ? FG_F64 : FG_TIME});
      number(column.unit, FG_UNIT_NONE);
      column.reveals = one_of<fg_contamination>({FG_REVEALS_NOTHING, FG_REVEALS_TIME, FG_REVEALS_PORT});
      number(column.extremes_reveal, 0);
      number(column.flags, bytes_.below(2));
      column.source = is_wrong() ? text("RFC 1") : nullptr;
    });
  }

  fg_array options() {
    return array<fg_option>([&](fg_option& option, std::size_t at) {
      option.name = text(kNames[at]);
      option.doc = text("An option.");
      option.default_value = is_wrong() ? nullptr : text("1");
      option.type = one_of<fg_type>(
          {FG_U64, FG_I64, FG_F64, FG_BOOL, FG_STRING, FG_LIST_U64, FG_LIST_I64, FG_LIST_F64, FG_LIST_STRING});
      number(option.unit, FG_UNIT_NONE);
      if (is_wrong()) option.minimum = text("1");
      if (is_wrong()) option.maximum = text("1");
      if (is_wrong()) option.choices = pointers<char>(option.choice_count, [this] { return text("1"); });
    });
  }

  const fg_feature* feature() {
    static constexpr const char* kFeatures[] = {"f", "g", "h"};
    auto& table = made<fg_feature>();
    number(table.struct_size, sizeof table);
    number(table.state_size, 8);
    number(table.state_align, 8);
    number(table.payload_bytes, 0);
    number(table.needs, 0);
    table.name = text(kFeatures[bytes_.below(3)]);
    table.version = text("1");
    table.doc = text("A feature.");
    table.columns = columns(false);
    table.options = options();
    if (!is_wrong()) table.create = [](const fg_create*, void**) -> fg_status { return FG_OK; };
    if (!is_wrong()) table.destroy = [](void*) {};
    if (!is_wrong()) table.update = [](void*, const fg_batch*) -> fg_status { return FG_OK; };
    if (!is_wrong()) table.emit = [](void*, const fg_emit*) -> fg_status { return FG_OK; };
    if (is_wrong()) table.release = [](void*, const fg_flows*) {};
    table.ends = array<fg_end>([this](fg_end& end, std::size_t at) {
      end.name = text(kNames[at]);
      end.doc = text("An end.");
    });
    table.packet_filters = array<fg_packet_filter>([this](fg_packet_filter& filter, std::size_t at) {
      filter.ip_protocol = one_of<std::uint8_t>({6, 17, 0, 47});
      number(filter.reserved, 0);
      number(filter.port, filter.ip_protocol == 47 ? 0 : 53 + at);
    });
    table.counters = array<fg_counter>([this](fg_counter& counter, std::size_t at) {
      counter.name = text(kNames[at]);
      counter.doc = text("A counter.");
      number(counter.unit, FG_UNIT_NONE);
      number(counter.reserved, 0);
    });
    if ((table.counters.count > 0) != is_wrong()) table.count = [](void*, std::uint64_t*) {};
    return &table;
  }

  const fg_derive* derive() {
    auto& table = made<fg_derive>();
    number(table.struct_size, sizeof table);
    table.inputs = array<fg_input>([&](fg_input& input, std::size_t) {
      input.name = text("f.a");
      input.type = one_of<fg_type>({FG_U64, FG_I64, FG_F64, FG_BOOL, FG_STRING});
    });
    table.outputs = columns(true);
    if (!is_wrong()) table.derive = [](const fg_derive_call*) -> fg_status { return FG_OK; };
    return &table;
  }

  const fg_schema* schema() {
    static constexpr const char* kEntries[] = {"w", "x", "y", "z"};
    static constexpr const char* kExpressions[] = {"f.a", "s.a + f.b", "f.c / 2", "1", "f.d.mean"};
    auto& table = made<fg_schema>();
    number(table.struct_size, sizeof table);
    table.name = text("s");
    table.version = text("1");
    table.doc = text("A schema.");
    table.options = options();
    table.columns = array<fg_schema_column>([&](fg_schema_column& column, std::size_t at) {
      column.name = text(kEntries[at]);
      column.expression = text(kExpressions[bytes_.below(std::size(kExpressions))]);
      column.type = one_of<fg_type>({FG_U64, FG_I64, FG_F64, FG_BOOL, FG_STRING, FG_LIST_U64, FG_LIST_STRING});
      number(column.unit, FG_UNIT_NONE);
      column.when = one_of<fg_when>({FG_WHEN_BOTH, FG_WHEN_FULL, FG_WHEN_CLEAN});
      number(column.flags, bytes_.below(2));
      column.only_if = is_wrong() ? text("a=1") : nullptr;
    });
    table.derives = pointers<fg_derive>(table.derive_count, [this] { return derive(); });
    return &table;
  }

  const fg_derived* derived() {
    auto& table = made<fg_derived>();
    number(table.struct_size, sizeof table);
    table.name = text(bytes_.below(2) == 0 ? "d" : "e");
    table.version = text("1");
    table.doc = text("A derived feature.");
    table.derives = pointers<fg_derive>(table.derive_count, [this] { return derive(); });
    return &table;
  }

  const fg_sink* sink() {
    static constexpr const char* kSinks[] = {"k", "l", "csv"};
    auto& table = made<fg_sink>();
    number(table.struct_size, sizeof table);
    table.place = one_of<fg_place>({FG_PLACE_FILE, FG_PLACE_OWN});
    table.takes = one_of<fg_takes>({0, FG_TAKES_UNSIGNED, FG_TAKES_LISTS});
    table.name = text(kSinks[bytes_.below(3)]);
    table.version = text("1");
    table.doc = text("A sink.");
    table.options = options();
    number(table.batch_rows, 0);
    if (!is_wrong()) table.open = [](const fg_sink_open*, void**) -> fg_status { return FG_OK; };
    if (!is_wrong()) table.write = [](void*, ArrowArray*, fg_sink_state*) -> fg_status { return FG_OK; };
    if (!is_wrong()) table.finish = [](void*, const fg_sink_finish*, fg_sink_state*) -> fg_status { return FG_OK; };
    if (!is_wrong()) table.destroy = [](void*) {};
    return &table;
  }

  static constexpr std::uint32_t kEnough = 4096;  // a count above is refused before anything is read

  InputBytes bytes_;
  std::vector<std::unique_ptr<unsigned char[]>> memory_;
  std::vector<std::unique_ptr<char[]>> texts_;
};

}  // namespace flowgauge::test
