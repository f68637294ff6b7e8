// The commands that read tables: `flowgauge merge` and `flowgauge summary`. Declared before the parse, read behind it;
// the objects must stay where they are in between.
#pragma once

#include <CLI/App.hpp>

#include "core/app/command.h"
#include "core/base/result.h"

namespace flowgauge {

class MergeOptions {
 public:
  void declare(CLI::App& app);
  [[nodiscard]] Command read() const { return merge_; }

 private:
  MergeCommand merge_;
};

class SummaryOptions {
 public:
  void declare(CLI::App& app);
  [[nodiscard]] Result<Command> read(const CLI::App& app) const;

 private:
  SummaryCommand summary_;
};

}  // namespace flowgauge
