// The options of the commands that run: pcap and realtime, which share most of them. Declared before the parse, read
// behind it; the object must stay where it is in between.
#pragma once

#include <CLI/App.hpp>
#include <string>

#include "core/app/command.h"
#include "core/app/setting_options.h"
#include "core/base/result.h"

namespace flowgauge {

void add_plugin_flags(CLI::App& app, PluginFlags& flags);

// What both have, where the text is not yet the value.
struct RunTexts {
  std::string output, max_packets, rotate_interval, rotate_size;
  SettingOptions settings;
  bool header = true;
  bool view = true;
};

class PcapOptions {
 public:
  void declare(CLI::App& app);
  [[nodiscard]] Result<Command> read(const CLI::App& app);

 private:
  PcapCommand command_;
  RunTexts texts_;
  std::string partitions_;
};

// Of `flowgauge events` and `flowgauge flows`, the two stages of a run on several machines.
class EventsOptions {
 public:
  void declare(CLI::App& app);
  [[nodiscard]] Result<Command> read(const CLI::App& app);

 private:
  EventsCommand command_;
  RunTexts texts_;
  std::string number_, count_;
};

class FlowsOptions {
 public:
  void declare(CLI::App& app);
  [[nodiscard]] Result<Command> read(const CLI::App& app);

 private:
  FlowsCommand command_;
  RunTexts texts_;
  std::string partitions_;
};

class RealtimeOptions {
 public:
  void declare(CLI::App& app);
  [[nodiscard]] Result<Command> read(const CLI::App& app);

 private:
  RealtimeCommand command_;
  RunTexts texts_;
  std::string duration_;
};

}  // namespace flowgauge
