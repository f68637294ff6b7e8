// The commands that list what there is: `flowgauge plugins` and `flowgauge columns`. Declared before the parse, read
// behind it; the objects must stay where they are in between.
#pragma once

#include <CLI/App.hpp>

#include "core/app/command.h"
#include "core/base/result.h"

namespace flowgauge {

class PluginsOptions {
 public:
  void declare(CLI::App& app);
  [[nodiscard]] Result<Command> read(const CLI::App& app);

 private:
  PluginsCommand plugins_;
  bool json_ = false, markdown_ = false;
};

class ColumnsOptions {
 public:
  void declare(CLI::App& app);
  [[nodiscard]] Result<Command> read(const CLI::App& app);

 private:
  ColumnsCommand columns_;
  bool json_ = false, markdown_ = false;
};

}  // namespace flowgauge
