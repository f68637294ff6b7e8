#include "reconnecting.h"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <thread>
#include <utility>

namespace ipfix_sinks {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kFirstPause{250};
constexpr milliseconds kLongestPause{10'000};
constexpr milliseconds kLook{20};

std::string rows_text(std::uint64_t rows) { return std::to_string(rows) + (rows == 1 ? " row" : " rows"); }

}  // namespace

Reconnecting::Reconnecting(Connect connect, const Patience& patience, std::function<void()> templates, Told told)
    : connect_(std::move(connect)),
      patience_(patience),
      templates_(std::move(templates)),
      told_(std::move(told)),
      link_(connect_()) {}

void Reconnecting::send(std::span<const std::byte> message, Carried carried) {
  // Rows of a message that was begun before come behind all that wait: first of all come the templates.
  if (link_ == nullptr || (sends_templates_ && carried.rows != 0)) return keep(message, carried);
  try {
    send_numbered(message, carried);
  } catch (const std::exception& error) {
    // Not all of it went out, so the collector cannot have it.
    lose(error.what());
    if (!sends_templates_) keep(message, carried);
  }
}

// The message's number is that of the first connection's stream.
void Reconnecting::send_numbered(std::span<const std::byte> message, Carried carried) {
  constexpr std::size_t kNumberAt = 8;
  std::vector<std::byte> numbered(message.begin(), message.end());
  for (int byte = 0; byte < 4; ++byte)
    numbered[kNumberAt + static_cast<std::size_t>(byte)] = static_cast<std::byte>(records_ >> (24 - 8 * byte));
  link_->send(numbered, carried);
  records_ += static_cast<std::uint32_t>(carried.records);
}

void Reconnecting::keep(std::span<const std::byte> message, Carried carried) {
  const bool is_full =
      patience_.whom == Patience::While::kRunGoesOn && waiting_bytes_ + message.size() > patience_.buffer_bytes;
  if (is_full) {
    dropped_since_ += carried.rows;
    failed_ += carried.rows;
    return;
  }
  waiting_.push_back({{message.begin(), message.end()}, carried});
  waiting_bytes_ += message.size();
}

// It is told first: to give the link up takes a second, where much is not acknowledged.
void Reconnecting::lose(const std::string& why) {
  const bool was_lost = !std::exchange(why_, why).empty();
  if (!was_lost && patience_.longest != seconds(0)) told_.away(why + "; rows wait until it is back");
  const std::uint64_t lost = link_->give_up();
  certain_ += link_->rows_certain();
  failed_ += link_->rows_failed();
  link_.reset();
  lost_since_ += lost;
  if (patience_.longest == seconds(0)) throw std::runtime_error(why);
  if (was_lost) return pause();
  lost_at_ = next_try_ = Clock::now();
  pause_ = kFirstPause;
}

void Reconnecting::pause() {
  next_try_ = Clock::now() + pause_;
  pause_ = std::min(kLongestPause, 2 * pause_);
}

void Reconnecting::begin_to_connect() {
  if (connecting_.valid() || Clock::now() < next_try_) return;
  connecting_ = std::async(std::launch::async, connect_);
}

// False: not yet.
bool Reconnecting::take_connection() {
  begin_to_connect();
  if (!connecting_.valid() || connecting_.wait_for(seconds(0)) != std::future_status::ready) return false;
  try {
    link_ = connecting_.get();
    records_ = 0;
  } catch (const std::exception& error) {
    why_ = error.what();
    pause();
    return false;
  }
  return true;
}

void Reconnecting::wait_for_connection(seconds longest) {
  while (!take_connection()) {
    if (Clock::now() - lost_at_ >= longest) return;
    std::this_thread::sleep_for(kLook);
  }
}

void Reconnecting::restore() {
  if (link_ != nullptr)
    if (const std::string why = link_->loss(); !why.empty()) lose(why);
  if (link_ != nullptr) return;
  if (patience_.whom == Patience::While::kRunWaits) {
    wait_for_connection(patience_.longest);
    if (link_ == nullptr)
      throw std::runtime_error("the collector went away, and did not come back within " +
                               std::to_string(patience_.longest.count()) + " s (option 'reconnect'): " + why_);
  } else if (!take_connection()) {
    return;
  }
  send_what_waits();
}

void Reconnecting::send_what_waits() {
  sends_templates_ = true;
  templates_();
  sends_templates_ = false;
  std::uint64_t waited = 0;
  while (link_ != nullptr && !waiting_.empty()) {
    const Message message = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= message.bytes.size();
    waited += message.carried.rows;
    try {
      send_numbered(message.bytes, message.carried);
    } catch (const std::exception& error) {
      waiting_bytes_ += message.bytes.size();
      waiting_.push_front(message);
      lose(error.what());
    }
  }
  if (link_ == nullptr) return;
  const auto away = std::chrono::duration_cast<seconds>(Clock::now() - lost_at_);
  told_.back();
  told_.warn("the collector is back after " + std::to_string(away.count()) + " s: " + rows_text(waited) + " waited, " +
             rows_text(lost_since_) + " had been sent and not acknowledged, " + rows_text(dropped_since_) +
             " found no room to wait");
  why_.clear();
  lost_since_ = dropped_since_ = 0;
}

void Reconnecting::fail_what_waits() {
  std::uint64_t rows = 0;
  for (const Message& message : waiting_) rows += message.carried.rows;
  waiting_.clear();
  failed_ += rows;
  if (patience_.longest == seconds(0)) return;  // that ended the run, and was said
  told_.warn("the collector did not come back (" + why_ + "): " + rows_text(rows) + " waited for it, " +
             rows_text(lost_since_) + " had been sent and not acknowledged, " + rows_text(dropped_since_) +
             " found no room to wait");
}

void Reconnecting::end(seconds longest_away) {
  if (link_ == nullptr && patience_.longest != seconds(0)) {
    if (patience_.whom == Patience::While::kRunGoesOn) lost_at_ = Clock::now();  // until now nobody waited
    wait_for_connection(std::min(longest_away, patience_.longest));
    if (link_ != nullptr) send_what_waits();
  }
  if (link_ != nullptr) return link_->end(longest_away);
  fail_what_waits();
}

}  // namespace ipfix_sinks
