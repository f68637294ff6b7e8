#include "core/engine/run_parts.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/base/log.h"
#include "core/base/text.h"

namespace flowgauge {
namespace {

// Of several failures: rows that are not there weigh most, an input that ended early least (docs/exit-codes.md).
ExitCode exit_code_of(const RunReport& report) {
  const auto has = [&](ExitCode code) {
    return std::ranges::any_of(report.problems, [code](const Error& problem) { return problem.code == code; });
  };
  if (has(ExitCode::kMemory)) return ExitCode::kMemory;
  if (has(ExitCode::kOutput)) return ExitCode::kOutput;
  if (has(ExitCode::kPlugin)) return ExitCode::kPlugin;
  if (report.interrupted) return ExitCode::kInterrupted;
  return report.problems.empty() ? ExitCode::kOk : report.problems.front().code;
}

constexpr std::size_t kRulesNamed = 10;

// Rules that labelled nothing: most often a wrong time zone, or an address seen from behind a translation.
std::string unmatched_text(const LabelReport& labels) {
  std::vector<std::string> named;
  std::size_t unmatched = 0;
  for (const LabelReport::Rule& rule : labels.rules) {
    if (rule.rows != 0) continue;
    if (++unmatched <= kRulesNamed) named.push_back(fmt::format("line {} ({})", rule.line, printable(rule.label)));
  }
  if (unmatched == 0) return {};
  return fmt::format("{}: {} of {} labelled no row: {}{}; are its times, time zone and addresses those of the capture?",
                     labels.path, with_thousands(unmatched), counted(labels.rules.size(), "rule"), join(named),
                     unmatched > kRulesNamed ? ", ..." : "");
}

void warn_of_unmatched_rules(RunReport& report) {
  if (std::string unmatched = unmatched_text(*report.labels); !unmatched.empty())
    report.warnings.push_back(std::move(unmatched));
}

}  // namespace

// The memory that max_flows can take, before the first packet needs it.
void show_memory(const Plan& plan) {
  constexpr std::uint64_t kBesideRecords = 72;  // slots at their lowest load, timer links, free list, ended flows
  const std::uint64_t most = plan.rules.max_flows * (plan.layout.size_bytes + kBesideRecords);
  const auto installed =
      static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const bool more = std::ranges::any_of(
      plan.active, [](const ActiveFeature& active) { return active.feature->table.release != nullptr; });
  const std::string room =
      fmt::format("room for {} flows of {} bytes: at most {} of memory{}", with_thousands(plan.rules.max_flows),
                  plan.layout.size_bytes, human_bytes(most), more ? ", besides what features keep of some flows" : "");
  if (most > installed)
    log_warning("{}, but this machine has {}; lower flow.max_flows in the profile", room, human_bytes(installed));
  else if (::isatty(STDERR_FILENO) == 1)  // for who watches; nothing where messages are collected
    log_info("{}", room);
}

void describe_setup(const Plan& plan, RunReport& report) {
  for (const Module* module : plan.modules.modules())
    report.modules.push_back({module->name, module->version, module->path, module->sha256});
  report.profile_files = plan.profile.files;
  report.profile_hash = plan.profile_hash;
  if (!plan.partitions.is_all()) report.partitions = partitions_text(plan.partitions);
  report.threads = plan.threads;
}

LabelReport label_report(const PlannedLabels& labels, const LabelCounters& counters) {
  LabelReport made{labels.file.path, labels.file.sha256, labels.file.columns, {}, counters.rows_without};
  for (std::size_t i = 0; i < labels.file.rules.size(); ++i) {
    const LabelRule& rule = labels.file.rules[i];
    const std::uint64_t rows = i < counters.rows_by_rule.size() ? counters.rows_by_rule[i] : 0;
    made.rules.push_back({rule.line, rule.texts.front(), rows});
  }
  return made;
}

void complete_report(const Plan& plan, std::chrono::steady_clock::time_point begin, RunReport& report) {
  if (plan.labels) {
    report.labels = label_report(*plan.labels, report.counters.labels);
    warn_of_unmatched_rules(report);
  }
  for (const auto& [column, cells] : report.counters.not_finite)
    report.warnings.push_back(not_finite_text(column, cells));
  report.elapsed = std::chrono::steady_clock::now() - begin;
  report.peak_memory_bytes = peak_memory_bytes();
  report.exit_code = exit_code_of(report);
}

}  // namespace flowgauge
