#include "core/scaffold/new_project.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "core/base/handle.h"
#include "core/base/plugin_name.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/scaffold/templates.h"

namespace flowgauge {
namespace {

namespace fs = std::filesystem;

// What has a meaning of its own to CMake and its generators (targets), to the SDK, or to flowgauge (its own columns).
constexpr std::array<std::string_view, 10> kTakenNames = {"all",  "clean",   "config",  "depend",         "flow",
                                                          "help", "install", "package", "package_source", "test"};

// A project's file and the template that it is made of.
struct File {
  std::string path;
  std::string template_name;
};

// What a language puts into the templates, and its own files.
struct Language {
  PluginLanguage language;
  std::string_view name;      // as CMake calls it
  std::string_view compiler;  // in the README's words
  std::string_view suffix;
  std::string_view bare;   // where CI builds
  std::string_view image;  // a container of that
};

constexpr std::string_view kDebian = "a bare Debian 12";
constexpr std::array kLanguages = {
    Language{PluginLanguage::kCpp, "CXX", "a compiler for C++20", "cpp", kDebian, "debian:12"},
    Language{PluginLanguage::kC, "C", "a compiler for C99", "c", kDebian, "debian:12"},
    Language{PluginLanguage::kRust, "C", "Rust 1.77 or later with cargo (it needs no crates)", "rs",
             "Debian 12 with Rust", "rust:1-bookworm"},
};

const Language& language_of(const NewProject& project) {
  const auto* const found = std::ranges::find(kLanguages, project.language, &Language::language);
  assert(found != kLanguages.end());
  return *found;
}

// Where the templates of a kind of plugin lie, and what their plugin does.
struct Kind {
  PluginKind kind;
  std::string_view name;
  std::string_view what;
};

constexpr std::array kKinds = {
    Kind{PluginKind::kFeature, "feature", "how many packets of a flow are small."},
    Kind{PluginKind::kSchema, "schema", "a table with the lengths of a flow's packets."},
    Kind{PluginKind::kSink, "sink", "rows as lines, cells separated by tabs."},
    Kind{PluginKind::kDerived, "derived", "how much longer the source's packets of a flow are than the other side's."},
};

const Kind& kind_of(const NewProject& project) {
  const auto* const found = std::ranges::find(kKinds, project.kind, &Kind::kind);
  assert(found != kKinds.end());
  return *found;
}

bool has_licence_text(std::string_view licence) {
  const std::vector<Template> all(templates().begin(), templates().end());
  return std::any_of(all.begin(), all.end(), [&](const Template& one) {
    return one.name.starts_with("licences/") && one.name.substr(one.name.find('/') + 1) == licence;
  });
}

// The rows of the sample, as the profile writes them.
std::string expected_of(const NewProject& project) {
  return project.kind == PluginKind::kSink ? fmt::format("expected.{}", project.name) : "expected.csv";
}

std::vector<File> files_of(const NewProject& project) {
  const std::string_view suffix = language_of(project).suffix;
  const std::string_view kind = kind_of(project).name;
  const std::string licence = has_licence_text(project.licence) ? project.licence : "other";
  std::vector<File> files = {
      {fmt::format("{}.yaml", project.name), fmt::format("{}/profile.yaml", kind)},
      {"sample.pcap", "project/sample.pcap"},
      {expected_of(project), fmt::format("{}/expected.{}", kind, project.kind == PluginKind::kSink ? "tsv" : "csv")},
      {"rows_test.cmake", "project/rows_test.cmake"},
      {"README.md", "project/README.md"},
      {"LICENSE", fmt::format("licences/{}", licence)},
      {".gitignore", "project/gitignore"},
      {".github/workflows/ci.yml", "project/ci.yml"},
  };
  if (project.language == PluginLanguage::kRust) {
    for (const char* name : {"CMakeLists.txt", "Cargo.toml"}) files.push_back({name, fmt::format("rust/{}", name)});
    files.push_back({"src/lib.rs", "rust/plugin.rs.in"});
    files.push_back({"src/flowgauge.rs", "rust/flowgauge.rs"});
  } else {
    files.push_back({"CMakeLists.txt", "project/CMakeLists.txt"});
    files.push_back({fmt::format("{}.{}", project.name, suffix), fmt::format("{}/plugin.{}.in", kind, suffix)});
  }
  return files;
}

// "small_packets" as a C++ type: "SmallPackets".
std::string type_of(std::string_view name) {
  std::string type;
  bool begins = true;
  for (const char letter : name) {
    if (letter != '_')
      type += begins && letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    begins = letter == '_';
  }
  return type;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string filled_in(std::string_view name, const NewProject& project) {
  const auto all = templates();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Template& one) { return one.name == name; });
  assert(found != all.end());
  std::string text(found->text);
  if (name.ends_with(".pcap")) return text;
  const Language& language = language_of(project);
  const bool is_rust = project.language == PluginLanguage::kRust;
  replace_all(text, "@EXPECTED@", expected_of(project));
  replace_all(text, "@FORMAT@", project.kind == PluginKind::kSink ? "" : " -o csv");
  replace_all(text, "@WHAT@", kind_of(project).what);
  replace_all(text, "@SOURCES@",
              is_rust ? "`src/lib.rs`, and the ABI in Rust, `src/flowgauge.rs`" : "`@NAME@.@SUFFIX@`");
  replace_all(text, "@COMPILER@", language.compiler);
  replace_all(text, "@LANGUAGE@", language.name);
  replace_all(text, "@SUFFIX@", language.suffix);
  replace_all(text, "@BARE@", language.bare);
  replace_all(text, "@IMAGE@", language.image);
  replace_all(text, "@LICENCE@", project.licence);
  replace_all(text, "@TYPE@", type_of(project.name));
  replace_all(text, "@NAME@", project.name);
  return text;
}

// What was made so far. A project that could not be finished leaves nothing behind.
class Made {
 public:
  Made() = default;
  Made(const Made&) = delete;
  Made& operator=(const Made&) = delete;
  ~Made() {
    std::error_code ignored;
    for (auto path = paths_.rbegin(); path != paths_.rend(); ++path) fs::remove(*path, ignored);
  }
  void add(fs::path path) { paths_.push_back(std::move(path)); }
  void keep() { paths_.clear(); }

