// What a plugin's sink is lent: a descriptor of the host's file, and batches of rows. Both can be asked for what the
// sink did with them, and neither is dangerous once it did what it must not.
#pragma once

#include <sys/stat.h>

#include <atomic>
#include <cstddef>
#include <memory>

#include "core/output/arrow_abi.h"

namespace flowgauge {

// A copy of a descriptor of the host's: who closes it closes nothing of the host's. Once it was closed its number may
// be anybody's, so that it is closed here only if it still stands.
class LentDescriptor {
 public:
  // -1, or one that cannot be copied: there is none.
  explicit LentDescriptor(int of);
  LentDescriptor(const LentDescriptor&) = delete;
  LentDescriptor& operator=(const LentDescriptor&) = delete;
  ~LentDescriptor();

  [[nodiscard]] int get() const { return descriptor_; }
  // It is what it was. That there is none counts as well.
  [[nodiscard]] bool stands() const;

 private:
  int descriptor_;
  struct stat status_ {};
};

// Counts batches that were not released yet. One thread lends; any may release, also after this is gone.
class LentBatches {
 public:
  // The same batch, whose release is noted.
  [[nodiscard]] ArrowArray lend(ArrowArray batch);
  [[nodiscard]] std::size_t kept() const { return kept_->load(); }

 private:
  std::shared_ptr<std::atomic<std::size_t>> kept_ = std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace flowgauge
