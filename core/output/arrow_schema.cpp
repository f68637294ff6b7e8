#include "core/output/arrow_schema.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>

#include "core/base/text.h"
#include "core/plugin/catalog.h"
#include "core/plugin/contamination.h"

namespace flowgauge {
namespace {

// A field and what it points to.
struct OwnedField {
  std::string format;
  std::string name;
  std::string metadata;
  std::vector<ArrowSchema> fields;
  std::vector<ArrowSchema*> pointers;
};

void release_schema(ArrowSchema* schema) {
  const std::unique_ptr<OwnedField> owned(static_cast<OwnedField*>(schema->private_data));
  for (ArrowSchema& field : owned->fields)
    if (field.release != nullptr) field.release(&field);
  schema->release = nullptr;
}

void append_number(std::string& out, std::size_t number) {
  const auto narrow = static_cast<std::int32_t>(number);
  out.append(reinterpret_cast<const char*>(&narrow), sizeof narrow);
}

// The encoding of the specification: numbers of 32 bits in the machine's order.
std::string encoded(const Notes& metadata) {
  std::string out;
  if (metadata.empty()) return out;
  append_number(out, metadata.size());
  for (const auto& [key, value] : metadata)
    for (const std::string* text : {&key, &value}) {
      append_number(out, text->size());
      out += *text;
    }
  return out;
}

ArrowSchema field(std::string format, std::string name, const Notes& metadata, std::int64_t flags,
                  std::vector<ArrowSchema> fields = {}) {
  auto owned = std::make_unique<OwnedField>(std::move(format), std::move(name), encoded(metadata), std::move(fields));
  for (ArrowSchema& one : owned->fields) owned->pointers.push_back(&one);
  ArrowSchema schema{.format = owned->format.c_str(),
                     .name = owned->name.c_str(),
                     .metadata = owned->metadata.empty() ? nullptr : owned->metadata.c_str(),
                     .flags = flags,
                     .n_children = static_cast<std::int64_t>(owned->pointers.size()),
                     .children = owned->pointers.empty() ? nullptr : owned->pointers.data(),
                     .dictionary = nullptr,
                     .release = release_schema,
                     .private_data = nullptr};
  schema.private_data = owned.release();
  return schema;
}

}  // namespace

Notes arrow_metadata(const OutputColumn& column) {
  std::vector<std::string> classes;
  for (const ContaminationClass& one : contamination_classes(column.reveals)) classes.emplace_back(one.name);
  return {{"flowgauge.unit", std::string(unit_name(column.unit))}, {"flowgauge.classes", join(classes)}};
}

ArrowSchema arrow_schema(std::span<const OutputColumn> columns, UnsignedAs unsigned_as, const TableNotes& notes) {
  std::vector<ArrowSchema> fields;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const OutputColumn& column = columns[i];
    Notes metadata = arrow_metadata(column);
    if (!notes.columns.empty()) std::ranges::copy(notes.columns[i], std::back_inserter(metadata));
    std::vector<ArrowSchema> items;
    if (is_list(column.type))
      items.push_back(field(arrow_format(item_type(column.type), unsigned_as), "item", {}, ARROW_FLAG_NULLABLE));
    fields.push_back(
        field(arrow_format(column.type, unsigned_as), column.name, metadata, ARROW_FLAG_NULLABLE, std::move(items)));
  }
  return field("+s", "", notes.table, 0, std::move(fields));
}

}  // namespace flowgauge
