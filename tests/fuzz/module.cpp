// The tables of a module, with an input's bytes in place of every number and its texts in place of every text. Pointers
// and counts are good: whether they are is for those who read the tables out of a foreign process.
#include <memory>
#include <vector>

#include "core/plugin/catalog.h"
#include "core/plugin/derived_feature.h"
#include "core/plugin/module_rules.h"
#include "core/plugin/options.h"
#include "core/table/schema.h"
#include "tests/fuzz/input_bytes.h"
#include "tests/fuzz/target.h"

namespace {

using flowgauge::test::InputBytes;
using flowgauge::test::must_hold;

// Tables as a module has them, for as long as one input is tried.
class Tables {
 public:
  Tables(const std::uint8_t* data, std::size_t size) : bytes_(data, size) {}

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
    return table;
  }

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
    static constexpr const char* kNames[] = {"a", "b", "c", "d"};
    return array<fg_column>([&](fg_column& column, std::size_t at) {
      column.name = text(kNames[at]);
      column.doc = text("A column.");
      column.type = one_of<fg_type>({FG_U64, FG_I64, FG_F64, FG_BOOL, FG_STRING, FG_LIST_U64,
                                     of_derive ? FG_U64 : FG_SERIES, of_derive ? FG_F64 : FG_TIME});
      number(column.unit, FG_UNIT_NONE);
      column.reveals = one_of<fg_contamination>({FG_REVEALS_NOTHING, FG_REVEALS_TIME, FG_REVEALS_PORT});
      number(column.extremes_reveal, 0);
      number(column.flags, bytes_.below(2));
      column.source = is_wrong() ? text("RFC 1") : nullptr;
    });
  }

  fg_array options() {
    static constexpr const char* kNames[] = {"a", "b", "c", "d"};
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
    static constexpr const char* kNames[] = {"f", "g", "h"};
    auto& table = made<fg_feature>();
    number(table.struct_size, sizeof table);
    number(table.state_size, 8);
    number(table.state_align, 8);
    number(table.payload_bytes, 0);
    number(table.needs, 0);
    table.name = text(kNames[bytes_.below(3)]);
    table.version = text("1");
    table.doc = text("A feature.");
    table.columns = columns(false);
    table.options = options();
    if (!is_wrong()) table.create = [](const fg_create*, void**) -> fg_status { return FG_OK; };
    if (!is_wrong()) table.destroy = [](void*) {};
    if (!is_wrong()) table.update = [](void*, const fg_batch*) -> fg_status { return FG_OK; };
    if (!is_wrong()) table.emit = [](void*, const fg_emit*) -> fg_status { return FG_OK; };
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
    static constexpr const char* kNames[] = {"w", "x", "y", "z"};
    static constexpr const char* kExpressions[] = {"f.a", "s.a + f.b", "f.c / 2", "1", "f.d.mean"};
    auto& table = made<fg_schema>();
    number(table.struct_size, sizeof table);
    table.name = text("s");
    table.version = text("1");
    table.doc = text("A schema.");
    table.options = options();
    table.columns = array<fg_schema_column>([&](fg_schema_column& column, std::size_t at) {
      column.name = text(kNames[at]);
      column.expression = text(kExpressions[bytes_.below(std::size(kExpressions))]);
      column.type = one_of<fg_type>({FG_U64, FG_I64, FG_F64, FG_BOOL, FG_STRING, FG_LIST_U64});
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

  static constexpr std::uint32_t kEnough = 4096;  // a count above is refused before anything is read

  InputBytes bytes_;
  std::vector<std::unique_ptr<unsigned char[]>> memory_;
  std::vector<std::unique_ptr<char[]>> texts_;
};

void must_be_a_refusal(const flowgauge::Error& error) {
  must_hold(error.message.starts_with("x.so: ") && error.message.size() > 6, "a refusal is a sentence about the file");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Tables tables(data, size);
  const fg_module& table = tables.module();
  const auto module = flowgauge::read_module(table, "x.so");
  if (!module) {
    must_be_a_refusal(module.error());
    return 0;
  }
  (*module)->path = "x.so";
  flowgauge::Catalog catalog;
  if (const auto added = catalog.add(**module); !added) {  // a schema derives what a feature of its name has
    must_be_a_refusal(added.error());
    return 0;
  }
  for (const flowgauge::Feature& feature : (*module)->features) {
    must_hold(!feature.columns.empty() && feature.name.size() <= 64, "a feature has a name and columns");
    (void)flowgauge::parse_options(feature, {}, "x.so");
  }
  for (const flowgauge::Feature& feature : (*module)->derived) {
    must_hold(!feature.columns.empty() && flowgauge::is_derived(feature), "a derived feature has columns and derives");
    for (const fg_column& column : feature.columns) {
      const auto* const found = catalog.find(feature.name + "." + column.name);
      must_hold(found != nullptr && found->derive->outputs[found->output].type == column.type, "it has what makes it");
      if (const auto inputs = flowgauge::made_of(*found, catalog); !inputs) must_be_a_refusal(inputs.error());
    }
  }
  for (const flowgauge::Schema& schema : (*module)->schemas) {
    const auto values = flowgauge::parse_options("schema", schema.options, {}, "x.so");
    if (!values) continue;
    auto definition = flowgauge::schema_definition(schema, values->values());
    definition.origin = "x.so";
    const auto bound = flowgauge::bind_schema(definition, catalog, FG_REVEALS_TIME);
    if (!bound) must_be_a_refusal(bound.error());
  }
  if (!(*module)->features.empty()) flowgauge::test::note_taken();
  return 0;
}
