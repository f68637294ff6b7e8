// The columns `flow.*`, which the host itself knows of a flow: a feature like any other in the catalog, without
// state of its own. docs/columns.md has the definitions.
#pragma once

#include <array>
#include <string_view>

#include "core/flow/flow_record.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// Static. Its records are those of FlowTable, and what it emits to is a HostEmit.
const fg_feature& flow_feature();

// What a column reads that not every run keeps: the parts of an event behind the first 96 bytes, and the interfaces of
// packets behind a flow's first.
enum class EventPart : std::uint8_t { kCore, kOuterAddresses, kMacs, kLaterInterfaces };
// Of the column with this index in flow_feature().
[[nodiscard]] EventPart event_part(std::uint32_t column);
// Whether the flow's first packet decides it for good: rows of packets may have it.
[[nodiscard]] bool is_known_at_first(std::uint32_t column);

// The columns that a run's rows are sorted by, the first of them first: frame, cause, deadline, creation.
inline constexpr std::array<std::string_view, 4> kReleaseColumns = {"flow.release_frame", "flow.release_cause",
                                                                    "flow.release_deadline", "flow.release_creation"};

}  // namespace flowgauge
