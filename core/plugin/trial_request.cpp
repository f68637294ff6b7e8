#include "core/plugin/trial_request.h"

#include <dlfcn.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>

#include "core/plugin/module_rules.h"
#include "core/plugin/trial_steps.h"

namespace flowgauge {
namespace {

std::string hex_of(std::string_view text) {
  std::string hex;
  for (const char letter : text) hex += fmt::format("{:02x}", static_cast<unsigned char>(letter));
  return hex;
}

std::optional<std::string> text_of(std::string_view hex) {
  std::string text;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    if (error != std::errc() || end != hex.data() + i + 2) return std::nullopt;
    text += static_cast<char>(value);
  }
  if (hex.size() % 2 != 0) return std::nullopt;
  return text;
}

std::string value_word(fg_type type, const fg_value& value) {
  if (type == FG_STRING) return "s" + hex_of({value.string.data, value.string.size_bytes});
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return std::to_string(bits);
}

bool add_value(std::string_view word, OptionValues& values) {
  if (word.starts_with('s')) {
    auto text = text_of(word.substr(1));
    if (text) values.add(std::move(*text));
    return text.has_value();
  }
  std::uint64_t bits = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), bits);
  if (error != std::errc() || end != word.data() + word.size()) return false;
  fg_value value{};
  std::memcpy(&value, &bits, sizeof bits);
  values.add(value);
  return true;
}

std::unexpected<Error> bad_line(std::string_view line) {
  return fail(ExitCode::kUsage, "plugin trial: '{}' is no line that it understands; it is asked by flowgauge itself",
              line);
}

// Modules that were read, each once.
class ReadModules {
 public:
  // Null: it is none.
  const Module* read(const std::string& opened_path) {
    const auto known = std::ranges::find(modules_, opened_path, &Entry::first);
    if (known != modules_.end()) return known->second.get();
    void* const library = ::dlopen(opened_path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return nullptr;
    const auto* const table = static_cast<const fg_module*>(::dlsym(library, FG_MODULE_SYMBOL));
    if (table == nullptr) return nullptr;
    auto module = read_module(*table, opened_path);
    if (!module) return nullptr;
    return modules_.emplace_back(opened_path, std::move(*module)).second.get();
  }

 private:
  using Entry = std::pair<std::string, std::unique_ptr<Module>>;
  std::vector<Entry> modules_;
};

Result<bool> create_as_requested(std::string_view line, std::istringstream& words, ReadModules& modules,
                                 ChildPipe pipe) {
  std::string path;
  std::string name;
  words >> path >> name;
  const Module* const module = modules.read(path);
  if (module == nullptr) return bad_line(line);
  const auto feature = std::ranges::find(module->features, name, &Feature::name);
  if (feature == module->features.end()) return bad_line(line);
  ActiveFeature active{&*feature, {}};
  for (std::string word; words >> word;)
    if (!add_value(word, active.options)) return bad_line(line);
  if (active.options.values().size() != feature->options.size()) return bad_line(line);
  return try_creating(active, pipe);
}

}  // namespace

std::string load_lines(std::span<const std::string> opened_paths) {
  std::string lines;
  for (const std::string& path : opened_paths) lines += "load " + path + "\n";
  return lines;
}

std::string create_line(const std::string& opened_path, const ActiveFeature& active) {
  std::string line = fmt::format("create {} {}", opened_path, active.feature->name);
  const auto values = active.options.values();
  for (std::size_t i = 0; i < values.size(); ++i) line += " " + value_word(active.feature->options[i].type, values[i]);
  return line + "\n";
}

Result<void> try_as_requested(std::string_view lines, int descriptor) {
  const ChildPipe pipe(descriptor);
  pipe.tell(kChildHello);
  ReadModules modules;
  std::istringstream all{std::string(lines)};
  for (std::string line; std::getline(all, line);) {
    std::istringstream words(line);
    std::string verb;
    words >> verb;
    if (verb == "load") {
      if (!try_loading(line.substr(std::min(line.size(), verb.size() + 1)), pipe)) return {};
    } else if (verb == "create") {
      const auto went = create_as_requested(line, words, modules, pipe);
      if (!went) return std::unexpected(went.error());
      if (!*went) return {};
    } else {
      return bad_line(line);
    }
  }
  pipe.tell(kTrialDone);
  return {};
}

}  // namespace flowgauge
