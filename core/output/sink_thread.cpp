#include "core/output/sink_thread.h"

#include <chrono>
#include <new>
#include <system_error>
#include <utility>

#include "core/base/crash_stack.h"
#include "core/base/log.h"

namespace flowgauge {
namespace {

constexpr std::chrono::milliseconds kTimeToFlush{400};  // the next one is asked for half a second later

}  // namespace

Result<std::unique_ptr<SinkThread>> SinkThread::start(std::unique_ptr<SinkInstance> sink) {
  std::unique_ptr<SinkThread> made(new SinkThread(std::move(sink)));
  try {
    made->thread_ = std::thread([&self = *made, log = bound_log()] {
      const LogScope scope(log);
      const CrashStack crash_stack;
      self.work();
    });
  } catch (const std::system_error& error) {
    return fail(ExitCode::kMemory, "no thread for a sink can be started: {}; raise the limit of processes",
                error.code().message());
  }
  return made;
}

SinkThread::~SinkThread() {
  if (thread_.joinable()) [[maybe_unused]]
    const auto finished = finish(FG_FINISH_PARTIAL, {});
}

Result<SinkState> SinkThread::state() const {
  if (error_) return std::unexpected(*error_);
  return is_closed_ ? SinkState::kClosed : SinkState::kOpen;
}

Result<SinkState> SinkThread::write(ArrowArray batch) {
  std::unique_lock lock(mutex_);
  done_.wait(lock, [&] { return count_ < kBatchesAhead || error_ || is_closed_; });
  if (error_ || is_closed_) {
    lock.unlock();
    batch.release(&batch);
    lock.lock();
    return state();
  }
  batches_[(first_ + count_++) % kBatchesAhead] = batch;
  asked_.notify_one();
  return SinkState::kOpen;
}

Result<SinkState> SinkThread::flush() {
  const std::scoped_lock lock(mutex_);
  is_flush_wanted_ = true;
  asked_.notify_one();
  return state();
}

Result<SinkState> SinkThread::finish(fg_finish how, std::string account) {
  {
    const std::scoped_lock lock(mutex_);
    account_ = std::move(account);
    finish_wanted_ = how;
    asked_.notify_one();
  }
  thread_.join();
  return state();
}

std::uint64_t SinkThread::rows_certain() const {
  const std::scoped_lock lock(mutex_);
  return rows_certain_;
}

template <class Call>
void SinkThread::note(std::unique_lock<std::mutex>& lock, const Call& call) {
  lock.unlock();
  std::optional<Error> error;
  try {
    if (auto result = call(); !result) error = std::move(result.error());
  } catch (const std::bad_alloc&) {
    error = Error{ExitCode::kMemory, {}};
  }
  lock.lock();
  if (error && !error_) error_ = std::move(error);
  rows_certain_ = sink_->rows_certain();
  is_closed_ = is_closed_ || sink_->is_closed();
}

void SinkThread::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    asked_.wait(lock, [&] { return count_ > 0 || is_flush_wanted_ || finish_wanted_; });
    const bool goes_on = !error_ && !is_closed_;
    if (count_ > 0) {
      ArrowArray batch = batches_[first_];
      if (goes_on)
        note(lock, [&] { return sink_->write(batch); });
      else
        batch.release(&batch);
      first_ = (first_ + 1) % kBatchesAhead;
      --count_;
      done_.notify_all();
    } else if (finish_wanted_) {
      const fg_finish how = goes_on || *finish_wanted_ == FG_FINISH_DISCARD ? *finish_wanted_ : FG_FINISH_PARTIAL;
      note(lock, [&] { return sink_->finish(how, account_); });
      return;
    } else {
      is_flush_wanted_ = false;
      if (goes_on) note(lock, [&] { return sink_->flush(kTimeToFlush); });
    }
  }
}

}  // namespace flowgauge
