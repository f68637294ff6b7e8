#include "core/plugin/derive_rules.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>

namespace flowgauge::rules {
namespace {

Finding check_input(const fg_input& input) {
  if (!is_full_name(input.name))
    return fmt::format("a derive's input is called '{:.80}'; give a column's full name, FEATURE.COLUMN",
                       input.name == nullptr ? "" : input.name);
  if (input.type == FG_TIME)
    return fmt::format("the derive input '{}' has type FG_TIME; use FG_I64, the time is absolute there", input.name);
  if (!is_type(input.type))
    return fmt::format("the derive input '{}' has type {}, which is not known; give the column's type", input.name,
                       input.type);
  return {};
}

Finding check_output(const fg_column& output) {
  if (Finding wrong = check_column(output); !wrong.empty()) return "derive output: " + wrong;
  if (output.type == FG_SERIES || output.type == FG_TIME)
    return fmt::format("the derive output '{}' is a series or a time; give plain values", output.name);
  return {};
}

Finding read_derive(const fg_derive* table, Derive& derive, std::set<std::string>& names) {
  if (table == nullptr) return "a derive in its list is a null pointer; check derive_count";
  if (Finding wrong = check_struct_size(table->struct_size, FG_SIZE_1_0(fg_derive, derive), "fg_derive");
      !wrong.empty())
    return "an fg_derive " + wrong;
  derive.table = widened<fg_derive>(table, table->struct_size);
  const fg_array& inputs = derive.table.inputs;
  const fg_array& outputs = derive.table.outputs;
  if (derive.table.derive == nullptr) return "a derive has no function 'derive'; give one";
  if (Finding wrong = check_array(inputs, FG_SIZE_1_0(fg_input, reserved), "fg_input", "derive inputs"); !wrong.empty())
    return wrong;
  if (outputs.count == 0) return "a derive has no outputs; give it at least one, or remove it";
  if (Finding wrong = check_array(outputs, FG_SIZE_1_0(fg_column, reserved), "fg_column", "derive outputs");
      !wrong.empty())
    return wrong;
  derive.inputs = items_of<fg_input>(inputs);
  derive.outputs = items_of<fg_column>(outputs);
  for (const fg_input& input : derive.inputs) {
    if (Finding wrong = check_input(input); !wrong.empty()) return wrong;
  }
  for (const fg_column& output : derive.outputs) {
    if (Finding wrong = check_output(output); !wrong.empty()) return wrong;
    if (!names.insert(output.name).second)
      return fmt::format("has the derive output '{}' twice; rename one of them", output.name);
  }
  return {};
}

}  // namespace

Finding read_derives(const fg_derive* const* table, std::uint32_t count, std::vector<Derive>& derives) {
  if (Finding wrong = check_count(count, table == nullptr, "derives"); !wrong.empty()) return wrong;
  std::set<std::string> names;
  for (std::uint32_t i = 0; i < count; ++i) {
    Derive derive;
    if (Finding wrong = read_derive(table[i], derive, names); !wrong.empty()) return wrong;
    derives.push_back(std::move(derive));
  }
  return {};
}

}  // namespace flowgauge::rules
