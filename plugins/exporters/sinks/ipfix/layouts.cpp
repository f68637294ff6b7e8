#include "layouts.h"

#include <algorithm>
#include <string_view>

namespace ipfix_sinks {
namespace {

constexpr std::size_t kTemplateHead = 4;
constexpr std::size_t kIanaField = 4;
constexpr std::size_t kEnterpriseField = 8;

struct Size {
  std::size_t record;
  std::size_t alignment;
};

Size size_of(const Slot& slot) {
  switch (slot.field->form) {
    case Form::kText:
      return {sizeof(fbVarfield_t), alignof(fbVarfield_t)};
    case Form::kList:
      return {sizeof(fbBasicList_t), alignof(fbBasicList_t)};
    case Form::kAddress:
      return slot.presence == Presence::kIpv6 ? Size{16, 8} : Size{4, 4};
    case Form::kMac:
      return {6, 2};
    default:
      return {slot.field->bytes, slot.field->bytes};
  }
}

bool is_enterprise(const Field& field) {
  return field.form != Form::kList && (field.own.has_value() || field.element.starts_with("reverse"));
}

// libfixbuf ends the process where a template has to do with a length that nobody said.
std::uint16_t length_of(const Slot& slot) {
  const bool has_any_length = slot.field->form == Form::kText || slot.field->form == Form::kList;
  return has_any_length ? FB_IE_VARLEN : static_cast<std::uint16_t>(size_of(slot).record);
}

const std::string& element_of(const Slot& slot) {
  return slot.presence == Presence::kIpv6 ? slot.field->element_v6 : slot.field->element;
}

}  // namespace

Layout layout_of(const std::vector<Field>& fields, const Pattern& pattern) {
  Layout layout;
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (const auto presence = static_cast<Presence>(pattern[i]); presence != Presence::kNone)
      layout.slots.push_back({.field = &fields[i], .offset = 0, .presence = presence});
  std::ranges::sort(layout.slots, [](const Slot& left, const Slot& right) {
    const std::size_t one = size_of(left).alignment;
    const std::size_t other = size_of(right).alignment;
    return one != other ? one > other : left.field < right.field;
  });
  layout.template_bytes = kTemplateHead;
  for (Slot& slot : layout.slots) {
    slot.offset = static_cast<std::uint16_t>(layout.record_bytes);
    layout.record_bytes += size_of(slot).record;
    layout.template_bytes += is_enterprise(*slot.field) ? kEnterpriseField : kIanaField;
    const bool has_any_length = slot.field->form == Form::kText || slot.field->form == Form::kList;
    if (!has_any_length) layout.fixed_bytes += size_of(slot).record;
  }
  if (layout.slots.empty()) {
    layout.template_bytes += kIanaField;
    layout.record_bytes = layout.fixed_bytes = 1;
  }
  return layout;
}

fbTemplate_t* template_of(const Layout& layout, fbInfoModel_t* model) {
  fbTemplate_t* const made = fbTemplateAlloc(model);
  const auto add = [&](const char* name, std::uint16_t length) {
    fbInfoElementSpec_t element{.name = const_cast<char*>(name), .len_override = length, .flags = 0};
    FixbufError error;
    if (fbTemplateAppendSpec(made, &element, 0, error.out()) != 0) return;
    fbTemplateFreeUnused(made);
    error.raise();
  };
  for (const Slot& slot : layout.slots) add(element_of(slot).c_str(), length_of(slot));
  if (layout.slots.empty()) add("paddingOctets", 1);
  return made;
}

Presence presence_of(const Field& field, const fg::Batch& batch, std::int64_t row) {
  for (const Column* column : field.flags)
    if (batch.column(column->index).is_null(row)) return Presence::kNone;
  const fg::BatchColumn cells = batch.column(field.column->index);
  if (cells.is_null(row)) return Presence::kNone;
  if (field.form == Form::kAddress && cells.text(row).find(':') != std::string_view::npos) return Presence::kIpv6;
  return Presence::kThere;
}

}  // namespace ipfix_sinks
