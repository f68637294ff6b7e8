#include "core/plugin/preflight.h"

#include <dlfcn.h>
#include <sys/wait.h>

#include <cstring>
#include <string>
#include <utility>

#include "core/base/text.h"
#include "core/plugin/child_process.h"
#include "core/plugin/opened_path.h"
#include "core/plugin/process_state.h"
#include "core/plugin/trial_request.h"

namespace flowgauge {
namespace {

using How = TrialEnd::How;

constexpr std::string_view kOutOfMemory = "out of memory";

// Where one of our limits may have been the reason: which it was, and that it can be changed.
struct LimitNote {
  std::string what;  // ", of which a trial has 4 GiB"
  std::string mend;  // "give it more with trial.memory, "
};

LimitNote note_of(const TrialEnd& end, const TrialLimits& limits) {
  if (end.how == How::kLate) return {"", "give it more with trial.time, "};
  if (limits.memory_bytes == 0) return {};
  const std::string has = size_text(limits.memory_bytes);
  constexpr const char* kMend = "give it more with trial.memory, ";
  if (end.how == How::kRefused && end.text == kOutOfMemory)
    return {fmt::format(", of which a trial has {}", has), kMend};
  if (end.how == How::kEnded && end.is_short_of_memory) return {fmt::format(", which has {} of memory", has), kMend};
  return {};
}

std::string time_text(const TrialLimits& limits) {
  return limit_text(std::chrono::milliseconds(limits.time_ns / 1'000'000));
}

// "crashed in WHERE (signal 6, Aborted)", "did not finish WHERE within 10 s": of an end that was not done.
std::string failure_of(const TrialEnd& end, std::string_view where, const TrialLimits& limits) {
  if (end.how == How::kLate) return fmt::format("did not finish {} within {}", where, time_text(limits));
  if (WIFSIGNALED(end.status))
    return fmt::format("crashed in {} (signal {}, {})", where, WTERMSIG(end.status), ::strsignal(WTERMSIG(end.status)));
  if (WEXITSTATUS(end.status) == kExitWithoutDescriptors) return fmt::format("{} in {}", kClosedDescriptors, where);
  return fmt::format("ended the process in {} (exit code {})", where, WEXITSTATUS(end.status));
}

std::unexpected<Error> feature_failure(const Feature& feature, const TrialEnd& end, const TrialLimits& limits) {
  const std::string& path = origin_of(feature);
  const LimitNote note = note_of(end, limits);
  const bool is_destroyed = end.step == TrialWord::kDestroying;
  if (end.how == How::kRefused) {
    const std::string why = (end.text.empty() ? "it did not say why" : end.text) + note.what;
    if (is_destroyed)
      return fail(ExitCode::kPlugin,
                  "{}: feature '{}' failed in destroy in a trial before the run: {}; {}leave it out of the profile, or "
                  "tell {}",
                  path, feature.name, why, note.mend, author_of(feature.module));
    return fail(ExitCode::kPlugin,
                "{}: feature '{}' cannot start: {}; {}check its options, or leave it out of the profile", path,
                feature.name, why, note.mend);
  }
  return fail(ExitCode::kPlugin,
              "{}: feature '{}' {} in a trial before the run{}; {}leave it out of the profile, or tell {}", path,
              feature.name, failure_of(end, is_destroyed ? "destroy" : "create", limits), note.what, note.mend,
              author_of(feature.module));
}

Error load_failure(const std::string& path, const TrialEnd& end, const TrialLimits& limits) {
  constexpr std::string_view where = "the constructors of its static objects";
  const LimitNote note = note_of(end, limits);
  std::string what = failure_of(end, where, limits);
  if (end.how == How::kRefused)
    what =
        fmt::format("{} in {}", end.text == kItWroteToDescriptors ? kWroteToDescriptors : "threw an exception", where);
  return {
      ExitCode::kPlugin,
      fmt::format("{}: {} in a trial{}; a plugin is data until create is called: {}leave it out, or tell its author",
                  path, what, note.what, note.mend)};
}

// By what name the library was opened: of one that is loaded the linker knows it.
std::string path_of_library(const Feature& feature) {
  Dl_info info{};
  if (::dladdr(reinterpret_cast<const void*>(feature.table.create), &info) == 0) return {};
  return info.dli_fname;
}

}  // namespace

Result<TrialEnd> Trial::ask(const std::string& request, const std::string& opened_path) {
  if (request.size() > kTrialMessageBytes)
    return fail(ExitCode::kPlugin, "cannot be tried (its options are longer than {} bytes); shorten them",
                kTrialMessageBytes);
  if (process_ == nullptr || !process_->is_there()) {
    process_.reset();
    auto started = TrialProcess::start(where_);
    if (!started) return std::unexpected(started.error());
    process_ = std::move(*started);
  }
  TrialEnd end = process_->ask(request, descriptor_of(opened_path));
  if (end.how == How::kEnded || end.how == How::kLate) process_.reset();
  return end;
}

std::vector<Result<void>> Trial::load(std::span<const LoadTrial> libraries) {
  std::vector<Result<void>> results;
  for (const LoadTrial& library : libraries) {
    if (where_.how == PluginTrial::How::kNone) {
      results.emplace_back();
      continue;
    }
    const auto end = ask(request_to_load(library.opened_path), library.opened_path);
    if (!end)
      results.emplace_back(fail(end.error().code, "{}: {}", library.path, end.error().message));
    else if (end->how != How::kDone)
      results.emplace_back(std::unexpected(load_failure(library.path, *end, where_.limits)));
    else
      results.emplace_back();
  }
  return results;
}

Result<LoadedTable> Trial::table_of(const LoadTrial& library) {
  const auto end = ask(request_to_load(library.opened_path), library.opened_path);
  if (!end) return fail(end.error().code, "{}: {}", library.path, end.error().message);
  if (end->how != How::kDone) return std::unexpected(load_failure(library.path, *end, where_.limits));
  auto table = parse_loaded_table(end->text);
  if (!table)
    return fail(ExitCode::kPlugin, "{}: ends the trial of it with an answer of its own; tell its author", library.path);
  return *table;
}

MemoryReader::Fetch Trial::pages() {
  return [this](std::uintptr_t address, ReadPage& page) {
    if (process_ == nullptr || !process_->is_there()) return false;
    const auto end = ask(request_for_page(address), {});
    if (!end || end->how != How::kDone || end->text.size() != page.size()) return false;
    std::memcpy(page.data(), end->text.data(), page.size());
    return true;
  };
}

Result<void> Trial::create(std::span<const ActiveFeature> active) {
  if (where_.how == PluginTrial::How::kNone) return {};
  for (const ActiveFeature& one : active) {
    if (one.feature->module == nullptr) continue;
    // In the process at hand, which is another one where an earlier one has ended.
    for (const UsedLibrary& library : one.feature->module->libraries) {
      if (library.opened_path.empty()) continue;
      const LoadTrial needed{library.opened_path, library.path};
      if (const auto loaded = load({&needed, 1}).front(); !loaded) return loaded;
    }
    const std::string opened_path = path_of_library(*one.feature);
    const auto end = ask(request_to_create(opened_path, one), opened_path);
    if (!end) return fail(end.error().code, "the plugins {}", end.error().message);
    if (end->how != How::kDone) return feature_failure(*one.feature, *end, where_.limits);
  }
  return {};
}

}  // namespace flowgauge
