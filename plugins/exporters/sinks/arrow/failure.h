// What Arrow says went wrong, as the exceptions that stop a run.
#pragma once

#include <arrow/result.h>

#include <stdexcept>
#include <utility>

namespace arrow_sinks {

// Throws in Arrow's words.
inline void check(const arrow::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.message());
}
template <class T>
T value_of(arrow::Result<T> result) {
  check(result.status());
  return std::move(result).ValueUnsafe();
}

}  // namespace arrow_sinks
