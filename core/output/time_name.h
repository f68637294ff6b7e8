// Names of files that a path with fields of time stands for: "flows-%Y%m%d-%H%M%S.csv", in UTC; and numbered ones.
// Stateless.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace flowgauge {

[[nodiscard]] bool has_time_fields(std::string_view path);

// Only fields that are known, and those in the file's name alone (kUsage).
[[nodiscard]] Result<void> check_time_fields(std::string_view path);

// The fields filled in; "%%" becomes "%".
[[nodiscard]] std::string with_time(std::string_view path, std::int64_t time_ns);

// "flows-000012.csv.gz": the number stands before the endings.
[[nodiscard]] std::string with_number(std::string_view path, std::uint64_t number);

// Whether the path, filled in for some time and perhaps numbered, could be this name of a file in its folder; and its
// number, 0 where it has none.
[[nodiscard]] std::optional<std::uint64_t> number_of_name(std::string_view path, std::string_view name);

}  // namespace flowgauge
