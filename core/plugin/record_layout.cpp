#include "core/plugin/record_layout.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace flowgauge {
namespace {

std::uint32_t lines_touched(std::uint32_t offset, std::uint32_t size_bytes) {
  if (size_bytes == 0) return 0;
  return (offset + size_bytes - 1) / kRecordAlign - offset / kRecordAlign + 1;
}

// Those that come with the program have passed the conformance check, and guards would cost them 0.4 % of a wide run.
bool is_guarded(const Feature& feature) {
  return feature.module != nullptr && feature.module->origin != Origin::kInstalled;
}

}  // namespace

RecordLayout lay_out_record(std::span<const Feature* const> features, std::uint32_t base_bytes) {
  RecordLayout layout;
  layout.state_offsets.resize(features.size());
  layout.guard_offsets.resize(features.size());
  std::vector<std::size_t> waiting(features.size());
  std::iota(waiting.begin(), waiting.end(), std::size_t{0});
  // Strict alignments first, then large states: small ones fill what is left of a line. Equals in the given order.
  const auto key = [&](std::size_t index) {
    const fg_feature& table = features[index]->table;
    return std::tuple(is_guarded(*features[index]), ~table.state_align, ~table.state_size, index);
  };
  std::sort(waiting.begin(), waiting.end(),
            [&](std::size_t left, std::size_t right) { return key(left) < key(right); });

  std::uint32_t end = base_bytes;
  while (!waiting.empty()) {
    const auto fits = [&](std::size_t index) {
      const fg_feature& table = features[index]->table;
      const std::uint32_t offset = round_up(end, table.state_align);
      if (is_guarded(*features[index]) != is_guarded(*features[waiting.front()])) return false;
      return offset == end && lines_touched(offset, table.state_size) == lines_touched(0, table.state_size);
    };
    auto next = std::find_if(waiting.begin(), waiting.end(), fits);
    if (next == waiting.end()) next = waiting.begin();
    const fg_feature& table = features[*next]->table;
    const std::uint32_t offset = round_up(end, table.state_align);
    layout.state_offsets[*next] = offset;
    end = offset + table.state_size;
    if (is_guarded(*features[*next])) end = (layout.guard_offsets[*next] = end) + kGuardBytes;
    waiting.erase(next);
  }
  layout.size_bytes = round_up(end, kRecordAlign);
  return layout;
}

}  // namespace flowgauge
