// The profile's values for a feature's options: by name, checked by the host, of the declared type.
//
//   static constexpr fg::Option kOptions[] = {{"count", "How many packets to look at", FG_U64, FG_UNIT_PACKETS, "4"},
//                                             {"ports", "Of these services", FG_LIST_U64, FG_UNIT_NONE, "80, 443"}};
//   struct Config {
//     std::uint64_t count;
//     std::set<std::uint64_t> ports;
//     explicit Config(const fg::Options<MyFeature>& options) : count(options.get<"count">()) {
//       for (const std::uint64_t port : options.get<"ports">()) ports.insert(port);
//     }
//   };
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "cells.hpp"
#include "option.hpp"
#include "texts.hpp"

namespace fg {

template <class F>
class Options {
 public:
  explicit Options(const fg_create& create) : create_(create) {}

  template <Name Wanted>
  [[nodiscard]] auto get() const {
    constexpr std::size_t index = detail::index_of(F::kOptions, Wanted.view());
    static_assert(index < std::size(F::kOptions), "the feature has no option of this name in kOptions");
    constexpr fg_type type = F::kOptions[index].type;
    const fg_value& value = create_.options[index];
    if constexpr (type == FG_U64) {
      return value.u64;
    } else if constexpr (type == FG_I64) {
      return value.i64;
    } else if constexpr (type == FG_F64) {
      return value.f64;
    } else if constexpr (type == FG_BOOL) {
      return value.boolean != 0;
    } else if constexpr (type == FG_STRING) {
      // Valid during construction only: keep a std::string.
      return std::string_view(value.string.data, value.string.size_bytes);
    } else {
#if FG_TARGET_MINOR >= 1
      return list_of<type>(create_.option_lists[index]);
#else
      static_assert(type == FG_STRING, "an option is FG_U64, FG_I64, FG_F64, FG_BOOL or FG_STRING");
#endif
    }
  }

#if FG_TARGET_MINOR >= 1
  // The plugin's file, and the folder that it lies in, for files that come with it. Empty on hosts of ABI 1.0.
  [[nodiscard]] std::string_view module_path() const {
    return FG_HAS(&create_, module_path) ? create_.module_path : "";
  }
  [[nodiscard]] std::string_view data_dir() const { return FG_HAS(&create_, data_dir) ? create_.data_dir : ""; }
#endif

  // 0, 1, ...: which of the instances this is. Several run at once.
  [[nodiscard]] std::uint32_t worker() const { return create_.worker; }
  [[nodiscard]] const fg_host& host() const { return *create_.host; }
  void log(fg_log_level level, std::string_view text) const { create_.host->log(level, text.data(), text.size()); }

 private:
#if FG_TARGET_MINOR >= 1
  // Valid during construction only: a std::span of numbers, or Texts.
  template <fg_type Type>
  [[nodiscard]] static auto list_of(const fg_list_value& list) {
    if constexpr (Type == FG_LIST_U64) {
      return std::span(list.u64.data, list.u64.size);
    } else if constexpr (Type == FG_LIST_I64) {
      return std::span(list.i64.data, list.i64.size);
    } else if constexpr (Type == FG_LIST_F64) {
      return std::span(list.f64.data, list.f64.size);
    } else {
      static_assert(Type == FG_LIST_STRING,
                    "an option is FG_U64, FG_I64, FG_F64, FG_BOOL, FG_STRING or a list of these");
      return Texts(list.string);
    }
  }
#endif

  const fg_create& create_;
};

}  // namespace fg
