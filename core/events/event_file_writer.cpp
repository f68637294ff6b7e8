#include "core/events/event_file_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <random>
#include <system_error>
#include <utility>

#include "core/base/try.h"
#include "core/flow/flow_key.h"

namespace flowgauge {
namespace {

constexpr mode_t kFileMode = 0666;  // less what the process's mask takes away

struct OpenedPart {
  FileDescriptor fd;
  std::string path;
};

// A name of its own: the same task may run twice at once, where a worker was lost sight of.
OpenedPart open_part(const std::string& path) {
  constexpr int kTries = 100;
  std::random_device random;
  OpenedPart part;
  for (int i = 0; i < kTries && !part.fd; ++i) {
    part.path = fmt::format("{}.{:08x}.part", path, random());
    part.fd = FileDescriptor(::open(part.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
    if (!part.fd && errno != EEXIST) break;
  }
  return part;
}

}  // namespace

Result<std::unique_ptr<EventFileWriter>> EventFileWriter::open(const std::string& folder, EventFileAbout about,
                                                               KeyRule rule, std::uint64_t partition_seed) {
  std::string path = folder + "/" + event_file_name(about.number);
  OpenedPart part = open_part(path);
  if (!part.fd)
    return fail(ExitCode::kOutput, "{}: cannot be written: {}", path, std::system_category().message(errno));
  return std::unique_ptr<EventFileWriter>(new EventFileWriter(std::move(part.fd), std::move(path), std::move(part.path),
                                                              std::move(about), rule, partition_seed));
}

EventFileWriter::EventFileWriter(FileDescriptor fd, std::string path, std::string part_path, EventFileAbout about,
                                 KeyRule rule, std::uint64_t partition_seed)
    : fd_(std::move(fd)),
      path_(std::move(path)),
      part_path_(std::move(part_path)),
      about_(std::move(about)),
      rule_(rule),
      partition_seed_(partition_seed) {}

EventFileWriter::~EventFileWriter() {
  if (!part_path_.empty()) ::unlink(part_path_.c_str());
}

Result<void> EventFileWriter::add(const EventBlock& block) {
  for (std::size_t i = 0; i < block.events.size(); ++i) {
    const bool is_full = chunk_packets_ == kChunkPackets || chunk_bytes_ >= kChunkBytes;
    if (chunk_packets_ > 0 && (is_full || block.frames[i] - first_frame_ >= kChunkFrames)) TRY(write_chunk());
    add_event(block, i);
  }
  about_.first_tagged = std::min(about_.first_tagged, block.first_tagged);
  return {};
}

void EventFileWriter::add_event(const EventBlock& block, std::size_t index) {
  const packet_event& event = block.events[index];
  if (chunk_packets_++ == 0) first_frame_ = block.frames[index];
  const auto frame = static_cast<std::uint32_t>(block.frames[index] - first_frame_);
  const std::int64_t behind_ns = track_.add(frame, event.timestamp_ns);
  const bool is_fragment = (event.marks & (PACKET_FIRST_FRAGMENT | PACKET_LATER_FRAGMENT)) != 0;
  const std::uint8_t partition =
      is_fragment ? event.partition : partition_of(key_of(event, rule_).key, partition_seed_);
  PieceEvents* const events = is_fragment ? &fragments_ : &partitions_[partition];
  events->frames.push_back(frame);
  events->behind_ns.push_back(behind_ns);
  events->events.push_back(event);
  events->events.back().partition = partition;
  if (!block.payload_begin.empty()) {
    const auto bytes = block.payload.begin() + block.payload_begin[index];
    events->bytes.insert(events->bytes.end(), bytes, bytes + event.payload_captured_bytes);
  }
  chunk_bytes_ += sizeof event + event.payload_captured_bytes;
}

Result<void> EventFileWriter::write_chunk() {
  Chunk chunk;
  chunk.first_frame = first_frame_;
  chunk.track = TRY(write_piece(track_.bytes()));
  chunk.fragments = TRY(write_events(fragments_));
  for (std::size_t partition = 0; partition < partitions_.size(); ++partition)
    if (!partitions_[partition].events.empty())
      chunk.partitions.emplace_back(static_cast<std::uint8_t>(partition), TRY(write_events(partitions_[partition])));
  chunk.spans = track_.spans();
  chunk.seconds = track_.seconds();
  chunks_.push_back(std::move(chunk));
  track_.clear();
  fragments_.clear();
  for (PieceEvents& events : partitions_) events.clear();
  chunk_packets_ = chunk_bytes_ = 0;
  return {};
}

Result<void> EventFileWriter::finish(const Ledger& ledger, std::string problem, const InterfaceNames& names) {
  if (chunk_packets_ > 0) TRY(write_chunk());
  about_.ledger = ledger;
  about_.problem = std::move(problem);
  for (std::uint32_t number = 1; number <= names.size(); ++number)
    about_.interfaces.emplace_back(names.name(static_cast<std::uint16_t>(number)));
  EventFileTail tail;
  tail.chunks = TRY(write_piece(bytes_of_chunks(chunks_)));
  tail.about = TRY(write_piece(bytes_of_about(about_)));
  TRY(write({reinterpret_cast<const char*>(&tail), sizeof tail}));
  if (::fsync(fd_.get()) != 0) return failure(errno);
  if (::close(fd_.release()) != 0) return failure(errno);
  if (::rename(part_path_.c_str(), path_.c_str()) != 0) return failure(errno);
  part_path_.clear();
  return {};
}

Result<EventPiece> EventFileWriter::write_events(const PieceEvents& events) {
  EventPiece written{.packets = static_cast<std::uint32_t>(events.events.size()), .piece = {.offset = offset_}};
  if (written.packets > 0) written.piece = TRY(write_piece(events.packed()));
  return written;
}

Result<Piece> EventFileWriter::write_piece(std::string_view bytes) {
  Piece piece{.offset = offset_};
  if (bytes.empty()) return piece;
  packed_.clear();
  TRY(packer_.pack(bytes, packed_));
  piece.packed_bytes = static_cast<std::uint32_t>(packed_.size());
  piece.bytes = static_cast<std::uint32_t>(bytes.size());
  TRY(write(packed_));
  return piece;
}

Result<void> EventFileWriter::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure(errno);
    offset_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::unexpected<Error> EventFileWriter::failure(int error) const {
  return fail(ExitCode::kOutput, "{}: cannot be written: {}; make room, and run the task again", path_,
              std::system_category().message(error));
}

}  // namespace flowgauge
