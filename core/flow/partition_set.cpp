#include "core/flow/partition_set.h"

#include <optional>
#include <vector>

#include "core/base/text.h"

namespace flowgauge {
namespace {

std::optional<std::uint8_t> partition_number(std::string_view text) {
  const std::optional<std::uint64_t> number = parse_u64(text);
  if (!number || *number >= kPartitions) return std::nullopt;
  return static_cast<std::uint8_t>(*number);
}

}  // namespace

Result<PartitionSet> parse_partitions(std::string_view text) {
  PartitionSet set;
  for (;;) {
    const std::string_view item = text.substr(0, text.find(','));
    const std::size_t dash = item.find('-');
    const auto first = partition_number(item.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : partition_number(item.substr(dash + 1));
    if (!first || !last || *first > *last)
      return fail(ExitCode::kUsage, "'{}' is neither a number from 0 to {} nor a range of them, as 0-63",
                  printable(item), kPartitions - 1);
    for (unsigned partition = *first; partition <= *last; ++partition) set.add(static_cast<std::uint8_t>(partition));
    if (item.size() == text.size()) return set;
    text.remove_prefix(item.size() + 1);
  }
}

std::string partitions_text(const PartitionSet& set) {
  const auto has = [&](unsigned partition) {
    return partition < kPartitions && set.contains(static_cast<std::uint8_t>(partition));
  };
  std::vector<std::string> ranges;
  for (unsigned first = 0; first < kPartitions; ++first) {
    if (!has(first)) continue;
    unsigned last = first;
    while (has(last + 1)) ++last;
    ranges.push_back(first == last ? fmt::format("{}", first) : fmt::format("{}-{}", first, last));
    first = last;
  }
  return join(ranges, ",");
}

}  // namespace flowgauge