 private:
  std::vector<fs::path> paths_;  // a folder before what lies in it
};

// The folder and those above it that are not there yet.
Result<void> make_folder(const fs::path& folder, Made& made) {
  std::error_code error;
  if (folder.empty() || fs::is_directory(folder, error)) return {};
  if (auto above = make_folder(folder.parent_path(), made); !above) return above;
  const bool is_new = fs::create_directory(folder, error);
  if (error) return fail(ExitCode::kOutput, "{}: cannot be made ({})", folder.string(), error.message());
  if (is_new) made.add(folder);
  return {};
}

Result<void> write_file(const fs::path& path, std::string_view text, Made& made) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file) made.add(path);
  while (file && !text.empty()) {
    const ssize_t written = ::write(file.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (file && text.empty()) return {};
  return fail(ExitCode::kOutput, "{}: cannot be written ({})", path.string(), std::strerror(errno));
}

Result<void> check_licence(std::string_view licence) {
  const auto is_fine = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           std::string_view("-.+ ():").find(letter) != std::string_view::npos;
  };
  if (!licence.empty() && licence.size() <= 100 && std::all_of(licence.begin(), licence.end(), is_fine)) return {};
  return fail(ExitCode::kUsage, "'{}' is no SPDX expression of a licence; give one as {} or GPL-3.0-or-later",
              printable(licence), kLicenceNames);
}

// There is no such folder yet, or it is empty.
Result<void> check_folder(const fs::path& folder) {
  std::error_code error;
  const fs::file_type type = fs::status(folder, error).type();
  if (type == fs::file_type::not_found) return {};
  if (type == fs::file_type::directory) {
    if (fs::is_empty(folder, error)) return {};
    if (!error) return fail(ExitCode::kUsage, "{}: is not empty; name another folder with --dir", folder.string());
  }
  if (error) return fail(ExitCode::kOutput, "{}: cannot be looked at ({})", folder.string(), error.message());
  return fail(ExitCode::kUsage, "{}: is there and is no folder; name another one with --dir", folder.string());
}

}  // namespace

Result<void> check_plugin_name(std::string_view name) {
  if (!is_plugin_name(name) || name.front() < 'a' || name.front() > 'z' || name.size() > kLongestPluginName)
    return fail(ExitCode::kUsage,
                "a plugin cannot be called '{}'; take a-z, 0-9 and _, a letter first, at most {} of them",
                printable(name), kLongestPluginName);
  if (std::find(kTakenNames.begin(), kTakenNames.end(), name) != kTakenNames.end())
    return fail(
        ExitCode::kUsage,
        "a plugin cannot be called '{}': the word has a meaning to CMake, the SDK or flowgauge; take another one",
        name);
  return {};
}

Result<std::vector<std::string>> write_project(const NewProject& project) {
  TRY(check_plugin_name(project.name));
  TRY(check_licence(project.licence));
  if (project.language == PluginLanguage::kRust && project.kind == PluginKind::kSchema)
    return fail(ExitCode::kUsage,
                "a schema is a table of expressions and needs no Rust; leave --rust or --schema away, or write the "
                "columns into a profile");
  if (project.language != PluginLanguage::kCpp && project.kind == PluginKind::kDerived)
    return fail(ExitCode::kUsage,
                "the project of a derived feature is in C++ alone; leave --derived, or --c and --rust, away");
  if (project.language != PluginLanguage::kCpp && project.kind == PluginKind::kSink)
    return fail(ExitCode::kUsage, "the project of a sink is in C++ alone; leave --sink, or --c and --rust, away");
  const fs::path root = (fs::path(project.folder) / "").parent_path();  // without a '/' at the end
  TRY(check_folder(root));

  Made made;
  std::vector<std::string> written;
  for (const File& file : files_of(project)) {
    const fs::path path = root / file.path;
    TRY(make_folder(path.parent_path(), made));
    TRY(write_file(path, filled_in(file.template_name, project), made));
    written.push_back(file.path);
  }
  made.keep();
  return written;
}

}  // namespace flowgauge
