#include "tests/events/event_files.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/events/event_file_writer.h"

namespace flowgauge::test {

std::string write_events(const TempFolder& folder, EventFileAbout about, const StagedCapture& capture, KeyRule rule) {
  about.capture = "capture-" + std::to_string(about.number);
  if (about.settings.empty()) about.settings = kSettings;
  auto writer = EventFileWriter::open(folder.path(), about, rule);
  if (!writer) {
    ADD_FAILURE() << writer.error().message;
    return {};
  }
  const bool has_bytes =
      std::ranges::any_of(capture.events, [](const StagedEvent& event) { return !event.bytes.empty(); });
  EventBlock block;
  for (std::size_t at = 0; at < capture.events.size();) {
    block.begin();
    block.events.clear();
    for (; at < capture.events.size() && block.events.size() < 7; ++at) {
      const StagedEvent& staged = capture.events[at];
      block.events.push_back(staged.event);
      if (has_bytes)
        block.add_bytes(staged.bytes.data(), static_cast<std::uint32_t>(staged.bytes.size()), block.events.back());
      block.add_frame(staged.frame, staged.event);
    }
    EXPECT_TRUE((*writer)->add(block).has_value());
  }
  Ledger ledger;
  ledger.frames_read = capture.frames;
  ledger.by_reason[PACKET_ACCEPTED] = capture.events.size();
  ledger.by_reason[PACKET_NOT_IP] = capture.frames - capture.events.size();
  EXPECT_TRUE((*writer)->finish(ledger, about.problem).has_value());
  return (*writer)->path();
}

std::vector<EventFileEntry> write_job(const TempFolder& folder, const std::vector<StagedCapture>& captures,
                                      KeyRule rule) {
  std::uint32_t number = 0;
  for (const StagedCapture& capture : captures)
    write_events(folder, {.number = ++number, .count = static_cast<std::uint32_t>(captures.size())}, capture, rule);
  auto files = list_event_files(folder.path(), kSettings);
  if (files) return *files;
  ADD_FAILURE() << files.error().message;
  return {};
}

}  // namespace flowgauge::test
