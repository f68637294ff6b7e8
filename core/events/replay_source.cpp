#include "core/events/replay_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/flow/clock.h"
#include "core/flow/flow_key.h"

namespace flowgauge {
namespace {

constexpr std::size_t kStepsPerBlock = 64;  // bounds the time that a stop request waits where few packets are ours
// What one step may add to a block: a span, what was held before it, and the tick at the end.
constexpr std::size_t kMostOfStep = kSpanPackets + 4;

std::uint8_t partition_left_out(const PartitionSet& kept) {
  std::uint8_t partition = 0;
  while (!kept.is_all() && kept.contains(partition)) ++partition;
  return partition;
}

bool is_fragment(const packet_event& event) {
  return (event.marks & (PACKET_FIRST_FRAGMENT | PACKET_LATER_FRAGMENT)) != 0;
}

std::int64_t ns_in_second(std::int64_t ns) { return ns - second_of(ns) * kNsPerSecond; }

}  // namespace

ReplaySource::ReplaySource(ReplayOptions options)
    : options_(std::move(options)),
      tells_each_reading_(options_.rules.early_export_ns != 0),
      foreign_(partition_left_out(options_.partitions)),
      clock_(clock_rules(options_.rules)),
      fragments_(options_.fragment_scope) {
  for (const EventFileEntry& file : options_.files) {
    bytes_total_ += file.size_bytes;
    if (!file.problem.empty()) warnings_.push_back(fmt::format("{} (as flowgauge events found)", file.problem));
  }
}

SourceProgress ReplaySource::progress() const {
  const std::uint32_t begun = files_begun_.load(std::memory_order_relaxed);
  return {.bytes_read = bytes_begun_.load(std::memory_order_relaxed),
          .bytes_total = bytes_total_,
          .input = begun == 0 ? "" : options_.files[begun - 1].path,
          .inputs_begun = begun,
          .inputs = static_cast<std::uint32_t>(options_.files.size())};
}

SourceState ReplaySource::read(EventBlock& block) {
  block_ = &block;
  block.begin();
  block.events.clear();
  SourceState state = SourceState::kMore;
  for (std::size_t steps = 0; steps < kStepsPerBlock && block.events.size() + kMostOfStep <= kBlockEvents; ++steps) {
    if (!stop_.load(std::memory_order_relaxed) && step()) continue;
    finish();
    state = SourceState::kEnd;
    break;
  }
  // Of the files so far: earlier than its block, which changes nothing before that frame.
  block.first_tagged = first_tagged_;
  return state;
}

// One span, or the way to it. False: there is no more, or it cannot be read.
bool ReplaySource::step() {
  if (chunk_ != nullptr && next_span_ < chunk_->spans.size()) {
    const ClockSpan& span = chunk_->spans[next_span_++];
    const bool is_last = next_span_ == chunk_->spans.size();
    return replay_span(span, is_last ? kNoFrame : chunk_->spans[next_span_].first_frame);
  }
  chunk_ = nullptr;
  if (next_chunk_ < chunks_.size()) return load_chunk();
  return next_file_ < options_.files.size() && open_next();
}

bool ReplaySource::open_next() {
  const EventFileEntry& entry = options_.files[next_file_++];
  bytes_begun_.fetch_add(entry.size_bytes, std::memory_order_relaxed);
  files_begun_.store(static_cast<std::uint32_t>(next_file_), std::memory_order_relaxed);
  chunks_.clear();
  next_chunk_ = 0;
  auto reader = EventFileReader::open(entry.path);
  if (!reader) return fail_with(reader.error());
  file_.emplace(std::move(*reader));
  auto chunks = file_->chunks();
  if (!chunks) return fail_with(chunks.error());
  chunks_ = std::move(*chunks);
  const EventFileAbout& about = file_->about();
  ledger_ += about.ledger;
  file_begin_ = files_end_;
  files_end_ += about.ledger.frames_read;
  numbers_.assign(1, 0);
  for (const std::string& name : about.interfaces)
    numbers_.push_back(options_.names == nullptr ? std::uint16_t{0} : options_.names->number_of(name));
  if (about.first_tagged != kNoFrame) first_tagged_ = std::min(first_tagged_, file_begin_ + about.first_tagged);
  return true;
}

bool ReplaySource::load_chunk() {
  const Chunk& chunk = chunks_[next_chunk_++];
  events_.clear();
  track_.reset();
  std::uint64_t ours = 0;
  if (!load_piece(chunk.fragments, "its fragments", is_fragment)) return false;
  for (const auto& [of, piece] : chunk.partitions) {
    if (!options_.partitions.contains(of)) continue;
    const auto belongs = [partition = of](const packet_event& event) {
      return event.partition == partition && !is_fragment(event);
    };
    if (!load_piece(piece, "its events", belongs)) return false;
    ours += piece.packets;
  }
  ledger_.leave_to_others(chunk.packets() - chunk.fragments.packets - ours);
  sort_kept();
  chunk_ = &chunk;
  next_span_ = next_second_ = 0;
  return true;
}

template <class Belongs>
bool ReplaySource::load_piece(const EventPiece& piece, std::string_view what, const Belongs& belongs) {
  const std::size_t before = events_.events.size();
  if (const auto read = file_->append(piece, what, events_); !read) return fail_with(read.error());
  for (packet_event& event : std::span(events_.events).subspan(before)) {
    if (event.interface >= numbers_.size() || !belongs(event)) return fail_with(file_->damage(what));
    event.interface = numbers_[event.interface];
  }
  return true;
}

void ReplaySource::sort_kept() {
  kept_.clear();
  next_kept_ = 0;
  for (std::uint32_t i = 0; i < events_.frames.size(); ++i) kept_.push_back({events_.frames[i], i});
  std::ranges::sort(kept_, {}, &KeptPacket::frame);
  bytes_begin_.clear();
  if (!options_.has_bytes) return;
  std::uint64_t begin = 0;
  for (const packet_event& event : events_.events) {
    bytes_begin_.push_back(begin);
    begin += event.payload_captured_bytes;
  }
}

// ---------------------------------------------------------------- the clock

bool ReplaySource::replay_span(const ClockSpan& span, std::uint64_t frames_end) {
  const std::size_t seconds = span.seconds == ClockSpan::kManySeconds ? 0 : span.seconds;
  const auto begins = std::span(chunk_->seconds).subspan(next_second_, seconds);
  next_second_ += seconds;
  if (!is_plain(span)) return replay_by_clock(span);
  replay_plainly(span, begins, frames_end);
  return true;
}

// Where the clock goes along with the greatest timestamp so far: the reading there. Modulo 2^64, as the clock counts.
std::int64_t ReplaySource::reading_at(std::int64_t greatest_ns) const {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(clock_.reading()) +
                                   static_cast<std::uint64_t>(greatest_ns) -
                                   static_cast<std::uint64_t>(clock_.packet_ns()));
}

