// The caller's functions, as the engine calls them: one at a time, from whatever thread.
#pragma once

#include <memory>
#include <mutex>

#include "core/api/flowgauge.h"
#include "core/base/log.h"
#include "core/engine/observer.h"

namespace flowgauge::api {

class Callbacks final : public Log {
 public:
  explicit Callbacks(const flowgauge_options& options);

  [[nodiscard]] bool is_enabled(LogLevel level) const noexcept override;
  void write(LogLevel level, std::string_view text) noexcept override;
  void tell(const RunStatus& status);

 private:
  std::mutex mutex_;
  LogLevel least_;
  decltype(flowgauge_options::log) log_;
  void* log_user_;
  decltype(flowgauge_options::progress) progress_;
  void* progress_user_;
};

// Gathers nothing where nobody wants to know.
[[nodiscard]] Observer observer_of(const flowgauge_options& options, const std::shared_ptr<Callbacks>& callbacks);

}  // namespace flowgauge::api
