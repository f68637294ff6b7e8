#include "core/engine/run_parts.h"

#include <algorithm>
#include <utility>

#include "core/base/text.h"

namespace flowgauge {
namespace {

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

void describe_setup(const Plan& plan, RunReport& report) {
  for (const Module* module : plan.modules.modules())
    report.modules.emplace_back(module->name, module->version, module->path, module->sha256, module->libraries);
  report.profile_files = plan.profile.files;
  report.profile_hash = plan.profile_hash;
  if (!plan.partitions.is_all()) report.partitions = partitions_text(plan.partitions);
  report.hash_seed = plan.rules.hash_seed;
  report.threads = plan.threads;
}

void add_problem(const std::optional<Error>& problem, RunReport& report) {
  if (!problem) return;
  const bool is_known = std::ranges::find(report.problems, problem->message, &Error::message) != report.problems.end();
  if (!is_known) report.problems.push_back(*problem);
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
  for (const auto& [column, note] : report.counters.cell_notes) {
    for (std::string& text : note_texts(column, note)) report.warnings.push_back(std::move(text));
  }
  report.elapsed = std::chrono::steady_clock::now() - begin;
  report.peak_memory_bytes = peak_memory_bytes();
  if (report.live) report.peak_memory_bytes -= std::min(report.peak_memory_bytes, report.live->mapped_twice_bytes);
  report.exit_code = exit_code_of(report);
}

}  // namespace flowgauge
