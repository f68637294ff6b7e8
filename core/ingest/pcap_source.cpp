#include "core/ingest/pcap_source.h"

#include <algorithm>
#include <utility>

#include "core/base/text.h"
#include "core/ingest/capture_file.h"
#include "core/ingest/frame_event.h"

namespace flowgauge {
namespace {

// Of one block: bounds the time that a stop request or a progress line waits where most frames are ignored.
constexpr std::size_t kFramesPerBlock = 4 * kBlockEvents;

// Moves the block's events from `begin` on to the end of `to`.
void move_tail(EventBlock& block, std::size_t begin, EventBlock& to) {
  for (std::size_t i = begin; i < block.events.size(); ++i) {
    to.events.push_back(block.events[i]);
    to.frames.push_back(block.frames[i]);
    if (block.payload_begin.empty()) continue;
    const auto payload = block.payload.begin() + block.payload_begin[i];
    to.payload_begin.push_back(static_cast<std::uint32_t>(to.payload.size()));
    to.payload.insert(to.payload.end(), payload, payload + block.events[i].payload_captured_bytes);
  }
  block.events.resize(begin);
  block.frames.resize(begin);
  if (block.payload_begin.empty()) return;
  if (begin < block.payload_begin.size()) block.payload.resize(block.payload_begin[begin]);
  block.payload_begin.resize(begin);
}

}  // namespace

Result<std::unique_ptr<PcapSource>> PcapSource::create(PcapSourceOptions options) {
  if (!options.filter.empty()) {
    FilterSet tried(options.filter);
    for (const Input& input : options.inputs) {
      // Where no link type is known yet, the expression is tried as for Ethernet, so that a slip shows before the run.
      const auto& filter = tried.of(input.link_type >= 0 ? input.link_type : DLT_EN10MB);
      if (!filter) return std::unexpected(filter.error());
    }
  }
  return std::unique_ptr<PcapSource>(new PcapSource(std::move(options)));
}

PcapSource::PcapSource(PcapSourceOptions options)
    : options_(std::move(options)), fragments_(options_.parse.fragment_scope), clock_(options_.clock) {
  for (const Input& input : options_.inputs) bytes_total_ += input.size_bytes;
  if (std::ranges::any_of(options_.inputs, [](const Input& input) { return input.size_bytes == 0; })) bytes_total_ = 0;
  if (options_.filter.empty()) return;
  filters_.emplace(options_.filter);
  hint_.emplace(options_.filter);
}

PcapSource::~PcapSource() = default;

SourceProgress PcapSource::progress() const {
  const std::uint32_t begun = inputs_begun_.load(std::memory_order_relaxed);
  return {.bytes_read = bytes_read_.load(std::memory_order_relaxed),
          .bytes_total = bytes_total_,
          .input = begun == 0 ? "" : options_.inputs[begun - 1].path,
          .inputs_begun = begun,
          .inputs = static_cast<std::uint32_t>(options_.inputs.size())};
}

void PcapSource::set_hand_over(HandOver hand_over) {
  hand_over_ = std::move(hand_over);
  on_held_ = nullptr;
  if (hand_over_) on_held_ = [this] { this->hand_over(); };
}

SourceState PcapSource::read(EventBlock& block) {
  begin_block(block);
  SourceState state = SourceState::kMore;
  for (std::size_t frames = 0; count_ < kBlockEvents && frames < kFramesPerBlock; ++frames) {
    if (!read_frame(block, count_)) {
      state = SourceState::kEnd;
      note_untimed();
      give_hint();
      break;
    }
  }
  end_block(block, state);
  return state;
}

void PcapSource::begin_block(EventBlock& block) {
  block_ = &block;
  block.begin();
  block.make_room(kBlockEvents);
  count_ = take_held(block);
  tells_clock_ = count_ == 0;
}

void PcapSource::end_block(EventBlock& block, SourceState state) {
  block.cut(count_);
  if (state == SourceState::kEnd)
    settle(clock_.finish(), block);
  else if (clock_.held() > 0)
    move_tail(block, block.clocks.size(), held_);
}

// Called while the next frame is waited for: no event is half made.
void PcapSource::hand_over() {
  end_block(*block_, SourceState::kMore);
  hand_over_(*block_);
  begin_block(*block_);
}

// One frame, or the step to the next input. False: the run's frames are all read.
bool PcapSource::read_frame(EventBlock& block, std::size_t& count) {
  if (stop_.load(std::memory_order_relaxed)) return false;
  if (options_.max_packets != 0 && ledger_.frames_read == options_.max_packets) return false;
  if (capture_ == nullptr && !open_next()) return false;
  if (capture_ == nullptr) return true;
  Frame frame;
  switch (capture_->next(frame)) {
    case CaptureFile::ReadState::kEnd:
      close_input();
      return true;
    case CaptureFile::ReadState::kDamaged:
      problems_.push_back({ExitCode::kInput, capture_->problem()});
      close_input();
      return true;
    case CaptureFile::ReadState::kFrame:
      break;
  }
  if (filters_ && frame.link_type != filter_link_type_ && !choose_filter(frame.link_type)) return true;
  const std::uint64_t index = ledger_.frames_read++;
  packet_event& event = block.events[count];
  const packet_reason reason = judge_frame(options_.parse, filter_, frame, event);
  ++ledger_.by_reason[reason];
  if (hint_) [[unlikely]] {
    if (reason == PACKET_FILTERED)
      hint_->look_at(frame);
    else
      hint_.reset();
  }
  if (reason != PACKET_ACCEPTED) {
    if (reason == PACKET_NOT_IP) ledger_.not_ip.add(event.tunnel_id);
    if (reason == PACKET_UNSUPPORTED_LINK_TYPE) warn_of_link_type(frame.link_type);
    return true;
  }
  add_bytes(frame, options_.bytes, event, block);
  block.add_frame(index, event);
  ++count;
  if (tells_clock_ && clock_.take_in_plain(event.timestamp_ns)) [[likely]] {
    join(event, event.timestamp_ns);
  } else {
    begin_clocks(block);
    settle(clock_.take_in(event.timestamp_ns), block);
  }
  return true;
}

// The newest event's reading is not its timestamp: from now on the block says where each leaves the clock.
void PcapSource::begin_clocks(EventBlock& block) {
  if (!std::exchange(tells_clock_, false)) return;
  for (std::size_t i = 0; i + 1 < count_; ++i) block.clocks.push_back(block.events[i].timestamp_ns);
}

// Those of the block's events whose time on the clock is known now.
void PcapSource::settle(std::span<const std::int64_t> readings, EventBlock& block) {
  for (const std::int64_t clock_ns : readings) {
    join(block.events[block.clocks.size()], clock_ns);
    block.clocks.push_back(clock_ns);
  }
}

// Puts the events that the last block left first into this one; how many.
std::size_t PcapSource::take_held(EventBlock& block) {
  const std::size_t count = held_.events.size();
  if (count == 0) return 0;
  std::ranges::copy(held_.events, block.events.begin());
  std::swap(block.frames, held_.frames);
  std::swap(block.payload, held_.payload);
  std::swap(block.payload_begin, held_.payload_begin);
  held_ = {};
  return count;
}

// Opens the next input; one that cannot be read is noted and leaves capture_ null. False: there is none.
bool PcapSource::open_next() {
  if (next_input_ == options_.inputs.size()) return false;
  const Input& input = options_.inputs[next_input_++];
  inputs_begun_.store(static_cast<std::uint32_t>(next_input_), std::memory_order_relaxed);
  auto capture = CaptureFile::open(input.path, {&bytes_read_, &stop_, &on_held_}, options_.names);
  if (!capture) {
    if (!stop_.load(std::memory_order_relaxed)) problems_.push_back(capture.error());
    close_input();
    return true;
  }
  capture_ = std::make_unique<CaptureFile>(std::move(*capture));
  frames_before_input_ = ledger_.frames_read;
  filter_link_type_ = -1;
  return true;
}

// An expression that the first frame of an input cannot have is a slip, and ends the input. Where only some of its
// frames cannot have it, they do not match. False: the input is closed.
bool PcapSource::choose_filter(int link_type) {
  const Result<FrameFilter>& filter = filters_->of(link_type);
  filter_link_type_ = link_type;
  filter_ = filter ? &*filter : &nothing_;
  if (filter) return true;
  if (ledger_.frames_read == frames_before_input_) {
    problems_.push_back({filter.error().code, fmt::format("{}: {}", capture_->name(), filter.error().message)});
    close_input();
    return false;
  }
  if (link_types_not_filtered_.insert(link_type).second) {
    warnings_.push_back(fmt::format("{}: {}; its frames of that type are counted as filtered", capture_->name(),
                                    filter.error().message));
  }
  return true;
}

// Of a damaged input the rest counts as read, so that progress reaches its total.
void PcapSource::close_input() {
  bytes_of_inputs_begun_ += options_.inputs[next_input_ - 1].size_bytes;
  if (bytes_total_ != 0) bytes_read_.store(bytes_of_inputs_begun_, std::memory_order_relaxed);
  note_untimed();
  capture_.reset();
}

void PcapSource::note_untimed() {
  const std::uint64_t untimed = capture_ == nullptr ? 0 : capture_->untimed_frames();
  if (untimed == 0) return;
  ledger_.untimed_frames += untimed;
  warnings_.push_back(fmt::format(
      "{}: {} (simple packet blocks); {} that of the packet before it", capture_->name(),
      untimed == 1 ? "1 packet has no time of its own" : with_thousands(untimed) + " packets have no time of their own",
      untimed == 1 ? "it takes" : "each takes"));
}

void PcapSource::give_hint() {
  if (!hint_) return;
  if (auto text = hint_->text()) warnings_.push_back(std::move(*text));
  hint_.reset();
}

void PcapSource::warn_of_link_type(int link_type) {
  if (!link_types_warned_of_.insert(link_type).second) return;
  warnings_.push_back(fmt::format(
      "{}: link type {} is not supported; its frames are counted as unsupported_link_type and make no flows",
      capture_->name(), link_type_text(link_type)));
}

}  // namespace flowgauge
