// flowgauge/sdk.hpp - writes a flowgauge plugin around a struct that looks at one packet.
// Header-only C++20 over flowgauge/plugin.h, the C contract.
//
// The author writes the state of one flow (all-zero when the flow begins), what a packet does to it,
// and which cells it becomes:
//
//   struct PayloadPackets {
//     static constexpr fg::About kAbout{.name = "payload_packets", .version = "1.0", .doc = "Packets with payload."};
//     static constexpr fg::Column kColumns[] = {
//         {"fwd", "Packets with payload of the source side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
//     };
//     std::uint64_t fwd;
//     void update(const fg::Packet& packet, fg::Direction direction) {
//       fwd += direction == fg::kForward && packet.payload_length_bytes > 0;
//     }
//     void emit(fg::Row<PayloadPackets>& row, const fg::Flow&) const { row.set<"fwd">(fwd); }
//   };
//   FG_MODULE("payload_packets", "1.0", "Apache-2.0", fg::Features<PayloadPackets>, fg::Schemas<>);
//
// The SDK writes the loops over batches and rows, the descriptors, and the boundary that no exception
// crosses: what is thrown stops the run with the text and the feature's name. Mistakes that a
// compiler can see do not compile, and the message says what to do.
//
// Optional members of a feature:
//   static constexpr fg::Option kOptions[]   what a profile may set: sdk/option.hpp, sdk/options.hpp
//   struct Config                            made of the options; update and emit get it last, as `const Config&`
//   struct Worker                            the same, but writable memory of one worker: `Worker&`
//   void release()                           frees what the state owns: sdk/owned.hpp
// Since ABI 1.1 (FG_TARGET_MINOR 1), too:
//   static constexpr fg::PacketFilter kPacketFilters[]   it is shown packets of these flows alone: sdk/about.hpp
//   static constexpr fg::Counter kCounters[]             what it counts over all flows: sdk/packet.hpp
//   static constexpr fg::End kEnds[]                     why it may end flows: sdk/packet.hpp
// With `needs`, update takes `const fg::PacketOf<Feature>&`, which also has the key, the tags, the
// absolute time or the payload: sdk/packet.hpp. A row has them too: sdk/row.hpp. Schemas: sdk/schema.hpp.
// Columns made of other columns: sdk/derived.hpp. Where rows go: sdk/sink.hpp.
#pragma once

#include "sdk/about.hpp"
#include "sdk/batch.hpp"
#include "sdk/cells.hpp"
#include "sdk/counters.hpp"
#include "sdk/derived.hpp"
#include "sdk/feature.hpp"
#include "sdk/module.hpp"
#include "sdk/name.hpp"
#include "sdk/option.hpp"
#include "sdk/options.hpp"
#include "sdk/owned.hpp"
#include "sdk/packet.hpp"
#include "sdk/row.hpp"
#include "sdk/schema.hpp"
#include "sdk/series.hpp"
#include "sdk/sink.hpp"
#include "sdk/texts.hpp"
