// The commands `flowgauge profile ...`. Declared before the parse, read behind it; the object must stay where it is in
// between.
#pragma once

#include <CLI/App.hpp>

#include "core/app/command.h"
#include "core/app/setting_options.h"
#include "core/base/result.h"

namespace flowgauge {

class ProfileOptions {
 public:
  void declare(CLI::App& app);
  [[nodiscard]] Result<Command> read(const CLI::App& app);

 private:
  void declare_check(CLI::App& app);
  void declare_explain(CLI::App& app);
  [[nodiscard]] Result<Command> read_check();
  [[nodiscard]] Result<Command> read_explain();

  CLI::App* check_app_ = nullptr;
  ProfileCheckCommand check_;
  SettingOptions check_settings_;
  CLI::App* explain_app_ = nullptr;
  ProfileExplainCommand explain_;
  SettingOptions explain_settings_;
};

}  // namespace flowgauge
