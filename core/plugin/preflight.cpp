#include "core/plugin/preflight.h"

#include <dlfcn.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "core/plugin/child_process.h"
#include "core/plugin/guarded_call.h"
#include "core/plugin/host_services.h"

namespace flowgauge {
namespace {

// What the child tells: letters for each step it has come to, then perhaps a text.
constexpr std::string_view kLoading = "l";
constexpr std::string_view kCreating = "c";
constexpr std::string_view kDestroying = "d";
constexpr std::string_view kDone = "\n";     // in no message: those are one line
constexpr std::string_view kRefused = "\r";  // the text follows

enum class Went : std::uint8_t { kWell, kWrong };

Went create_and_destroy(const ActiveFeature& active, ChildPipe pipe) {
  const Feature& feature = *active.feature;
  const RunningCall call{origin_of(feature).c_str(), feature.name.c_str(), "create"};
  const fg_create create{sizeof(fg_create), 0, &plugin_host(), active.options.values().data()};
  void* instance = nullptr;
  pipe.tell(kCreating);
  const fg_status status = guarded(call, [&] { return feature.table.create(&create, &instance); });
  if (status != FG_OK) {
    pipe.tell(kRefused);
    pipe.tell(last_plugin_error());
    return Went::kWrong;
  }
  pipe.tell(kDestroying);
  feature.table.destroy(instance);
  return Went::kWell;
}

// "crashed in WHERE (signal 6, Aborted)", "did not finish WHERE within 10 s": of an end that was not done.
std::string failure_of(const ChildEnd& end, std::string_view where, std::chrono::milliseconds limit) {
  if (!end.in_time) return fmt::format("did not finish {} within {}", where, limit_text(limit));
  if (WIFSIGNALED(end.status))
    return fmt::format("crashed in {} (signal {}, {})", where, WTERMSIG(end.status), ::strsignal(WTERMSIG(end.status)));
  return fmt::format("ended the process in {} (exit code {})", where, WEXITSTATUS(end.status));
}

// How often the child has come to a step, before any text.
std::size_t steps(std::string_view told, std::string_view step) {
  const std::string_view letters = told.substr(0, told.find(kRefused));
  return static_cast<std::size_t>(std::ranges::count(letters, step.front()));
}

std::unexpected<Error> feature_failure(const Feature& feature, const ChildEnd& end, std::chrono::milliseconds limit) {
  const std::string& path = origin_of(feature);
  if (const std::size_t refused = end.told.find(kRefused); refused != std::string::npos) {
    const std::string text = end.told.substr(refused + 1);
    return fail(ExitCode::kPlugin,
                "{}: feature '{}' cannot start: {}; check its options, or leave it out of the profile", path,
                feature.name, text.empty() ? "it did not say why" : text);
  }
  return fail(ExitCode::kPlugin,
              "{}: feature '{}' {} in a trial before the run; leave it out of the profile, or tell its author", path,
              feature.name, failure_of(end, end.told.ends_with(kDestroying) ? "destroy" : "create", limit));
}

Error load_failure(const std::string& path, const ChildEnd& end, std::chrono::milliseconds limit) {
  constexpr std::string_view where = "the constructors of its static objects";
  const std::string what =
      end.told.ends_with(kRefused) ? fmt::format("threw an exception in {}", where) : failure_of(end, where, limit);
  return {ExitCode::kPlugin,
          fmt::format("{}: {} in a trial; a plugin is data until create is called: leave it out, or tell its author",
                      path, what)};
}

void load_each(std::span<const LoadTrial> libraries, ChildPipe pipe) {
  for (const LoadTrial& library : libraries) {
    pipe.tell(kLoading);
    try {
      // That it cannot be loaded is for the host to find out: there it has its own sentence.
      (void)::dlopen(library.opened_path.c_str(), RTLD_NOW | RTLD_LOCAL);
    } catch (...) {
      pipe.tell(kRefused);
      return;
    }
  }
  pipe.tell(kDone);
}

}  // namespace

Result<void> try_features(std::span<const ActiveFeature> active, const PluginTrial& trial,
                          std::chrono::milliseconds limit) {
  if (trial.how == PluginTrial::How::kNone) return {};
  std::vector<const ActiveFeature*> of_modules;
  for (const ActiveFeature& one : active)
    if (one.feature->module != nullptr) of_modules.push_back(&one);
  if (of_modules.empty()) return {};
  const auto create_each = [&](ChildPipe pipe) {
    for (const ActiveFeature* one : of_modules)
      if (create_and_destroy(*one, pipe) == Went::kWrong) return;
    pipe.tell(kDone);
  };
  const auto end = run_in_child(create_each, {.time = limit}, kDone);
  if (!end) return fail(end.error().code, "the plugins {}", end.error().message);
  if (end->told.ends_with(kDone)) return {};
  // Whose call it was: the one that began last.
  const std::size_t begun = std::max<std::size_t>(steps(end->told, kCreating), 1);
  return feature_failure(*of_modules[begun - 1]->feature, *end, limit);
}

std::vector<Result<void>> try_loading(std::span<const LoadTrial> libraries, const PluginTrial& trial,
                                      std::chrono::milliseconds limit) {
  std::vector<Result<void>> results;
  if (trial.how == PluginTrial::How::kNone) results.resize(libraries.size());
  while (results.size() < libraries.size()) {
    const auto rest = libraries.subspan(results.size());
    const auto end = run_in_child([rest](ChildPipe pipe) { load_each(rest, pipe); }, {.time = limit}, kDone);
    if (!end) {
      results.emplace_back(fail(end.error().code, "{}: {}", rest.front().path, end.error().message));
      continue;
    }
    const bool done = end->told.ends_with(kDone);
    const std::size_t begun = std::max<std::size_t>(steps(end->told, kLoading), 1);
    results.resize(results.size() + (done ? begun : begun - 1));
    // A child that has failed tries no more: the next one goes on behind what it failed at.
    if (!done) results.emplace_back(std::unexpected(load_failure(rest[begun - 1].path, *end, limit)));
  }
  return results;
}

}  // namespace flowgauge
