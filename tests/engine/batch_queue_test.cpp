// The queue between a run and the one who pulls: bounded, and nothing is lost or leaks, whoever goes first.
#include "core/engine/batch_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace flowgauge {
namespace {

std::atomic<int> released{0};

ArrowArray batch(std::int64_t length) {
  ArrowArray array{};
  array.length = length;
  array.release = [](ArrowArray* one) {
    ++released;
    one->release = nullptr;
  };
  return array;
}

std::int64_t length_of(const Result<std::optional<ArrowArray>>& popped) {
  if (!popped || !*popped) return -1;
  ArrowArray array = **popped;
  array.release(&array);
  return array.length;
}

TEST(BatchQueueTest, GivesBatchesInOrderThenTheEnd) {
  released = 0;
  BatchQueue queue(3);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(queue.push(batch(i)), BatchQueue::Reader::kThere);
  EXPECT_EQ(length_of(queue.pop()), 0);
  EXPECT_EQ(queue.push(batch(3)), BatchQueue::Reader::kThere);  // round the ring
  queue.end(std::nullopt);
  for (int i = 1; i < 4; ++i) EXPECT_EQ(length_of(queue.pop()), i);
  for (int again = 0; again < 2; ++again) {
    const auto end = queue.pop();
    ASSERT_TRUE(end);
    EXPECT_FALSE(*end);
  }
  EXPECT_EQ(released, 4);
}

TEST(BatchQueueTest, AnErrorComesBehindTheBatchesAndTheFirstEndCounts) {
  BatchQueue queue(2);
  queue.push(batch(7));
  queue.end(Error{ExitCode::kInput, "damaged"});
  queue.end(std::nullopt);
  EXPECT_EQ(length_of(queue.pop()), 7);
  const auto end = queue.pop();
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().message, "damaged");
}

TEST(BatchQueueTest, AFullQueueWaitsForItsReader) {
  released = 0;
  BatchQueue queue(1);
  std::atomic<int> pushed{0};
  std::jthread writer([&] {
    for (int i = 0; i < 100; ++i) {
      queue.push(batch(i));
      ++pushed;
    }
    queue.end(std::nullopt);
  });
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(length_of(queue.pop()), i);
    EXPECT_LE(pushed, i + 2);  // one that is taken and not counted yet, one that waits
  }
  writer.join();
  EXPECT_EQ(released, 100);
}

TEST(BatchQueueTest, AReaderThatGoesWakesTheWriterAndReleasesWhatWaits) {
  released = 0;
  BatchQueue queue(1);
  queue.push(batch(0));
  std::jthread writer([&] { EXPECT_EQ(queue.push(batch(1)), BatchQueue::Reader::kGone); });
  queue.release();
  writer.join();
  EXPECT_EQ(queue.push(batch(2)), BatchQueue::Reader::kGone);
  EXPECT_EQ(released, 3);
}

TEST(BatchQueueTest, ReleasesWhatNobodyPulled) {
  released = 0;
  {
    BatchQueue queue(4);
    for (int i = 0; i < 3; ++i) queue.push(batch(i));
  }
  EXPECT_EQ(released, 3);
}

// Nobody else is there: the function would wait for ever if it were called with the queue's lock.
TEST(BatchQueueTest, WhoWaitsIsAskedMeanwhile) {
  BatchQueue queue(1);
  int asked = 0;
  const Waiting waiting = [&] {
    if (++asked == 3) queue.push(batch(7));
    return asked == 5 ? Wait::kGiveUp : Wait::kGoOn;
  };
  EXPECT_EQ(length_of(queue.pop(waiting)), 7);
  EXPECT_EQ(asked, 3);
  const auto given_up = queue.pop(waiting);
  ASSERT_FALSE(given_up);
  EXPECT_EQ(given_up.error().code, ExitCode::kInterrupted);
  EXPECT_EQ(asked, 5);
  queue.push(batch(8));
  EXPECT_EQ(length_of(queue.pop()), 8);
}

}  // namespace
}  // namespace flowgauge
