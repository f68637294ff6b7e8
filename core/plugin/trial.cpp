#include "core/plugin/trial.h"

#include <dlfcn.h>
#include <sys/wait.h>

#include <cstring>
#include <string>

#include "core/plugin/child_process.h"
#include "core/plugin/guarded.h"
#include "core/plugin/host_services.h"

namespace flowgauge {
namespace {

// What the child tells: one letter for each step it has come to, then perhaps a text.
constexpr std::string_view kCreating = "c";
constexpr std::string_view kDestroying = "d";
constexpr std::string_view kDone = "\n";     // in no message: those are one line
constexpr std::string_view kRefused = "\r";  // the text follows

void create_and_destroy(const ActiveFeature& active, ChildPipe pipe) {
  const Feature& feature = *active.feature;
  const RunningCall call{origin_of(feature).c_str(), feature.name.c_str(), "create"};
  const fg_create create{sizeof(fg_create), 0, &plugin_host(), active.options.values().data()};
  void* instance = nullptr;
  pipe.tell(kCreating);
  const fg_status status = guarded(call, [&] { return feature.table.create(&create, &instance); });
  if (status != FG_OK) {
    pipe.tell(kRefused);
    pipe.tell(last_plugin_error());
    return;
  }
  pipe.tell(kDestroying);
  feature.table.destroy(instance);
  pipe.tell(kDone);
}

// "crashed in WHERE (signal 6, Aborted)", "did not finish WHERE within 10 s": of an end that was not done.
std::string failure_of(const ChildEnd& end, std::string_view where, std::chrono::milliseconds limit) {
  if (!end.in_time) return fmt::format("did not finish {} within {}", where, limit_text(limit));
  if (WIFSIGNALED(end.status))
    return fmt::format("crashed in {} (signal {}, {})", where, WTERMSIG(end.status), ::strsignal(WTERMSIG(end.status)));
  return fmt::format("ended the process in {} (exit code {})", where, WEXITSTATUS(end.status));
}

}  // namespace

Result<void> try_feature(const ActiveFeature& active, std::chrono::milliseconds limit) {
  const std::string& path = origin_of(*active.feature);
  const std::string& name = active.feature->name;
  const auto end = run_in_child([&](ChildPipe pipe) { create_and_destroy(active, pipe); }, {.time = limit}, kDone);
  if (!end) return fail(end.error().code, "{}: feature '{}' {}", path, name, end.error().message);
  if (const std::size_t refused = end->told.find(kRefused); refused != std::string::npos) {
    const std::string text = end->told.substr(refused + 1);
    return fail(ExitCode::kPlugin,
                "{}: feature '{}' cannot start: {}; check its options, or leave it out of the profile", path, name,
                text.empty() ? "it did not say why" : text);
  }
  if (end->told.ends_with(kDone)) return {};
  return fail(ExitCode::kPlugin,
              "{}: feature '{}' {} in a trial before the run; leave it out of the profile, or tell its author", path,
              name, failure_of(*end, end->told.ends_with(kDestroying) ? "destroy" : "create", limit));
}

Result<void> try_given_features(std::span<const ActiveFeature> active, std::chrono::milliseconds limit) {
  for (const ActiveFeature& one : active) {
    if (one.feature->module == nullptr || one.feature->module->origin != Origin::kGiven) continue;
    if (auto tried = try_feature(one, limit); !tried) return tried;
  }
  return {};
}

Result<void> try_loading(const std::string& opened_path, const std::string& path, std::chrono::milliseconds limit) {
  const auto load = [&](ChildPipe pipe) {
    try {
      // That it cannot be loaded is for the host to find out: there it has its own sentence.
      (void)::dlopen(opened_path.c_str(), RTLD_NOW | RTLD_LOCAL);
      pipe.tell(kDone);
    } catch (...) {
      pipe.tell(kRefused);
    }
  };
  const auto end = run_in_child(load, {.time = limit}, kDone);
  if (!end) return fail(end.error().code, "{}: {}", path, end.error().message);
  if (end->told.ends_with(kDone)) return {};
  constexpr std::string_view where = "the constructors of its static objects";
  return fail(
      ExitCode::kPlugin, "{}: {} in a trial; a plugin is data until create is called: leave it out, or tell its author",
      path,
      end->told.ends_with(kRefused) ? fmt::format("threw an exception in {}", where) : failure_of(*end, where, limit));
}

}  // namespace flowgauge
