// flowgauge plugin info: what a file is. Its bytes are looked at first, for which no code of it runs; what it offers
// stands in tables that need it loaded, so that part is for trusted files alone.
#include <fmt/format.h>

#include <iterator>
#include <string>

#include "core/app/commands.h"
#include "core/app/module_text.h"
#include "core/app/standard_output.h"
#include "core/base/digest.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/engine/plugin_json.h"
#include "core/plugin/contamination.h"
#include "core/plugin/elf_peek.h"
#include "core/plugin/judged_library.h"
#include "core/plugin/module_store.h"
#include "core/plugin/trust.h"

namespace flowgauge {
namespace {

// What the bytes tell.
struct FileFacts {
  std::string path;
  std::string sha256;
  std::uint64_t size_bytes = 0;
  ModuleHead head;
};

Result<FileFacts> look_at(const std::string& path) {
  TrustedFile file = TRY(open_to_look(path));
  const std::vector<std::uint8_t> bytes = TRY(read_all(file));
  const ModuleHead head = TRY(peek_module(bytes, path));
  return FileFacts{path, to_hex(sha256(bytes)), bytes.size(), head};
}

void add_feature(std::string& text, const Feature& feature) {
  fmt::format_to(std::back_inserter(text), "feature {} {}: {}\n", feature.name, feature.version, feature.doc);
  add_line(text, "state", fmt::format("{} bytes per flow", feature.table.state_size));
  add_line(text, "needs", needs_text(feature.table));
  add_line(text, "packets", filters_text(feature.packet_filters));
  for (const fg_column& column : feature.columns) {
    add_line(text, "column",
             fmt::format("{}.{}: {}; {}; reveals {}", feature.name, column.name, type_text(column), column.doc,
                         contamination_text(revealed_by(column))));
  }
  for (const fg_option& option : feature.options)
    add_line(text, "option", fmt::format("{}: {}; {}", option.name, option_text(option), option.doc));
  for (const fg_end& end : feature.ends) add_line(text, "end", fmt::format("{}: {}", end.name, end.doc));
  for (const fg_counter& counter : feature.counters)
    add_line(text, "counter", fmt::format("{}.{}: {}", feature.name, counter.name, counter.doc));
}

void add_derived(std::string& text, const Feature& feature) {
  fmt::format_to(std::back_inserter(text), "derived feature {} {}: {}\n", feature.name, feature.version, feature.doc);
  for (const Derive& derive : feature.derives) {
    for (const fg_input& input : derive.inputs)
      add_line(text, "reads", fmt::format("{}: {}", input.name, type_name(input.type)));
    for (const fg_column& column : derive.outputs)
      add_line(text, "column",
               fmt::format("{}.{}: {}; {}; reveals {}, and what it reads", feature.name, column.name, type_text(column),
                           column.doc, contamination_text(revealed_by(column))));
  }
}

void add_schema(std::string& text, const Schema& schema) {
  fmt::format_to(std::back_inserter(text), "schema {} {}: {}\n", schema.name, schema.version, schema.doc);
  for (const fg_schema_column& column : schema.columns)
    add_line(text, "column", fmt::format("{} = {}", column.name, column.expression));
  for (const fg_option& option : schema.options)
    add_line(text, "option", fmt::format("{}: {}; {}", option.name, option_text(option), option.doc));
}

void add_sink(std::string& text, const Sink& sink) {
  fmt::format_to(std::back_inserter(text), "sink {} {}: {}\n", sink.name, sink.version, sink.doc);
  add_line(text, "writes", sink.table.place == FG_PLACE_FILE ? "files, whose names end in ." + sink.name : "elsewhere");
  const std::string more = join(takes_names(sink.table));
  add_line(text, "takes", "int64, float64, bool, utf8" + (more.empty() ? "" : ", " + more));
  for (const fg_option& option : sink.options)
    add_line(text, "option", fmt::format("{}: {}; {}", option.name, option_text(option), option.doc));
}

std::string as_text(const FileFacts& file, const Module* module) {
  std::string text = fmt::format("{}\n", file.path);
  add_line(text, "size", human_bytes(file.size_bytes));
  add_line(text, "sha256", file.sha256);
  add_line(text, "needs", fmt::format("plugin ABI 1.{}", file.head.min_host_minor));
  if (module == nullptr) return text;
  add_line(text, "built", fmt::format("with the header of plugin ABI 1.{}", module->built_minor));
  add_line(text, "module", fmt::format("{} {}", module->name, module->version));
  add_line(text, "licence", module->licence);
  add_origin_lines(text, *module);
  for (const UsedLibrary& library : module->libraries)
    add_line(text, "library", fmt::format("{}: {}, sha256 {}", library.name, library.path, library.file->sha256()));
  for (const Feature& feature : module->features) add_feature(text, feature);
  for (const Feature& feature : module->derived) add_derived(text, feature);
  for (const Schema& schema : module->schemas) add_schema(text, schema);
  for (const Sink& sink : module->sinks) add_sink(text, sink);
  return text;
}

std::string as_json(const FileFacts& file, const Module* module, const std::string& refusal) {
  JsonText json;
  json.begin_object().text("path", file.path).number("size_bytes", file.size_bytes).text("sha256", file.sha256);
  json.number("needs_minor", file.head.min_host_minor).number("descriptor_bytes", file.head.struct_size);
  json.boolean("loaded", module != nullptr);
  if (module != nullptr) {
    add_module(json.begin_object("module"), *module);
    json.end_object();
  } else {
    json.text("refusal", refusal);
  }
  json.end_object();
  return json.take();
}

}  // namespace

ExitCode run_plugin_info(const PluginInfoCommand& command) {
  const Result<FileFacts> file = look_at(command.path);
  if (!file) return say_and_return(file.error());
  ModuleStore modules;
  // The same bytes: the digest sees to it.
  const Result<const Module*> module = modules.describe({.path = command.path,
                                                         .origin = Origin::kGiven,
                                                         .trust = plugin_paths(command.plugins).trust,
                                                         .sha256 = file->sha256});
  const Module* loaded = module ? *module : nullptr;
  const std::string refusal = module ? "" : module.error().message;
  const ExitCode written =
      write_standard_output(command.json ? as_json(*file, loaded, refusal) : as_text(*file, loaded));
  if (!module) return say_and_return(module.error());
  return written;
}

}  // namespace flowgauge
