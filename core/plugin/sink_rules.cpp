#include "core/plugin/sink_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/plugin/descriptor_rules.h"
#include "core/plugin/option_rules.h"

namespace flowgauge {
namespace {

using rules::Finding;

constexpr fg_takes kKnownTakes = FG_TAKES_UNSIGNED | FG_TAKES_LISTS;
// What the host means by them: a profile could never name the sink.
constexpr std::array<std::string_view, 6> kTakenNames = {"csv", "jsonl", "print", "txt", "gz", "zst"};

Finding check_functions(const fg_sink& table) {
  for (const auto& [is_missing, name] :
       {std::pair(table.open == nullptr, "open"), std::pair(table.write == nullptr, "write"),
        std::pair(table.finish == nullptr, "finish"), std::pair(table.destroy == nullptr, "destroy")})
    if (is_missing) return fmt::format("has no {}; each sink has open, write, finish and destroy", name);
  return {};
}

// Everything behind the name. Fills in what it has judged.
Finding read_rest(Sink& sink) {
  const fg_sink& table = sink.table;
  if (std::ranges::find(kTakenNames, sink.name) != kTakenNames.end())
    return "has the name of a format that flowgauge writes itself; rename it";
  if (Finding wrong = rules::check_text(table.version, "its version"); !wrong.empty()) return wrong;
  if (Finding wrong = rules::check_text(table.doc, "its doc"); !wrong.empty()) return wrong;
  sink.version = table.version;
  sink.doc = table.doc;
  if (table.place != FG_PLACE_FILE && table.place != FG_PLACE_OWN)
    return fmt::format("has place {}, which is not known; use FG_PLACE_FILE or FG_PLACE_OWN", table.place);
  if (const fg_takes unknown = table.takes & ~kKnownTakes; unknown != 0)
    return fmt::format("takes {:#x}, which is not known; use FG_TAKES_UNSIGNED, FG_TAKES_LISTS or 0", unknown);
  if (table.batch_rows > rules::kMostBatchRows)
    return fmt::format("has batch_rows {}, more than {}; use less, or 0", table.batch_rows, rules::kMostBatchRows);
  if (Finding wrong = rules::read_options(table.options, rules::OptionsOf::kSink, sink.options); !wrong.empty())
    return wrong;
  return check_functions(table);
}

}  // namespace

Result<Sink> read_sink(const fg_sink* table, const std::string& path) {
  if (table == nullptr) return rules::refuse(path, "a sink in its list is a null pointer; check sink_count");
  if (Finding wrong = rules::check_struct_size(table->struct_size, FG_SIZE_1_0(fg_sink, destroy), "fg_sink", 1);
      !wrong.empty())
    return rules::refuse(path, "an fg_sink " + wrong);
  Sink sink;
  sink.table = rules::widened<fg_sink>(table, table->struct_size);
  if (Finding wrong = rules::check_name(sink.table.name, "a sink"); !wrong.empty()) return rules::refuse(path, wrong);
  sink.name = sink.table.name;
  if (Finding wrong = read_rest(sink); !wrong.empty())
    return rules::refuse(path, fmt::format("sink '{}': {}", sink.name, wrong));
  return sink;
}

}  // namespace flowgauge
