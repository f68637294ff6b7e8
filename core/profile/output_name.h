// What an output's name says of its format. Stateless.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/profile/profile.h"

namespace flowgauge {

// "flows.jsonl", "flows.csv.zst": by what stands behind the last dot, an ending for compression (.gz, .zst) left aside;
// "flows.parquet" is for a sink called so, which others have to find. None: there is no such ending ("flows",
// "flows.gz", "/dev/stdout", "flows.2026-11-28": an ending begins with a letter). Fails (kUsage) where the ending can
// be of no format: the message names those there are.
[[nodiscard]] Result<std::optional<std::string>> format_of_name(std::string_view path);

// For a name whose ending is of no format after all.
[[nodiscard]] std::unexpected<Error> unknown_ending(const ProfileExporter& exporter);

// Sets the formats that are to follow from names (FormatFrom::kName) by them.
[[nodiscard]] Result<void> settle_formats(Profile& profile);

}  // namespace flowgauge
