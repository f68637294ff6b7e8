#include "core/plugin/trial_server.h"

#include <dlfcn.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/base/handle.h"
#include "core/base/same_file.h"
#include "core/base/shown_text.h"
#include "core/base/text.h"
#include "core/plugin/create_call.h"
#include "core/plugin/descriptor_trap.h"
#include "core/plugin/guarded_call.h"
#include "core/plugin/host_services.h"
#include "core/plugin/memory_reader.h"
#include "core/plugin/module_rules.h"
#include "core/plugin/opened_path.h"
#include "core/plugin/trial_request.h"
#include "core/plugin/trial_socket.h"

namespace flowgauge {
namespace {

// A library that was loaded, under the name that the other process has for it.
struct TriedLibrary {
  std::string path;
  FileDescriptor file;  // the dynamic linker knows the library by it
  const fg_module* table = nullptr;
  std::string reason = {};  // why it has none, in the linker's words
  std::unique_ptr<Module> module = nullptr;
};

bool have_same_file(const FileDescriptor& one, const FileDescriptor& other) {
  struct stat of_other {};
  return ::fstat(other.get(), &of_other) == 0 && is_still_file(one.get(), of_other);
}

class TrialServer {
 public:
  explicit TrialServer(int socket) : socket_(socket), trap_(socket) { ProcessState::keep(); }

  void serve() {
    while (auto received = receive_message(socket_)) {
      const auto request = parse_trial_request(received->bytes);
      if (!request) {
        refuse(request.error().message);
        continue;
      }
      file_ = std::move(received->descriptor);
      std::visit([this](const auto& asked) { answer(asked); }, *request);
    }
  }

 private:
  void tell(TrialWord word, std::string text = {}) {
    (void)send_message(socket_, bytes_of({word, std::move(text)}), -1);
  }
  void refuse(std::string_view text) { tell(TrialWord::kRefused, shown_text(text)); }

  void answer(const LoadAsked& asked) {
    if (const TriedLibrary* library = library_of(asked.path); library != nullptr)
      tell(TrialWord::kDone, answer_of({reinterpret_cast<std::uintptr_t>(library->table), library->reason}));
  }

  void answer(const PageAsked& asked) {
    ReadPage page;
    if (asked.address % page.size() != 0 || !pages_(asked.address, page)) return refuse("there is no such page");
    tell(TrialWord::kDone, {reinterpret_cast<const char*>(page.data()), page.size()});
  }

  void answer(const CreateAsked& asked) {
    TriedLibrary* const library = library_of(asked.path);
    if (library == nullptr) return;
    const Feature* const feature = feature_of(*library, asked.feature);
    if (feature == nullptr || asked.options.values().size() != feature->options.size())
      return refuse("its descriptors are not the same each time it is loaded");
    library->module->lies_at(asked.file);
    if (create_and_destroy(*feature, asked.options)) tell(TrialWord::kDone);
  }

  // Null: it has failed, and has been told.
  TriedLibrary* library_of(const std::string& path) {
    const auto known = std::ranges::find(libraries_, path, &TriedLibrary::path);
    if (known != libraries_.end()) {
      if (!file_ || have_same_file(file_, known->file)) return &*known;
      known->path.clear();  // the number of the descriptor has become another file's
    }
    TriedLibrary& library = libraries_.emplace_back(path, std::move(file_));
    tell(TrialWord::kLoading);
    // That it cannot be loaded is for the host to find out, which has its own sentence for that.
    const auto load = [&] {
      const std::string opened = library.file ? opened_path_of(library.file.get()) : path;
      void* const handle = ::dlopen(opened.c_str(), RTLD_NOW | RTLD_LOCAL);
      if (handle != nullptr) library.table = static_cast<const fg_module*>(::dlsym(handle, FG_MODULE_SYMBOL));
      if (const char* said = handle == nullptr ? ::dlerror() : nullptr; said != nullptr)
        library.reason = replaced(said, opened, path);
      return fg_status{FG_OK};
    };
    const KeptProcessState process_state;
    const FloatState float_state = FloatState::now();
    const bool is_loaded = without_exceptions(load) == FG_OK;
    float_state.restore();
    const bool has_written = trap_.was_written();
    if (is_loaded && !has_written) return &library;
    libraries_.pop_back();  // its number may become another's
    refuse(has_written ? kItWroteToDescriptors : last_plugin_error());
    return nullptr;
  }

  const Feature* feature_of(TriedLibrary& library, const std::string& name) {
    if (library.table == nullptr) return nullptr;
    if (library.module == nullptr) {
      MemoryReader reader(pages_);
      auto module = read_module(reinterpret_cast<std::uintptr_t>(library.table), reader, library.path);
      if (!module) return nullptr;
      library.module = std::move(*module);
    }
    const auto found = std::ranges::find(library.module->features, name, &Feature::name);
    return found == library.module->features.end() ? nullptr : &*found;
  }

  bool create_and_destroy(const Feature& feature, const OptionValues& options) {
    const RunningCall creating{origin_of(feature).c_str(), feature.name.c_str(), "create"};
    const RunningCall destroying{origin_of(feature).c_str(), feature.name.c_str(), "destroy"};
    const fg_create create = create_call(feature, options, 0, plugin_host());
    void* instance = nullptr;
    tell(TrialWord::kCreating);
    const fg_status created =
        guarded_whole(creating, ProcessState::At::kCreate, [&] { return feature.table.create(&create, &instance); });
    if (!is_good(created)) return false;
    tell(TrialWord::kDestroying);
    return is_good(
        guarded_whole(destroying, ProcessState::At::kEnd, judged_by_its_log([&] { feature.table.destroy(instance); })));
  }

  // Else the request is refused.
  bool is_good(fg_status status) {
    const bool has_written = trap_.was_written();
    if (status == FG_OK && !has_written) return true;
    refuse(has_written ? kItWroteToDescriptors : last_plugin_error());
    return false;
  }

  int socket_;
  DescriptorTrap trap_;
  MemoryReader::Fetch pages_ = pages_of_this_process();
  FileDescriptor file_;  // that came with the request
  std::deque<TriedLibrary> libraries_;
};

}  // namespace

void serve_trial(int socket) { TrialServer(socket).serve(); }

}  // namespace flowgauge
