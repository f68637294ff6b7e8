// The sections of the editor, and the lines to choose from in each. Pure: the same model, the same lines.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/editor/model.h"

namespace flowgauge {

enum class Section : std::uint8_t {
  kSource,
  kBase,
  kTable,
  kFeatures,
  kColumns,
  kFlows,
  kPackets,
  kContamination,
  kOutputs,
  kLive,
  kLimits,
  kOther,
};
inline constexpr std::array<std::string_view, 12> kSectionNames = {
    "Source",  "Base profile",  "Schema",  "Features", "Columns", "Timeouts",
    "Packets", "Contamination", "Outputs", "Live",     "Limits",  "Other"};

struct Item {
  // kKey: a key of the profile, with a value. kOne: one of several. kAny: any of several. kAction: what Enter does.
  enum class Kind : std::uint8_t { kKey, kOne, kAny, kAction };
  enum class Action : std::uint8_t { kNone, kAddFile, kExtendFile, kAddTable, kRemoveTable, kAddColumn, kRemoveColumn };

  Kind kind = Kind::kKey;
  std::string label;
  std::string value;
  std::string id;                         // of kOne and kAny: what is chosen
  std::string key;                        // of the profile; "": none
  std::string explanation;                // of what is no key
  std::vector<std::string> choices = {};  // of a key: all its values; none: it is typed
  bool is_on = false;                     // of kOne and kAny
  Action action = Action::kNone;
};

// Of a key with the value that is in effect; `label`: "" is the last part of its name.
[[nodiscard]] Item key_item(const Model& model, const std::string& key, std::string label = {});

[[nodiscard]] std::vector<Item> items_of(Section section, const Model& model);

// What Space does on one of kOne or kAny.
void choose(Section section, const Item& item, Model& model);

// Where a key's mistakes show.
[[nodiscard]] Section section_of(std::string_view key);

// The value behind the one that is set.
[[nodiscard]] std::string next_choice(const Item& item);

}  // namespace flowgauge
