// Plans the editor's drafts, each in a process of its own: whatever a plugin does there, the editor stays.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "core/base/handle.h"
#include "core/editor/edit_loop.h"
#include "core/engine/plan.h"

namespace flowgauge {

class DraftPlanner final : public Planner {
 public:
  explicit DraftPlanner(PluginPaths paths) : paths_(std::move(paths)) {}
  ~DraftPlanner() override { give_up(); }

  void ask(const std::string& text, const std::string& name) override;
  [[nodiscard]] int descriptor() const override { return pipe_.get(); }
  [[nodiscard]] std::optional<PlannedTables> answer() override;

 private:
  void give_up();

  PluginPaths paths_;
  pid_t child_ = 0;  // 0: none
  FileDescriptor pipe_;
  std::string read_;
};

}  // namespace flowgauge
