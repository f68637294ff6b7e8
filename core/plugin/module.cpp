#include "core/plugin/module.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "core/base/text.h"
#include "core/plugin/module_rules.h"

namespace flowgauge {
namespace {
const std::string kBuiltIn = "flowgauge";
}

Feature builtin_feature(const fg_feature& table) {
  Result<Feature> feature = read_feature(&table, kBuiltIn, true);
  if (!feature) {
    std::fprintf(stderr, "%s\n", feature.error().message.c_str());
    std::abort();
  }
  return *std::move(feature);
}

void Module::lies_at(const std::string& at) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(at, error).lexically_normal();
  absolute_path = absolute.string();
  folder = absolute.parent_path().string();
}

const std::string& origin_of(const Feature& feature) {
  return feature.module == nullptr ? kBuiltIn : feature.module->path;
}

const std::string& origin_of(const Schema& schema) { return schema.module == nullptr ? kBuiltIn : schema.module->path; }

std::string author_of(const Module* module) {
  if (module == nullptr || module->support.empty()) return "its author";
  return fmt::format("its author ({})", printable(module->support));
}

std::string_view type_name(fg_type type) {
  switch (type) {
    case FG_U64:
      return "u64";
    case FG_I64:
      return "i64";
    case FG_F64:
      return "f64";
    case FG_BOOL:
      return "bool";
    case FG_STRING:
      return "string";
    case FG_SERIES:
      return "series";
    case FG_LIST_U64:
      return "list_u64";
    case FG_TIME:
      return "time";
    case FG_LIST_I64:
      return "list_i64";
    case FG_LIST_F64:
      return "list_f64";
    case FG_LIST_STRING:
      return "list_string";
    default:
      return "unknown";
  }
}

// Every list is a pointer and a size: what only looks at those takes one for the other.
static_assert(sizeof(fg_list_u64) == sizeof(fg_list_i64) && sizeof(fg_list_u64) == sizeof(fg_list_f64) &&
              sizeof(fg_list_u64) == sizeof(fg_list_string));

fg_type item_type(fg_type list) {
  switch (list) {
    case FG_LIST_I64:
      return FG_I64;
    case FG_LIST_F64:
      return FG_F64;
    case FG_LIST_STRING:
      return FG_STRING;
    default:
      return FG_U64;
  }
}

std::string_view unit_name(fg_unit unit) {
  switch (unit) {
    case FG_UNIT_COUNT:
      return "count";
    case FG_UNIT_PACKETS:
      return "packets";
    case FG_UNIT_BYTES:
      return "B";
    case FG_UNIT_NS:
      return "ns";
    case FG_UNIT_US:
      return "us";
    case FG_UNIT_MS:
      return "ms";
    case FG_UNIT_S:
      return "s";
    case FG_UNIT_PER_S:
      return "1/s";
    case FG_UNIT_BYTES_PER_S:
      return "B/s";
    default:
      return "";
  }
}

std::size_t cell_bytes(fg_type type) {
  switch (type) {
    case FG_U64:
      return sizeof(std::uint64_t);
    case FG_I64:
    case FG_TIME:
      return sizeof(std::int64_t);
    case FG_F64:
      return sizeof(double);
    case FG_BOOL:
      return sizeof(std::uint8_t);
    case FG_STRING:
      return sizeof(fg_string);
    case FG_SERIES:
      return sizeof(fg_series);
    case FG_LIST_U64:
    case FG_LIST_I64:
    case FG_LIST_F64:
    case FG_LIST_STRING:
      return sizeof(fg_list_u64);
    default:
      return 0;
  }
}

}  // namespace flowgauge
