// The entry: the one symbol that a plugin exports.
#pragma once

#include <array>
#include <type_traits>

#include "derived.hpp"
#include "feature.hpp"
#include "schema.hpp"
#include "sink.hpp"

// The oldest host the module runs on. Defined lower than FG_TARGET_MINOR by whoever asks for the newer fields before
// using them: packet.has<&fg_packet::field>(), FG_HAS(pointer, field).
#ifndef FG_MIN_HOST_MINOR
#define FG_MIN_HOST_MINOR FG_TARGET_MINOR
#endif
static_assert(FG_MIN_HOST_MINOR <= FG_TARGET_MINOR, "fields newer than FG_TARGET_MINOR are hidden: raise it as well");

namespace fg {

template <class... F>
struct Features {};
template <class... S>
struct Schemas {};

#if FG_TARGET_MINOR >= 1
template <class... S>
struct Sinks {};

// Who made the module, where it is described, and where to ask: FG_MODULE(..., fg::Vendor<"Example Labs">,
// fg::Url<"https://example.org/flows">, fg::Support<"flows@example.org">), each or none of them.
template <Name Text>
struct Vendor {};
template <Name Text>
struct Url {};
template <Name Text>
struct Support {};
#endif

namespace detail {

void what_a_module_says_of_itself_is_a_text_and_not_empty();
void a_part_of_the_module_is_given_twice();
void options_that_are_lists_need_fg_min_host_minor_1();
void sinks_need_fg_min_host_minor_1();

template <class F>
inline constexpr fg_feature kFeature = describe_feature<F>();
template <class S>
inline constexpr fg_schema kSchema = describe_schema<S>();

template <class List>
struct Pointers;
template <class... F>
struct Pointers<Features<F...>> {
  static constexpr std::array<const fg_feature*, sizeof...(F)> kItems{&kFeature<F>...};
};
template <class... S>
struct Pointers<Schemas<S...>> {
  static constexpr std::array<const fg_schema*, sizeof...(S)> kItems{&kSchema<S>...};
};

#if FG_TARGET_MINOR >= 1
template <class F>
inline constexpr fg_derived kDerived = describe_derived<F>();
template <class... F>
struct Pointers<Derived<F...>> {
  static constexpr std::array<const fg_derived*, sizeof...(F)> kItems{&kDerived<F>...};
};

template <class S>
inline constexpr fg_sink kSink = describe_sink<S>();
template <class... S>
struct Pointers<Sinks<S...>> {
  static constexpr std::array<const fg_sink*, sizeof...(S)> kItems{&kSink<S>...};
};
#endif

// Each part of FG_MODULE behind the licence, by its type.
template <class... F>
consteval void add_part(fg_module& module, Features<F...>) {
  constexpr auto& features = Pointers<Features<F...>>::kItems;
  if (module.features != nullptr) a_part_of_the_module_is_given_twice();
  module.feature_count = static_cast<std::uint32_t>(features.size());
  module.features = features.data();
#if FG_TARGET_MINOR >= 1
  if (FG_MIN_HOST_MINOR < 1 && (has_list_options<F>() || ...)) options_that_are_lists_need_fg_min_host_minor_1();
#endif
}

template <class... S>
consteval void add_part(fg_module& module, Schemas<S...>) {
  constexpr auto& schemas = Pointers<Schemas<S...>>::kItems;
  if (module.schemas != nullptr) a_part_of_the_module_is_given_twice();
  module.schema_count = static_cast<std::uint32_t>(schemas.size());
  module.schemas = schemas.data();
}

#if FG_TARGET_MINOR >= 1
template <class... F>
consteval void add_part(fg_module& module, Derived<F...>) {
  constexpr auto& derived = Pointers<Derived<F...>>::kItems;
  if (module.derived != nullptr) a_part_of_the_module_is_given_twice();
  module.derived_count = derived.size();
  module.derived = derived.data();
}

template <class... S>
consteval void add_part(fg_module& module, Sinks<S...>) {
  if (FG_MIN_HOST_MINOR < 1) sinks_need_fg_min_host_minor_1();
  constexpr auto& sinks = Pointers<Sinks<S...>>::kItems;
  if (module.sinks != nullptr) a_part_of_the_module_is_given_twice();
  module.sink_count = sinks.size();
  module.sinks = sinks.data();
}

template <Name Text>
consteval void say(const char*& field) {
  if (Text.view().empty()) what_a_module_says_of_itself_is_a_text_and_not_empty();
  if (field != nullptr) a_part_of_the_module_is_given_twice();
  field = kText<Text>;
}
template <Name Text>
consteval void add_part(fg_module& module, Vendor<Text>) {
  say<Text>(module.vendor);
}
template <Name Text>
consteval void add_part(fg_module& module, Url<Text>) {
  say<Text>(module.url);
}
template <Name Text>
consteval void add_part(fg_module& module, Support<Text>) {
  say<Text>(module.support);
}
#else
template <class... F>
consteval void add_part(fg_module&, Derived<F...>) {
  static_assert(sizeof...(F) == 0,
                "derived features came with plugin ABI 1.1: #define FG_TARGET_MINOR 1 before the include");
}
#endif

template <class... Parts>
consteval fg_module make_module(const char* name, const char* version, const char* licence) {
  if (!is_name(name)) a_name_is_made_of_lower_case_letters_digits_and_underscores();
  fg_module module{};
  module.struct_size = sizeof(fg_module);
  module.min_host_minor = FG_MIN_HOST_MINOR;
  module.built_minor = FG_ABI_MINOR;
  module.name = name;
  module.version = version;
  module.licence = licence;
  (add_part(module, Parts{}), ...);
  return module;
}

}  // namespace detail
}  // namespace fg

// Once per module: FG_MODULE("name", "1.0", "Apache-2.0", fg::Features<...>, fg::Schemas<...>); further parts behind,
// as fg::Derived<...> and fg::Sinks<...>.
#define FG_MODULE(name, version, licence, ...) \
  constinit const fg_module fg_module_v1 = fg::detail::make_module<__VA_ARGS__>(name, version, licence)
