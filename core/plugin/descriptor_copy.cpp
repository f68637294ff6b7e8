#include "core/plugin/descriptor_copy.h"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/shown_text.h"
#include "core/plugin/descriptor_rules.h"

namespace flowgauge {
namespace {

static_assert(sizeof(fg_module) == 120 && sizeof(fg_feature) == 176 && sizeof(fg_schema) == 72 &&
                  sizeof(fg_derive) == 48 && sizeof(fg_column) == 56 && sizeof(fg_option) == 64 &&
                  sizeof(fg_schema_column) == 40 && sizeof(fg_input) == 16 && sizeof(fg_end) == 16 &&
                  sizeof(fg_derived) == 40 && sizeof(fg_counter) == 24 && sizeof(fg_packet_filter) == 4 &&
                  sizeof(fg_sink) == 104,
              "a struct has grown: copy what its new fields point to, then say its size here");

// An honest module has some KiB. Tables that many pointers lead to are copied as often.
constexpr std::size_t kMostBytes = 16UZ << 20;

// Blocks that stay where they are.
struct Memory {
  std::deque<std::string> texts;
  std::vector<std::shared_ptr<void>> blocks;
};

class Copier {
 public:
  Copier(MemoryReader& reader, Memory& memory) : reader_(reader), memory_(memory) {}

  // The end of a sentence, or empty: all of it is copied.
  [[nodiscard]] const std::string& problem() const { return problem_; }

  void copy(fg_module& module, std::uintptr_t address) {
    if (!read_struct(module, address, "its fg_module")) return;
    name(module.name, "the module's name");
    text(module.version, "the module's version");
    text(module.licence, "the module's licence");
    text(module.vendor, "the module's vendor");
    text(module.url, "the module's url");
    text(module.support, "the module's support");
    module.features = pointers(
        module.features, module.feature_count, "features", [this](fg_feature& feature) { copy(feature); }, "a feature");
    module.schemas = pointers(
        module.schemas, module.schema_count, "schemas", [this](fg_schema& schema) { copy(schema); }, "a schema");
    module.derived = pointers(
        module.derived, module.derived_count, "derived features", [this](fg_derived& derived) { copy(derived); },
        "a derived feature");
    module.sinks = pointers(
        module.sinks, module.sink_count, "sinks", [this](fg_sink& sink) { copy(sink); }, "a sink");
  }

 private:
  template <class T>
  static std::uintptr_t address_of(const T* pointer) {
    return reinterpret_cast<std::uintptr_t>(pointer);
  }

  bool fail(std::string_view what) {
    if (problem_.empty())
      problem_ =
          fmt::format("{} lies where no memory can be read; check the pointer, or the count that leads to it", what);
    return false;
  }

  void spend(std::size_t bytes) {
    spent_bytes_ += bytes;
    if (spent_bytes_ > kMostBytes && problem_.empty())
      problem_ = "its tables lead to more than 16 MiB of descriptors; check their counts, and pointers to one table";
  }

  template <class T>
  T* block(std::size_t count) {
    auto items = std::make_shared<std::vector<T>>(count);
    spend(std::span(*items).size_bytes());
    memory_.blocks.push_back(items);
    return items->data();
  }

  // As much of it as its maker had; the rest is zero.
  template <class T>
  bool read_struct(T& to, std::uintptr_t address, std::string_view what) {
    std::uint32_t struct_size = 0;
    if (!reader_.read(address, &struct_size, sizeof struct_size)) return fail(what);
    to = T{};
    if (!reader_.read(address, &to, std::clamp<std::size_t>(struct_size, sizeof struct_size, sizeof(T))))
      return fail(what);
    return true;
  }

  const char* keep(std::string text) {
    spend(sizeof text + text.size());
    return memory_.texts.emplace_back(std::move(text)).c_str();
  }

  std::optional<std::string> read(const char* from, std::string_view what) {
    auto text = reader_.read_text(address_of(from), rules::kLongestText + 1);
    if (!text) fail(what);
    return text;
  }

  void name(const char*& text, std::string_view what) {
    if (text == nullptr) return;
    auto copied = read(text, what);
    text = keep(copied ? std::move(*copied) : std::string());
  }

  void text(const char*& text, std::string_view what) {
    if (text == nullptr) return;
    const auto copied = read(text, what);
    text = keep(copied ? shown_text(*copied) : std::string());
  }

  // What has a count or stride that the rules refuse stays as it is: they look at these first.
  template <class T, class Use>
  void array(fg_array& array, std::size_t least_stride, std::string_view what, const Use& use) {
    if (array.count == 0 || !rules::check_array(array, least_stride, "", what).empty()) return;
    T* const items = block<T>(array.count);
    std::uintptr_t at = address_of(static_cast<const char*>(array.items));
    for (std::uint32_t i = 0; i < array.count; ++i, at += array.stride) {
      if (!reader_.read(at, &items[i], std::min<std::size_t>(array.stride, sizeof(T)))) {
        fail(fmt::format("its table of {}", what));
        return;
      }
      use(items[i]);
      if (!problem_.empty()) return;
    }
    array.items = items;
    array.stride = sizeof(T);
  }

