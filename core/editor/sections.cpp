#include "core/editor/sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/text.h"
#include "core/editor/column_sections.h"
#include "core/editor/contamination_choice.h"
#include "core/profile/key_text.h"
#include "core/profile/profile_reader.h"
#include "core/profile/setting.h"

namespace flowgauge {
namespace {

using Items = std::vector<Item>;
using ItemKind = Item::Kind;
using Action = Item::Action;

// Without mappings that have keys of their own, and without keys that have a page of their own.
std::vector<std::string> line_keys() {
  const std::vector<std::string> all = settable_keys();
  std::vector<std::string> keys;
  for (const std::string& key : all) {
    const bool is_mapping = std::ranges::any_of(all, [&](const auto& other) { return other.starts_with(key + "."); });
    if (!is_mapping && key != "exporters" && key != "contamination") keys.push_back(key);
  }
  return keys;
}

// Those of the section, in the order of the page.
Items key_items(const Model& model, Section section) {
  static const std::vector<std::string> kKeys = line_keys();
  Items items;
  for (const std::string& key : kKeys) {
    if (section_of(key) != section) continue;
    items.push_back(key_item(model, key, section == Section::kOther || section == Section::kLimits ? key : ""));
  }
  return items;
}

Items source_items(const Model& model) {
  const RunSource& source = model.source();
  const bool is_live = source.command == RunSource::Command::kRealtime;
  Items items = {
      {.kind = ItemKind::kOne,
       .label = "capture files (flowgauge pcap)",
       .id = "pcap",
       .explanation = "The run reads capture files: pcap or pcapng, plain or compressed, or folders of them.",
       .is_on = !is_live},
      {.kind = ItemKind::kOne,
       .label = "network interfaces (flowgauge realtime)",
       .id = "realtime",
       .explanation = "The run takes packets from interfaces until it is stopped with Ctrl-C.",
       .is_on = is_live}};
  const std::string what = "What a run reads is no part of the profile: r names it on the command line.";
  if (!is_live) {
    for (const std::string& file : source.files)
      items.push_back({.kind = ItemKind::kAny, .label = file, .id = file, .explanation = what, .is_on = true});
    items.push_back({.kind = ItemKind::kAction,
                     .label = "add a capture file or folder",
                     .explanation = what + " Tab completes the path.",
                     .action = Action::kAddFile});
    return items;
  }
  for (const OfferedInterface& one : model.offer().interfaces)
    items.push_back({.kind = ItemKind::kAny,
                     .label = fmt::format("{:<12} {:<5} {}", one.name, one.is_up ? "up" : "down", one.addresses),
                     .id = one.name,
                     .explanation = what,
                     .is_on = std::ranges::find(source.interfaces, one.name) != source.interfaces.end()});
  return items;
}

Items base_items(const Model& model) {
  const YamlNode* const extends = model.draft().find("extends");
  const std::string now = extends == nullptr ? "" : extends->text;
  Items items = {{.kind = ItemKind::kOne, .label = "none: the defaults alone", .key = "extends", .is_on = now.empty()}};
  bool is_known = now.empty();
  for (const OfferedName& profile : model.offer().profiles) {
    items.push_back({.kind = ItemKind::kOne,
                     .label = fmt::format("{:<18} {}", profile.name, profile.doc),
                     .id = profile.name,
                     .key = "extends",
                     .is_on = profile.name == now});
    is_known = is_known || profile.name == now;
  }
  if (!is_known) items.push_back({.kind = ItemKind::kOne, .label = now, .id = now, .key = "extends", .is_on = true});
  items.push_back(
      {.kind = ItemKind::kAction, .label = "a profile of your own", .key = "extends", .action = Action::kExtendFile});
  return items;
}

Items table_items(const Model& model) {
  const std::string now = model.schema(model.table());
  const std::string key = model.table_key("schema");
  Items items = {{.kind = ItemKind::kOne,
                  .label = "columns of your own (section Columns)",
                  .key = model.table_key("columns"),
                  .is_on = model.table_count() > 0 && now.empty()}};
  bool is_known = now.empty();
  for (const OfferedName& schema : model.offer().schemas) {
    items.push_back({.kind = ItemKind::kOne,
                     .label = fmt::format("{:<14} {:>4}  {}", schema.name, schema.columns, schema.doc),
                     .id = schema.name,
                     .key = key,
                     .is_on = schema.name == now});
    is_known = is_known || schema.name == now;
  }
  if (!is_known) items.push_back({.kind = ItemKind::kOne, .label = now, .id = now, .key = key, .is_on = true});
  return items;
}

Items contamination_items(const Model& model) {
  const ContaminationChoice now(model.value("contamination"));
  Items items;
  for (const auto& level : ContaminationChoice::levels())
    items.push_back(
        {.kind = ItemKind::kOne, .label = level, .id = level, .key = "contamination", .is_on = now.is(level)});
  for (const auto& one : ContaminationChoice::classes())
    items.push_back({.kind = ItemKind::kAny,
                     .label = fmt::format("without {}", one.name),
                     .id = std::string(one.name),
                     .explanation = fmt::format("Columns of class {} are left out: {}.", one.name, one.reason),
                     .is_on = now.excludes(one.bit)});
  return items;
}

constexpr std::string_view kOutputKeys[] = {"path",        "format",       "header",     "metadata",  "rotate.interval",
                                            "rotate.size", "rotate.align", "keep.files", "keep.size", "append",
                                            "options",     "module"};

Items output_items(const Model& model) {
  Items items;
  for (std::size_t i = 0; i < model.table_count(); ++i) {
    const std::string path = model.value(fmt::format("exporters[{}].path", i));
    items.push_back(
        {.kind = ItemKind::kOne,
         .label =
             fmt::format("table {}: {} to {}", i + 1, model.schema(i).empty() ? "columns of your own" : model.schema(i),
                         path == "-" ? "standard output" : path),
         .id = fmt::format("{}", i),
         .explanation = "The table that the keys below are of, and the sections Schema, Features and Columns.",
         .is_on = i == model.table()});
  }
  if (model.table_count() > 0)
    for (const std::string_view key : kOutputKeys) {
      Item item = key_item(model, model.table_key(key), std::string(key));
      if (key == "format")
        for (const OfferedName& format : model.offer().formats) item.choices.push_back(format.name);
      items.push_back(std::move(item));
    }
  items.push_back({.kind = ItemKind::kAction,
                   .label = "add a table",
                   .explanation = "One run can write several tables from one pass over the packets.",
                   .action = Action::kAddTable});
  if (model.table_count() > 0)
    items.push_back({.kind = ItemKind::kAction,
                     .label = fmt::format("remove table {}", model.table() + 1),
                     .explanation = "The table leaves the profile; no file is touched.",
                     .action = Action::kRemoveTable});
  for (Item& item : key_items(model, Section::kOutputs)) {
    item.label = item.key;
    items.push_back(std::move(item));
  }
  return items;
}

void flip(std::vector<std::string>& names, const std::string& name) {
  if (std::erase(names, name) == 0) names.push_back(name);
}

void choose_source(const Item& item, RunSource& source) {
  if (item.kind == ItemKind::kOne)
    source.command = item.id == "pcap" ? RunSource::Command::kPcap : RunSource::Command::kRealtime;
  else if (source.command == RunSource::Command::kPcap)
    std::erase(source.files, item.id);
  else
    flip(source.interfaces, item.id);
}

}  // namespace

Item key_item(const Model& model, const std::string& key, std::string label) {
  return {.label = label.empty() ? key.substr(key.rfind('.') + 1) : std::move(label),
          .value = model.value(key),
          .id = {},
          .key = key,
          .explanation = {},
          .choices = choices_of_key(documented_key(key))};
}

std::vector<Item> items_of(Section section, const Model& model) {
  switch (section) {
    case Section::kSource:
      return source_items(model);
    case Section::kBase:
      return base_items(model);
    case Section::kTable:
      return table_items(model);
    case Section::kFeatures:
      return feature_items(model);
    case Section::kColumns:
      return column_items(model);
    case Section::kContamination:
      return contamination_items(model);
    case Section::kOutputs:
      return output_items(model);
    case Section::kFlows:
    case Section::kPackets:
    case Section::kLive:
    case Section::kLimits:
    case Section::kOther:
      break;
  }
  return key_items(model, section);
}

void choose(Section section, const Item& item, Model& model) {
  switch (section) {
    case Section::kSource:
      return choose_source(item, model.source());
    case Section::kBase:
      return item.id.empty() ? model.erase("extends") : model.set("extends", text_node(item.id));
    case Section::kTable:
      return model.choose_schema(item.id);
    case Section::kFeatures:
      return choose_feature(item, model);
    case Section::kColumns:
      return choose_column(item, model);
    case Section::kContamination: {
      ContaminationChoice now(model.value("contamination"));
      item.kind == ItemKind::kOne ? now.choose_level(item.id) : now.flip(item.id);
      return model.set("contamination", now.node());
    }
    case Section::kOutputs:
      return model.choose_table(static_cast<std::size_t>(parse_u64(item.id).value_or(0)));
    case Section::kFlows:
    case Section::kPackets:
    case Section::kLive:
    case Section::kLimits:
    case Section::kOther:
      break;
  }
}

Section section_of(std::string_view key) {
  const std::string_view top = key.substr(0, key.find_first_of(".["));
  if (key == "flow.max_flows" || top == "threads" || top == "trial") return Section::kLimits;
  if (top == "extends") return Section::kBase;
  if (top == "flow") return Section::kFlows;
  if (top == "packets") return Section::kPackets;
  if (top == "live") return Section::kLive;
  if (top == "contamination") return Section::kContamination;
  if (top == "output") return Section::kOutputs;
  if (top != "exporters") return Section::kOther;
  const std::string below = documented_key(key);
  if (below.starts_with("exporters[].columns")) return Section::kColumns;
  return below == "exporters[].schema" || below == "exporters[]" ? Section::kTable : Section::kOutputs;
}

std::string next_choice(const Item& item) {
  const auto now = std::ranges::find(item.choices, item.value);
  if (now == item.choices.end() || now + 1 == item.choices.end()) return item.choices.front();
  return *(now + 1);
}

}  // namespace flowgauge
