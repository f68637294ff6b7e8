// The commands `flowgauge plugin ...`, for those who write plugins. Declared before the parse, read behind it; the
// object must stay where it is in between.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "core/app/command.h"
#include "core/base/result.h"

namespace flowgauge {

class PluginOptions {
 public:
  void declare(CLI::App& app);
  [[nodiscard]] Result<Command> read(const CLI::App& app);

 private:
  void declare_new(CLI::App& app);
  void declare_info(CLI::App& app);
  void declare_check(CLI::App& app);
  void declare_trial(CLI::App& app);
  [[nodiscard]] Command read_new();
  [[nodiscard]] Result<Command> read_check();

  CLI::App* new_app_ = nullptr;
  PluginNewCommand new_;
  bool new_schema_ = false, new_derived_ = false, new_sink_ = false, new_c_ = false, new_rust_ = false;
  CLI::App* info_app_ = nullptr;
  PluginInfoCommand info_;
  CLI::App* check_app_ = nullptr;
  PluginCheckCommand check_;
  std::string seed_;
  CLI::App* trial_app_ = nullptr;
  PluginTrialCommand trial_;
  std::vector<std::string> option_texts_;
};

}  // namespace flowgauge
