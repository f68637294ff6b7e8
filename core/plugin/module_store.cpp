#include "core/plugin/module_store.h"

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <exception>
#include <memory>
#include <new>
#include <utility>

#include "core/base/shown_text.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/plugin/current_call.h"
#include "core/plugin/float_state.h"
#include "core/plugin/host_services.h"
#include "core/plugin/loaded_modules.h"
#include "core/plugin/memory_reader.h"
#include "core/plugin/module_rules.h"
#include "core/plugin/preflight.h"
#include "core/plugin/process_state.h"

namespace flowgauge {
namespace {

// What Boost.DLL puts before the words of the dynamic linker.
constexpr std::string_view kDlerrorMark = "(dlerror system message: ";

// A library and the descriptor it was loaded through. Both stay for ever: plugins are not written to be unloaded,
// and the dynamic linker knows a library by its path, /proc/PID/fd/N, so that N must not be used again.
struct Loaded {
  FileDescriptor descriptor;
  boost::dll::shared_library library;
};

// It has to outlive everything else, destructors of static objects included. Under the lock of the process's modules.
Loaded* kept(std::unique_ptr<Loaded> library) {
  static auto& all = *new std::vector<Loaded*>;
  all.push_back(nullptr);
  return all.back() = library.release();
}

// Libraries linked with -ffast-math make numbers near zero flush to zero in a constructor. That is undone: none of
// their calls has begun.
class KeptFloatState {
 public:
  KeptFloatState() = default;
  KeptFloatState(const KeptFloatState&) = delete;
  KeptFloatState& operator=(const KeptFloatState&) = delete;
  ~KeptFloatState() {
    if (!state_.stands()) state_.restore();
  }

