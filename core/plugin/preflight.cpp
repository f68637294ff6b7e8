#include "core/plugin/preflight.h"

#include <dlfcn.h>
#include <sys/wait.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>

#include "core/base/program_file.h"
#include "core/plugin/child_process.h"
#include "core/plugin/trial_request.h"
#include "core/plugin/trial_steps.h"

namespace flowgauge {
namespace {

// "crashed in WHERE (signal 6, Aborted)", "did not finish WHERE within 10 s": of an end that was not done.
std::string failure_of(const ChildEnd& end, std::string_view where, std::chrono::milliseconds limit) {
  if (!end.in_time) return fmt::format("did not finish {} within {}", where, limit_text(limit));
  if (WIFSIGNALED(end.status))
    return fmt::format("crashed in {} (signal {}, {})", where, WTERMSIG(end.status), ::strsignal(WTERMSIG(end.status)));
  return fmt::format("ended the process in {} (exit code {})", where, WEXITSTATUS(end.status));
}

// How often the child has come to a step, before any text.
std::size_t steps(std::string_view told, std::string_view step) {
  const std::string_view letters = told.substr(0, told.find(kTrialRefused));
  return static_cast<std::size_t>(std::ranges::count(letters, step.front()));
}

std::unexpected<Error> feature_failure(const Feature& feature, const ChildEnd& end, std::chrono::milliseconds limit) {
  const std::string& path = origin_of(feature);
  if (const std::size_t refused = end.told.find(kTrialRefused); refused != std::string::npos) {
    const std::string text = end.told.substr(refused + 1);
    return fail(ExitCode::kPlugin,
                "{}: feature '{}' cannot start: {}; check its options, or leave it out of the profile", path,
                feature.name, text.empty() ? "it did not say why" : text);
  }
  return fail(ExitCode::kPlugin,
              "{}: feature '{}' {} in a trial before the run; leave it out of the profile, or tell its author", path,
              feature.name, failure_of(end, end.told.ends_with(kTrialDestroying) ? "destroy" : "create", limit));
}

Error load_failure(const std::string& path, const ChildEnd& end, std::chrono::milliseconds limit) {
  constexpr std::string_view where = "the constructors of its static objects";
  const std::string what = end.told.ends_with(kTrialRefused) ? fmt::format("threw an exception in {}", where)
                                                             : failure_of(end, where, limit);
  return {ExitCode::kPlugin,
          fmt::format("{}: {} in a trial; a plugin is data until create is called: leave it out, or tell its author",
                      path, what)};
}

// The program that tries: named, of the environment, of this installation, or in PATH.
std::string program_of(const PluginTrial& trial) {
  if (!trial.program.empty()) return trial.program;
  if (const char* named = ::secure_getenv("FLOWGAUGE_PROGRAM"); named != nullptr && *named != '\0') return named;
  const std::filesystem::path own = program_file();
  std::error_code error;
  return std::filesystem::exists(own, error) ? own.string() : "flowgauge";
}

// The descriptors that the paths go through.
std::vector<int> descriptors_of(std::span<const std::string> opened_paths) {
  constexpr std::string_view prefix = "/proc/self/fd/";
  std::vector<int> descriptors;
  for (const std::string_view path : opened_paths) {
    int number = 0;
    if (!path.starts_with(prefix)) continue;
    const std::string_view digits = path.substr(prefix.size());
    if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec == std::errc())
      descriptors.push_back(number);
  }
  return descriptors;
}

Result<ChildEnd> run_program(const PluginTrial& trial, std::string lines, std::span<const std::string> opened_paths,
                             std::chrono::milliseconds limit) {
  const SpawnedChild child{program_of(trial), {"plugin", "trial"}, std::move(lines), descriptors_of(opened_paths)};
  return run_spawned(child, {.time = limit}, kTrialDone);
}

// By what name the library was opened: of one that is loaded the linker knows it.
std::string opened_path_of(const Feature& feature) {
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void*>(feature.table.create), &info) == 0) return {};
  return info.dli_fname;
}

Result<ChildEnd> create_in_child(std::span<const ActiveFeature* const> features, const PluginTrial& trial,
                                 std::chrono::milliseconds limit) {
  if (trial.how == PluginTrial::How::kFork)
    return run_in_child(
        [&](ChildPipe pipe) {
          for (const ActiveFeature* one : features)
            if (!try_creating(*one, pipe)) return;
          pipe.tell(kTrialDone);
        },
        {.time = limit}, kTrialDone);
  std::string lines;
  std::vector<std::string> opened;
  for (const ActiveFeature* one : features) {
    opened.push_back(opened_path_of(*one->feature));
    lines += create_line(opened.back(), *one);
  }
  return run_program(trial, std::move(lines), opened, limit);
}

Result<ChildEnd> load_in_child(std::span<const LoadTrial> libraries, const PluginTrial& trial,
                               std::chrono::milliseconds limit) {
  std::vector<std::string> opened;
  for (const LoadTrial& library : libraries) opened.push_back(library.opened_path);
  if (trial.how == PluginTrial::How::kSpawn) return run_program(trial, load_lines(opened), opened, limit);
  return run_in_child(
      [&](ChildPipe pipe) {
        for (const std::string& path : opened)
          if (!try_loading(path, pipe)) return;
        pipe.tell(kTrialDone);
      },
      {.time = limit}, kTrialDone);
}

}  // namespace

Result<void> try_features(std::span<const ActiveFeature> active, const PluginTrial& trial,
                          std::chrono::milliseconds limit) {
  if (trial.how == PluginTrial::How::kNone) return {};
  std::vector<const ActiveFeature*> of_modules;
  for (const ActiveFeature& one : active)
    if (one.feature->module != nullptr) of_modules.push_back(&one);
  if (of_modules.empty()) return {};
  const auto end = create_in_child(of_modules, trial, limit);
  if (!end) return fail(end.error().code, "the plugins {}", end.error().message);
  if (end->told.ends_with(kTrialDone)) return {};
  // Whose call it was: the one that began last.
  const std::size_t begun = std::max<std::size_t>(steps(end->told, kTrialCreating), 1);
  return feature_failure(*of_modules[begun - 1]->feature, *end, limit);
}

std::vector<Result<void>> try_loading(std::span<const LoadTrial> libraries, const PluginTrial& trial,
                                      std::chrono::milliseconds limit) {
  std::vector<Result<void>> results;
  if (trial.how == PluginTrial::How::kNone) results.resize(libraries.size());
  while (results.size() < libraries.size()) {
    const auto rest = libraries.subspan(results.size());
    const auto end = load_in_child(rest, trial, limit);
    if (!end) {
      results.emplace_back(fail(end.error().code, "{}: {}", rest.front().path, end.error().message));
      continue;
    }
    const bool done = end->told.ends_with(kTrialDone);
    const std::size_t begun = std::max<std::size_t>(steps(end->told, kTrialLoading), 1);
    results.resize(results.size() + (done ? begun : begun - 1));
    // A child that has failed tries no more: the next one goes on behind what it failed at.
    if (!done) results.emplace_back(std::unexpected(load_failure(rest[begun - 1].path, *end, limit)));
  }
  return results;
}

}  // namespace flowgauge
