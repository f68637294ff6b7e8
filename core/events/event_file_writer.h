// Writes the event file of one capture. One thread. The file has its name once it is whole: what a writer that did not
// come to its end leaves behind is never read, and a second one for the same capture replaces the first one's file.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/compression/zstd_frame.h"
#include "core/events/event_file.h"
#include "core/flow/life_cycle.h"
#include "core/packet/event_block.h"
#include "core/packet/interface_names.h"

namespace flowgauge {

class EventFileWriter {
 public:
  // Of `about`, what is known before the first packet. Errors of a writer are kOutput.
  [[nodiscard]] static Result<std::unique_ptr<EventFileWriter>> open(const std::string& folder, EventFileAbout about,
                                                                     KeyRule rule,
                                                                     std::uint64_t partition_seed = kPartitionSeed);
  EventFileWriter(const EventFileWriter&) = delete;
  EventFileWriter& operator=(const EventFileWriter&) = delete;
  // Without finish() nothing stays.
  ~EventFileWriter();

  // Events as they were parsed, fragments not joined, in arrival order.
  [[nodiscard]] Result<void> add(const EventBlock& block);
  // `problem`: what the capture is damaged by; empty: it is not. `names`: of the interfaces that its events have
  // numbers of.
  [[nodiscard]] Result<void> finish(const Ledger& ledger, std::string problem, const InterfaceNames& names = {});

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::uint64_t bytes_written() const { return offset_; }

 private:
  EventFileWriter(FileDescriptor fd, std::string path, std::string part_path, EventFileAbout about, KeyRule rule,
                  std::uint64_t partition_seed);
  void add_event(const EventBlock& block, std::size_t index);
  Result<void> write_chunk();
  Result<Piece> write_piece(std::string_view bytes);
  Result<EventPiece> write_events(const PieceEvents& events);
  Result<void> write(std::string_view bytes);
  [[nodiscard]] std::unexpected<Error> failure(int error) const;

  FileDescriptor fd_;
  std::string path_;
  std::string part_path_;  // empty: the file has its name
  EventFileAbout about_;
  KeyRule rule_;
  std::uint64_t partition_seed_;
  FramePacker packer_;
  std::vector<Chunk> chunks_;
  std::uint64_t offset_ = 0;
  std::string packed_;

  // The chunk that is made.
  std::uint64_t first_frame_ = 0;
  std::uint64_t chunk_packets_ = 0;
  std::uint64_t chunk_bytes_ = 0;
  ClockTrack track_;
  PieceEvents fragments_;
  std::array<PieceEvents, kPartitions> partitions_;
};

}  // namespace flowgauge