// The clock goes along, and the summary tells where it enters seconds: nowhere, or where timestamps do. Once it was set
// back readings may enter them elsewhere.
bool ReplaySource::is_plain(const ClockSpan& span) const {
  if (tells_each_reading_ || told_ns_ == kNoClock || !clock_.goes_along(span.times)) return false;
  if (second_of(reading_at(span.times.greatest_ns)) == second_of(told_ns_)) return true;
  return span.seconds != ClockSpan::kManySeconds && ns_in_second(clock_.reading()) == ns_in_second(clock_.packet_ns());
}

void ReplaySource::replay_plainly(const ClockSpan& span, std::span<const SecondBegin> seconds,
                                  std::uint64_t frames_end) {
  const std::uint64_t begin = file_begin_ + chunk_->first_frame;
  if (!is_next(span.first_frame)) pass(begin + span.first_frame, reading_at(span.times.first_ns));
  for (; next_kept_ < kept_.size() && kept_[next_kept_].frame < frames_end; ++next_kept_) {
    const KeptPacket& kept = kept_[next_kept_];
    pass_before(kept.frame, seconds);
    packet_event& event = events_.events[kept.index];
    const std::int64_t greatest_ns = event.timestamp_ns + events_.behind_ns[kept.index];
    hand_over(event, bytes_of(kept.index), begin + kept.frame, reading_at(greatest_ns));
  }
  pass_before(frames_end, seconds);
  clock_.take_in(span.times);
}

void ReplaySource::pass_before(std::uint64_t frame, std::span<const SecondBegin>& seconds) {
  for (; !seconds.empty() && seconds.front().frame < frame; seconds = seconds.subspan(1))
    pass(file_begin_ + chunk_->first_frame + seconds.front().frame, reading_at(seconds.front().timestamp_ns));
}

