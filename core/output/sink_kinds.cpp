#include "core/output/sink_kinds.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "core/base/try.h"
#include "core/output/text_sink.h"

namespace flowgauge {
namespace {

template <TableFormat Format>
std::unique_ptr<RowBlock> make_text_block(std::span<const OutputColumn> columns) {
  return std::make_unique<TextBlock>(Format, columns);
}

template <TableFormat Format>
Result<std::unique_ptr<RowSink>> open_text_sink(const SinkRequest& request) {
  return std::make_unique<TextSink>(TRY(open_writer({.path = request.path,
                                                     .format = Format,
                                                     .header = request.header,
                                                     .existing = request.existing,
                                                     .is_live = request.is_live,
                                                     .name_follows = request.name_follows,
                                                     .stop = request.stop,
                                                     .mode = request.mode},
                                                    request.columns)));
}

template <std::size_t Index>
SinkKind text_kind() {
  constexpr TableFormatName named = kTableFormats[Index];
  return {.name = std::string(named.name),
          .ending = std::string(named.ending),
          .has_header = named.value != TableFormat::kJsonLines,
          .make_block = make_text_block<named.value>,
          .open = open_text_sink<named.value>,
          .can_append = named.value != TableFormat::kPrint};
}

const auto& text_kinds() {
  static const auto kKinds = []<std::size_t... Index>(std::index_sequence<Index...>) {
    return std::array{text_kind<Index>()...};
  }
  (std::make_index_sequence<kTableFormats.size()>());
  return kKinds;
}

}  // namespace

const SinkKind& text_sink_kind(TableFormat format) {
  const auto* const named = std::ranges::find(kTableFormats, format, &TableFormatName::value);
  return text_kinds()[static_cast<std::size_t>(named - kTableFormats.begin())];
}

}  // namespace flowgauge