 private:
  FloatState state_ = FloatState::now();
};

// What the dynamic linker said, in terms of the file that the user knows.
std::string loader_reason(std::string_view what, const std::string& opened_path, const std::string& path) {
  if (const std::size_t at = what.find(kDlerrorMark); at != std::string_view::npos) {
    what.remove_prefix(at + kDlerrorMark.size());
    what = what.substr(0, what.rfind(')'));
  }
  if (const std::string prefix = opened_path + ": "; what.starts_with(prefix)) what.remove_prefix(prefix.size());
  return replaced(std::string(what), opened_path, path);
}

std::unexpected<Error> not_loaded(const std::string& path, std::string_view reason) {
  return fail(ExitCode::kPlugin, "{}: cannot be loaded ({}); install or link what it misses, or build it again", path,
              shown_text(reason));
}

// Names of symbols and libraries in a damaged file may hold anything.
Result<Candidate> candidate_of(const LoadRequest& request, JudgedLibraries& judged) {
  auto candidate = open_candidate(request, judged);
  if (!candidate) candidate.error().message = shown_text(candidate.error().message);
  return candidate;
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

struct LoadedLibrary {
  const fg_module* table;
  std::vector<UsedLibrary> libraries;
};

Result<LoadedLibrary> load_library(Candidate candidate) {
  const std::string opened_path = opened_path_of(candidate);
  TrustedFile file = std::move(candidate.file);
  const std::string name = file_name(file.path);
  const RunningCall call{file.path.c_str(), name.c_str(), "load"};
  const RunningScope scope(&call);  // its constructors run
  const KeptFloatState float_state;
  const KeptProcessState process_state;
  try {
    std::vector<UsedLibrary> libraries = TRY(load_needed_libraries(std::move(candidate.libraries), file.path));
    auto opened = std::make_unique<Loaded>();
    opened->descriptor = std::move(file.descriptor);
    opened->library.load(opened_path, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    return LoadedLibrary{&kept(std::move(opened))->library.get<const fg_module>(FG_MODULE_SYMBOL),
                         std::move(libraries)};
  } catch (const std::bad_alloc&) {
    throw;  // the plugin's matter it is not
  } catch (const std::exception& error) {
    return not_loaded(file.path, loader_reason(error.what(), opened_path, file.path));
  }
}

std::unexpected<Error> another_table(const std::string& path) {
  return fail(ExitCode::kPlugin, "{}: its fg_module is not the one that stands in the file; make it a constant", path);
}

// By any run of this process: then its constructors came to an end.
bool is_loaded(const LoadRequest& request, const Candidate& candidate) {
  LoadedModules& process = LoadedModules::of_process();
  const auto lock = process.lock();
  return process.find(request.path, candidate.sha256, request.origin) != nullptr;
}

}  // namespace

const Module* ModuleStore::loaded_from(const std::string& path, const Candidate& candidate) const {
  // The number of a file that is gone may be that of another one now.
  const auto same = [&](const Entry& entry) {
    return entry.path == path || (entry.device == candidate.file.device && entry.inode == candidate.file.inode &&
                                  entry.module->sha256 == candidate.sha256);
  };
  const auto found = std::ranges::find_if(entries_, same);
  return found == entries_.end() ? nullptr : found->module;
}

std::vector<ModuleStore::Prepared>::iterator ModuleStore::prepared_for(const LoadRequest& request) {
  return std::ranges::find_if(prepared_, [&request](const Prepared& one) {
    return one.request.path == request.path && one.request.sha256 == request.sha256;
  });
}

void ModuleStore::prepare(std::span<const LoadRequest> requests) {
  std::vector<std::size_t> untried;
  std::vector<LoadTrial> trials;
  for (const LoadRequest& request : requests) {
    if (prepared_for(request) != prepared_.end()) continue;
    const Prepared& one = prepared_.emplace_back(request, candidate_of(request, judged_));
    if (!one.candidate || loaded_from(request.path, *one.candidate) != nullptr || is_loaded(request, *one.candidate))
      continue;
    // With those that it needs before it; which of them failed is said by its own path.
    for (const NeededLibrary& library : one.candidate->libraries) {
      if (!library.is_loaded_first()) continue;
      untried.push_back(prepared_.size() - 1);
      trials.push_back({opened_path_of(library), library.path});
    }
    untried.push_back(prepared_.size() - 1);
    trials.push_back({opened_path_of(*one.candidate), request.path});
  }
  const std::vector<Result<void>> tried = trial_.load(trials);
  for (std::size_t i = tried.size(); i-- > 0;)  // the first failure of each decides
    if (!tried[i]) prepared_[untried[i]].candidate = std::unexpected(tried[i].error());
}

Result<const Module*> ModuleStore::load(const LoadRequest& request) {
  prepare({&request, 1});
  const auto prepared = prepared_for(request);
  Result<Candidate> candidate = std::move(prepared->candidate);
  prepared_.erase(prepared);
  if (!candidate) return std::unexpected(candidate.error());
  if (const Module* module = loaded_from(request.path, *candidate)) {
    if (const auto same = check_digest(request.path, module->sha256, request.sha256); !same)
      return std::unexpected(same.error());
    return module;
  }
  const dev_t device = candidate->file.device;
  const ino_t inode = candidate->file.inode;
  LoadedModules& process = LoadedModules::of_process();
  const auto lock = process.lock();
  if (const Module* module = process.find(request.path, candidate->sha256, request.origin)) {
    entries_.push_back({request.path, device, inode, module});
    return module;
  }
  const std::string digest = candidate->sha256;
  const ModuleHead head = candidate->head;
  Result<LoadedLibrary> loaded = load_library(*std::move(candidate));
  if (!loaded) return std::unexpected(loaded.error());
  const fg_module* const table = loaded->table;
  // What was judged in the file must be what is now in memory; else something else answers to the symbol.
  if (ModuleHead{table->struct_size, table->min_host_minor} != head) return another_table(request.path);
  MemoryReader reader(pages_of_this_process());
  Result<std::unique_ptr<Module>> module = read_module(reinterpret_cast<std::uintptr_t>(table), reader, request.path);
  if (!module) return std::unexpected(module.error());
  (*module)->path = request.path;
  (*module)->lies_at(request.path);
  (*module)->sha256 = digest;
  (*module)->origin = request.origin;
  (*module)->libraries = std::move(loaded->libraries);
  (*module)->memory.add_object_of(table);
  (*module)->memory.add_constants_of(&plugin_host());  // texts of fg_flow
  entries_.push_back({request.path, device, inode, process.add(*std::move(module))});
  return entries_.back().module;
}

Result<const Module*> ModuleStore::load(std::string_view kind, const std::string& value, const SearchPath& search,
                                        TrustRule trust, std::optional<std::string> sha256) {
  Result<FoundModule> found = find_module(kind, value, search);
  if (!found) return std::unexpected(found.error());
  if (warned_.insert(found->path).second) warn_of_hidden(*found);
  return load({found->path, found->origin, trust, std::move(sha256)});
}

Result<const Module*> ModuleStore::describe(const LoadRequest& request) {
  if (!trial_.is_anywhere()) return load(request);
  prepare({&request, 1});
  const auto prepared = prepared_for(request);
  Result<Candidate> candidate = std::move(prepared->candidate);
  prepared_.erase(prepared);
  if (!candidate) return std::unexpected(candidate.error());
  if (const Module* module = loaded_from(request.path, *candidate)) return module;
  auto module = TRY(read_in_trial(*candidate, request));
  module->path = request.path;
  module->lies_at(request.path);
  module->sha256 = candidate->sha256;
  module->origin = request.origin;
  for (const NeededLibrary& library : candidate->libraries)
    module->libraries.push_back({library.name, library.path, library.file, {}});
  entries_.push_back({request.path, candidate->file.device, candidate->file.inode, module.get()});
  described_.push_back({std::move(module), *std::move(candidate)});
  return entries_.back().module;
}

// In the process of the trial, which may be another one than that which has tried it.
Result<std::unique_ptr<Module>> ModuleStore::read_in_trial(const Candidate& candidate, const LoadRequest& request) {
  for (const NeededLibrary& library : candidate.libraries)
    if (library.is_loaded_first()) TRY(trial_.table_of({opened_path_of(library), library.path}));
  const std::string opened_path = opened_path_of(candidate);
  const LoadedTable table = TRY(trial_.table_of({opened_path, request.path}));
  if (table.address == 0) return not_loaded(request.path, loader_reason(table.reason, opened_path, request.path));
  MemoryReader reader(trial_.pages());
  std::uint32_t head[2] = {};  // struct_size, min_host_minor
  if (!reader.read(table.address, head, sizeof head) || ModuleHead{head[0], head[1]} != candidate.head)
    return another_table(request.path);
  return read_module(table.address, reader, request.path);
}

std::vector<const Module*> ModuleStore::modules() const {
  std::vector<const Module*> all;
  all.reserve(entries_.size());
  for (const Entry& entry : entries_) all.push_back(entry.module);
  return all;
}

}  // namespace flowgauge
