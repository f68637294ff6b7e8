// The options of a schema decide which of its entries are there: `only_if` says "OPTION=VALUE". Stateless.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/plugin/module.h"
#include "core/plugin/options.h"

namespace flowgauge {

// "gaps=fill", taken apart.
struct Condition {
  std::string option;
  std::string value;
};
[[nodiscard]] std::optional<Condition> read_condition(std::string_view only_if);

// As parse_options. Of a text option without choices, a value that no entry asks for is refused too: it would change
// nothing.
[[nodiscard]] Result<OptionValues> parse_schema_options(const Schema& schema, std::span<const OptionText> given,
                                                        std::string_view where);

// `values`: of the schema's options, in the declared order.
[[nodiscard]] bool is_there(const fg_schema_column& entry, const Schema& schema, std::span<const fg_value> values);

}  // namespace flowgauge
