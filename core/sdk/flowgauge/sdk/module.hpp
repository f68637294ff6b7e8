// The entry: the one symbol that a plugin exports.
#pragma once

#include <array>
#include <type_traits>

#include "derived.hpp"
#include "feature.hpp"
#include "schema.hpp"

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

namespace detail {

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
#endif

template <class FeatureList, class SchemaList, class DerivedList = Derived<>>
consteval fg_module make_module(const char* name, const char* version, const char* licence) {
  if (!is_name(name)) a_name_is_made_of_lower_case_letters_digits_and_underscores();
  constexpr auto& features = Pointers<FeatureList>::kItems;
  constexpr auto& schemas = Pointers<SchemaList>::kItems;
  fg_module module{};
  module.struct_size = sizeof(fg_module);
  module.min_host_minor = FG_MIN_HOST_MINOR;
  module.built_minor = FG_ABI_MINOR;
  module.feature_count = static_cast<std::uint32_t>(features.size());
  module.schema_count = static_cast<std::uint32_t>(schemas.size());
  module.name = name;
  module.version = version;
  module.licence = licence;
  module.features = features.data();
  module.schemas = schemas.data();
#if FG_TARGET_MINOR >= 1
  constexpr auto& derived = Pointers<DerivedList>::kItems;
  module.derived = derived.data();
  module.derived_count = derived.size();
#else
  static_assert(std::is_same_v<DerivedList, Derived<>>,
                "derived features came with plugin ABI 1.1: #define FG_TARGET_MINOR 1 before the include");
#endif
  return module;
}

}  // namespace detail
}  // namespace fg

// Once per module: FG_MODULE("name", "1.0", "Apache-2.0", fg::Features<...>, fg::Schemas<...>);
// With derived features there is a third list: fg::Derived<...>.
#define FG_MODULE(name, version, licence, ...) \
  constinit const fg_module fg_module_v1 = fg::detail::make_module<__VA_ARGS__>(name, version, licence)