bool ReplaySource::replay_by_clock(const ClockSpan& span) {
  if (!track_) {
    auto track = file_->track(*chunk_);
    if (!track) return fail_with(track.error());
    track_ = std::move(*track);
  }
  if (!unpack_span(*track_, span, packets_)) return fail_with(file_->damage("its timestamps"));
  for (const TrackPacket& packet : packets_) take_in(packet);
  return true;
}

void ReplaySource::take_in(const TrackPacket& packet) {
  const std::uint64_t frame = file_begin_ + chunk_->first_frame + packet.frame;
  const auto readings = clock_.take_in(packet.timestamp_ns);
  const bool is_ours = is_next(packet.frame);
  const std::uint32_t index = is_ours ? kept_[next_kept_++].index : 0;
  if (held_.empty() && readings.size() == 1) [[likely]] {
    if (is_ours)
      hand_over(events_.events[index], bytes_of(index), frame, readings[0]);
    else
      pass(frame, readings[0]);
    return;
  }
  held_.push_back({frame, {}, {}});
  if (is_ours) {
    held_.back().event = events_.events[index];
    held_.back().bytes.assign(bytes_of(index).begin(), bytes_of(index).end());
  }
  settle(readings);
}

void ReplaySource::settle(std::span<const std::int64_t> readings) {
  for (const std::int64_t reading_ns : readings) {
    Held& held = held_.front();
    if (held.event)
      hand_over(*held.event, held.bytes, held.frame, reading_ns);
    else
      pass(held.frame, reading_ns);
    held_.pop_front();
  }
}

// The end of the last file, or of what was read: flows that are open end by the last reading.
void ReplaySource::finish() {
  settle(clock_.finish());
  if (told_ns_ != kNoClock && clock_.reading() > told_ns_ && !options_.partitions.is_all()) {
    packet_event tick{.timestamp_ns = clock_.reading(), .partition = foreign_};
    put(tick, {}, files_end_, clock_.reading());
  }
  leave_out_the_rest();
}

// ---------------------------------------------------------------- what goes into the block

ReplaySource::Bytes ReplaySource::bytes_of(std::uint32_t index) const {
  if (bytes_begin_.empty()) return {};
  return Bytes(events_.bytes).subspan(bytes_begin_[index], events_.events[index].payload_captured_bytes);
}

// One of our partitions' packets, or a fragment, of which that shows now.
void ReplaySource::hand_over(packet_event& event, Bytes bytes, std::uint64_t frame, std::int64_t reading_ns) {
  if (is_fragment(event)) {
    fragments_.join(event, reading_ns);
    event.partition = partition_of(key_of(event, options_.rules.flow_key).key, options_.rules.partition_seed());
    if (!options_.partitions.contains(event.partition)) {
      ledger_.leave_to_others(1);
      pass(frame, reading_ns);
      return;
    }
  }
  ++handed_over_;
  put(event, bytes, frame, reading_ns);
}

// A packet of others: a tick, where it matters.
void ReplaySource::pass(std::uint64_t frame, std::int64_t reading_ns) {
  const bool is_told = told_ns_ != kNoClock &&
                       (tells_each_reading_ ? reading_ns == told_ns_ : second_of(reading_ns) == second_of(told_ns_));
  if (is_told) return;
  packet_event tick{.timestamp_ns = reading_ns, .partition = foreign_};
  put(tick, {}, frame, reading_ns);
}

void ReplaySource::put(const packet_event& event, Bytes bytes, std::uint64_t frame, std::int64_t reading_ns) {
  told_ns_ = std::max(told_ns_, reading_ns);  // of a file with whole pieces that do not fit together, too
  block_->events.push_back(event);
  block_->frames.push_back(frame);
  block_->clocks.push_back(told_ns_);
  if (options_.has_bytes)
    block_->add_bytes(bytes.data(), static_cast<std::uint32_t>(bytes.size()), block_->events.back());
}

// ---------------------------------------------------------------- when something is wrong

bool ReplaySource::fail_with(Error error) {
  problems_.push_back(std::move(error));
  return false;
}

// Frames that are not read any more do not count.
void ReplaySource::leave_out_the_rest() {
  ledger_.by_reason[PACKET_ACCEPTED] = handed_over_;
  ledger_.frames_read = ledger_.accepted() + ledger_.ignored();
}

}  // namespace flowgauge
