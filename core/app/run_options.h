// The options of the commands that run: pcap and realtime, which share most of them. Declared before the parse, read behind
// it; the object must stay where it is in between.
#pragma once

#include <CLI/App.hpp>
#include <string>

#include "core/app/command.h"
#include "core/base/result.h"

namespace flowgauge {

void add_plugin_flags(CLI::App& app, PluginFlags& flags);

// Texts of the options that both have.
struct RunTexts {
  std::string output, active_timeout, idle_timeout, early_export, max_packets;
  bool header = true;
};

class PcapOptions {
 public:
  void declare(CLI::App& app);
  [[nodiscard]] Result<Command> read(const CLI::App& app);

 private:
  PcapCommand command_;
  RunTexts texts_;
  std::string threads_;
};

class RealtimeOptions {
 public:
  void declare(CLI::App& app);
  [[nodiscard]] Result<Command> read(const CLI::App& app);

 private:
  Result<void> read_live(const CLI::App& app);

  RealtimeCommand command_;
  RunTexts texts_;
  std::string capture_, attach_, rings_, ring_size_, duration_, stats_interval_;
};

}  // namespace flowgauge
