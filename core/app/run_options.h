// The options of the commands that run: pcap and realtime, which share most of them. Declared before the parse, read behind
// it; the object must stay where it is in between.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "core/app/command.h"
#include "core/app/key_flags.h"
#include "core/base/result.h"

namespace flowgauge {

void add_plugin_flags(CLI::App& app, PluginFlags& flags);

// Texts of the options that both have.
struct RunTexts {
  std::string output, max_packets;
  std::vector<std::string> keys = std::vector<std::string>(key_flags().size());  // of each flag of key_flags()
  bool header = true;
};

class PcapOptions {
 public:
  void declare(CLI::App& app);
  [[nodiscard]] Result<Command> read(const CLI::App& app);

 private:
  PcapCommand command_;
  RunTexts texts_;
  std::string threads_, partitions_;
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
