// What plugins offer, as JSON: for those who look what there is. Stateless.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/plugin/catalog.h"
#include "core/plugin/module.h"
#include "core/text/json_text.h"

namespace flowgauge {

// Name, version, licence, ABI; features, derived features and schemas with their columns and options, as members of the
// object that is open.
void add_module(JsonText& json, const Module& module);

// The names of classes, as a member `key`.
void add_classes(JsonText& json, const char* key, fg_contamination classes);

// "key", "payload": what the feature wants to see beside packets.
[[nodiscard]] std::vector<std::string> need_names(const fg_feature& feature);
// "unsigned", "lists"
[[nodiscard]] std::vector<std::string> takes_names(const fg_sink& sink);

// Where the column's definition is written: "semantics 2; RFC 5952".
[[nodiscard]] std::string source_of(const Feature& feature, const fg_column& column);

// A list of all modules, each with its file; of all columns of features, the host's own first.
[[nodiscard]] std::string modules_json(std::span<const Module* const> modules);
[[nodiscard]] std::string columns_json(const Catalog& catalog);

}  // namespace flowgauge
