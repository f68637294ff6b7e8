#include "core/output/lent.h"

#include <unistd.h>

#include <utility>

#include "core/base/host_path.h"
#include "core/base/same_file.h"

namespace flowgauge {
namespace {

struct Lent {
  ArrowArray batch;
  std::shared_ptr<std::atomic<std::size_t>> kept;
};

void release_lent(ArrowArray* array) {
  const std::unique_ptr<Lent> lent(static_cast<Lent*>(array->private_data));
  lent->batch.release(&lent->batch);
  --*lent->kept;
  array->release = nullptr;
}

}  // namespace

LentDescriptor::LentDescriptor(int of) : descriptor_(of < 0 ? -1 : copy_of_descriptor(of).release()) {
  if (descriptor_ >= 0) (void)::fstat(descriptor_, &status_);
}

bool LentDescriptor::stands() const { return descriptor_ < 0 || is_still_file(descriptor_, status_); }

LentDescriptor::~LentDescriptor() {
  if (descriptor_ >= 0 && stands()) ::close(descriptor_);
}

ArrowArray LentBatches::lend(ArrowArray batch) {
  auto lent = std::make_unique<Lent>(batch, kept_);
  batch.release = release_lent;
  batch.private_data = lent.release();
  ++*kept_;
  return batch;
}

}  // namespace flowgauge
