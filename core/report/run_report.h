// What a run did, for people and as JSON (docs/run-report.md has every field).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/flow/vlan_halves.h"
#include "core/packet/ledger.h"
#include "core/packet/run_clock.h"
#include "core/plugin/module.h"
#include "core/report/live_report.h"
#include "core/report/output_report.h"
#include "core/report/shard_counters.h"

namespace flowgauge {

struct InputReport {
  std::string name;
  std::uint64_t size_bytes = 0;  // 0: not known
};

struct ModuleReport {
  std::string name;
  std::string version;
  std::string path;
  std::string sha256;
  std::vector<UsedLibrary> libraries{};  // that it brought
};

// What the rules of a label file did.
struct LabelReport {
  struct Rule {
    int line = 0;  // of the file
    std::string label;
    std::uint64_t rows = 0;
  };
  std::string path;
  std::string sha256;
  std::vector<std::string> columns;
  std::vector<Rule> rules;  // in the order of the file
  std::uint64_t rows_without = 0;
};

// Conversations whose directions carry different VLANs, each with a row of its own (semantics 2).
struct VlanHalvesReport {
  std::uint64_t conversations = 0;
  bool is_estimate = false;  // from a sample

  void add(const VlanHalvesFound& found);
};

struct RunReport {
  ExitCode exit_code = ExitCode::kOk;
  std::vector<Error> problems;  // whole messages, in order; the exit code is the gravest one's
  std::vector<std::string> warnings;
  bool interrupted = false;
  bool reader_gone = false;          // whoever read an output closed it
  std::optional<Error> not_written;  // what kept this report from its file; the exit code does not count it

  std::optional<LiveReport> live;  // of a live run

  Ledger ledger;
  ClockCounters clock;  // of capture files
  ShardCounters counters;
  VlanHalvesReport vlan_halves;
  std::vector<InputReport> inputs;
  std::vector<OutputReport> outputs;
  std::vector<ModuleReport> modules;
  std::optional<LabelReport> labels;  // of all tables together: they hold the same rows
  std::vector<std::string> profile_files;
  std::string profile_hash;
  std::optional<std::uint64_t> hash_seed;  // of the partitions, where it is not the fixed one
  std::string partitions;                  // whose flows were kept, as "0-63"; empty: all
  std::uint32_t threads = 1;
  std::chrono::nanoseconds elapsed{0};
  std::uint64_t peak_memory_bytes = 0;

  // Packets in flows by the flows' own count, by the rows', and by what the source handed over: all equal, unless an
  // output or a plugin failed. Live, what was seen is also what a full ring lost.
  [[nodiscard]] bool ledger_balances() const;
  // Than packets before them: what files count, and what live lanes do.
  [[nodiscard]] std::uint64_t older_packets() const;
  [[nodiscard]] double packets_per_second() const;
};

// Of several failures: what weighs most (docs/exit-codes.md).
[[nodiscard]] ExitCode exit_code_of(const RunReport& report);

// A few lines for a terminal, with a newline at the end.
[[nodiscard]] std::string report_text(const RunReport& report);
[[nodiscard]] std::string report_json(const RunReport& report);

// The largest resident set of this process so far.
[[nodiscard]] std::uint64_t peak_memory_bytes();

}  // namespace flowgauge