  template <class T, class Use>
  const T* const* pointers(const T* const* list, std::uint64_t count, std::string_view what, const Use& use,
                           std::string_view one) {
    if (list == nullptr || count == 0 || count > rules::kMostItems) return list;
    const T** const copies = block<const T*>(count);
    if (!reader_.read(address_of(list), copies, count * sizeof(const T*))) {
      fail(fmt::format("its table of {}", what));
      return nullptr;
    }
    T* const items = block<T>(count);
    for (std::uint64_t i = 0; i < count && problem_.empty(); ++i) {
      if (copies[i] == nullptr) continue;
      if (!read_struct(items[i], address_of(copies[i]), one)) return nullptr;
      copies[i] = &items[i];
      use(items[i]);
    }
    return copies;
  }

  void copy(fg_feature& feature) {
    if (!rules::check_struct_size(feature.struct_size, FG_SIZE_1_0(fg_feature, release), "").empty()) return;
    name(feature.name, "the name of a feature");
    text(feature.version, "the version of a feature");
    text(feature.doc, "the doc of a feature");
    columns(feature.columns, "columns");
    options(feature.options);
    array<fg_end>(feature.ends, sizeof(fg_end), "ends", [this](fg_end& end) {
      name(end.name, "the name of an end");
      text(end.doc, "the doc of an end");
    });
    array<fg_packet_filter>(feature.packet_filters, sizeof(fg_packet_filter), "packet filters",
                            [](const fg_packet_filter&) {});
    array<fg_counter>(feature.counters, sizeof(fg_counter), "counters", [this](fg_counter& counter) {
      name(counter.name, "the name of a counter");
      text(counter.doc, "the doc of a counter");
    });
  }

  void columns(fg_array& columns, std::string_view what) {
    array<fg_column>(columns, FG_SIZE_1_0(fg_column, reserved), what, [this](fg_column& column) {
      name(column.name, "the name of a column");
      text(column.doc, "the doc of a column");
      text(column.source, "the source of a column");
    });
  }

  void options(fg_array& options) {
    array<fg_option>(options, FG_SIZE_1_0(fg_option, unit), "options", [this](fg_option& option) {
      name(option.name, "the name of an option");
      text(option.doc, "the doc of an option");
      name(option.default_value, "the default of an option");
      name(option.minimum, "the minimum of an option");
      name(option.maximum, "the maximum of an option");
      choices(option);
    });
  }

  void choices(fg_option& option) {
    if (option.choices == nullptr || option.choice_count == 0 || option.choice_count > rules::kMostItems) return;
    const char** const copies = block<const char*>(option.choice_count);
    if (!reader_.read(address_of(option.choices), copies, option.choice_count * sizeof(const char*))) {
      fail("an option's table of choices");
      return;
    }
    for (std::uint32_t i = 0; i < option.choice_count && problem_.empty(); ++i)
      name(copies[i], "a choice of an option");
    option.choices = copies;
  }

  void copy(fg_schema& schema) {
    if (!rules::check_struct_size(schema.struct_size, FG_SIZE_1_0(fg_schema, options), "").empty()) return;
    name(schema.name, "the name of a schema");
    text(schema.version, "the version of a schema");
    text(schema.doc, "the doc of a schema");
    array<fg_schema_column>(schema.columns, FG_SIZE_1_0(fg_schema_column, only_if), "entries",
                            [this](fg_schema_column& entry) {
                              name(entry.name, "the name of an entry");
                              name(entry.expression, "the expression of an entry");
                              name(entry.only_if, "the only_if of an entry");
                            });
    options(schema.options);
    schema.derives = pointers(
        schema.derives, schema.derive_count, "derives", [this](fg_derive& derive) { copy(derive); }, "a derive");
  }

  void copy(fg_derived& derived) {
    if (!rules::check_struct_size(derived.struct_size, FG_SIZE_1_0(fg_derived, derives), "").empty()) return;
    name(derived.name, "the name of a derived feature");
    text(derived.version, "the version of a derived feature");
    text(derived.doc, "the doc of a derived feature");
    derived.derives = pointers(
        derived.derives, derived.derive_count, "derives", [this](fg_derive& derive) { copy(derive); }, "a derive");
  }

  void copy(fg_derive& derive) {
    if (!rules::check_struct_size(derive.struct_size, FG_SIZE_1_0(fg_derive, derive), "").empty()) return;
    array<fg_input>(derive.inputs, FG_SIZE_1_0(fg_input, reserved), "derive inputs",
                    [this](fg_input& input) { name(input.name, "the name of a derive's input"); });
    columns(derive.outputs, "derive outputs");
  }

  void copy(fg_sink& sink) {
    if (!rules::check_struct_size(sink.struct_size, FG_SIZE_1_0(fg_sink, destroy), "").empty()) return;
    name(sink.name, "the name of a sink");
    text(sink.version, "the version of a sink");
    text(sink.doc, "the doc of a sink");
    options(sink.options);
  }

  MemoryReader& reader_;
  Memory& memory_;
  std::size_t spent_bytes_ = 0;
  std::string problem_;
};

}  // namespace

Result<DescriptorCopy> copy_descriptors(std::uintptr_t address, MemoryReader& reader, const std::string& path) {
  DescriptorCopy copy;
  const auto memory = std::make_shared<Memory>();
  Copier copier(reader, *memory);
  copier.copy(copy.module, address);
  if (!copier.problem().empty()) return fail(ExitCode::kPlugin, "{}: {}", path, copier.problem());
  copy.memory = memory;
  return copy;
}

}  // namespace flowgauge
