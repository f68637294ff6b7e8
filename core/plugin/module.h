// What a loaded module offers, as this host knows it: descriptors are copied into structs of the host's own
// size (what an older module lacks is zero), so that the rest of the program never asks how old a module is.
// Immutable after load and never unloaded: pointers to a Module, its features, schemas and sinks stay valid for
// the life of the process. Shared by all threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/plugin/static_memory.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

struct Module;

struct Derive {
  fg_derive table{};
  std::vector<fg_input> inputs;
  std::vector<fg_column> outputs;
  const Module* module = nullptr;
};

struct Feature {
  fg_feature table{};  // what it lists is in the vectors below
  std::string name;
  std::string version;
  std::string doc;
  std::vector<fg_column> columns;
  std::vector<fg_option> options;
  std::vector<fg_end> ends;
  std::vector<Derive> derives;  // of a derived feature: what makes its columns, in their order; its table is empty
  std::vector<fg_counter> counters;
  std::vector<fg_packet_filter> packet_filters;  // none: every packet
  const Module* module = nullptr;                // null: built into the host
};

// It sees no packet and is never created: its columns are made of others (derived_feature.h).
[[nodiscard]] inline bool is_derived(const Feature& feature) { return !feature.derives.empty(); }

struct Schema {
  fg_schema table{};
  std::string name;
  std::string version;
  std::string doc;
  std::vector<fg_schema_column> columns;
  std::vector<fg_option> options;
  std::vector<Derive> derives;
  const Module* module = nullptr;
};

// Where rows of a table go.
struct Sink {
  fg_sink table{};
  std::string name;
  std::string version;
  std::string doc;
  std::vector<fg_option> options;
  const Module* module = nullptr;
};

// Installed: found beside the program. Given: everything else. For documentation, and for guards behind states.
enum class Origin : std::uint8_t { kInstalled, kGiven };

class JudgedLibrary;

// A library that a module brought into the process.
struct UsedLibrary {
  std::string name;
  std::string path;
  std::shared_ptr<const JudgedLibrary> file;
  std::string opened_path;  // what was loaded, as the linker knows it; empty: it found the library by itself
};

struct Module {
  Module() = default;
  Module(const Module&) = delete;  // what it offers points back to it
  Module& operator=(const Module&) = delete;

  // The file's place, for itself: fg_create.module_path and data_dir.
  void lies_at(const std::string& path);

  std::string path;    // as found; messages name it
  std::string sha256;  // of the file that was loaded, 64 lower-case digits
  std::string name;
  std::string version;
  std::string licence;
  std::string vendor;   // of this and the next two: empty if not said
  std::string url;      // where it is described
  std::string support;  // where to ask
  std::uint32_t min_host_minor = 0;
  std::uint32_t built_minor = 0;
  Origin origin = Origin::kGiven;
  std::string absolute_path;
  std::string folder;                  // of it, without '/' at its end
  std::vector<UsedLibrary> libraries;  // those that it needs and the program has not
  StaticMemory memory;                 // where texts and lists of its cells may lie beside the arena
  std::shared_ptr<void> tables;        // that what it offers points into: descriptor_copy.h
  std::vector<Feature> features;       // those that see packets
  std::vector<Feature> derived;
  std::vector<Schema> schemas;
  std::vector<Sink> sinks;
};

// A feature whose code is the host's own; `table` is static. `update` and `release` may be null there. It goes
// through the same rules: a table that breaks them is a programmer's error and ends the process.
[[nodiscard]] Feature builtin_feature(const fg_feature& table);

// For messages: the module's path, or "flowgauge" for what is built in.
[[nodiscard]] const std::string& origin_of(const Feature& feature);
[[nodiscard]] const std::string& origin_of(const Schema& schema);
// Whom to tell of a failure: "its author", or "its author (flows@example.org)" where the module says where to ask.
[[nodiscard]] std::string author_of(const Module* module);

// As documentation and messages have it: "u64", "list_u64"; "unknown" for a type that is not known.
[[nodiscard]] std::string_view type_name(fg_type type);

// "packets", "B", "ns", "1/s"; empty for a column without a unit, and for a unit that is not known.
[[nodiscard]] std::string_view unit_name(fg_unit unit);

[[nodiscard]] inline bool is_list(fg_type type) {
  return type == FG_LIST_U64 || (type >= FG_LIST_I64 && type <= FG_LIST_STRING);
}
// Of a list.
[[nodiscard]] fg_type item_type(fg_type list);

// The bytes of one cell in a column vector; 0 for a type that is not known.
[[nodiscard]] std::size_t cell_bytes(fg_type type);

}  // namespace flowgauge
