// Jobs of event files, made of events without captures.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/events/event_file.h"
#include "core/events/event_folder.h"
#include "core/flow/life_cycle.h"
#include "core/packet/event.h"
#include "tests/ingest/ingest_support.h"

namespace flowgauge::test {

struct StagedEvent {
  std::uint64_t frame = 0;  // of its capture
  packet_event event{};
  std::vector<std::uint8_t> bytes = {};
};

struct StagedCapture {
  std::vector<StagedEvent> events;
  std::uint64_t frames = 0;  // ignored ones too
};

inline const std::string kSettings = "program: test\npackets:\n  filter: \"\"\n";

// Writes the event file of one capture; its path.
std::string write_events(const TempFolder& folder, EventFileAbout about, const StagedCapture& capture,
                         KeyRule rule = KeyRule::kFull);
// All of a job.
std::vector<EventFileEntry> write_job(const TempFolder& folder, const std::vector<StagedCapture>& captures,
                                      KeyRule rule = KeyRule::kFull);

}  // namespace flowgauge::test
