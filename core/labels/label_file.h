// Reads a file of label rules, CSV or YAML (docs/labels.md). A refusal (kUsage) reads "FILE:LINE: what is wrong; what
// to do". Stateless.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/labels/label_rule.h"

namespace flowgauge {

inline constexpr std::size_t kLargestLabelFileBytes = 256 * 1024 * 1024;

// By the end of `path`: .csv, .yaml or .yml. `zone_seconds`: of times without an offset, where the file says none.
// `named_at`: "PROFILE:LINE: " where the path was written, for the message about a file that cannot be read at all.
[[nodiscard]] Result<LabelFile> read_label_file(const std::string& path, std::optional<std::int32_t> zone_seconds,
                                                std::string_view named_at = {});

}  // namespace flowgauge
