// Derived features: columns made of other features' columns, row by row, for every table (ABI 1.1).
//
//   #define FG_TARGET_MINOR 1
//   struct Asymmetry {
//     static constexpr fg::About kAbout{.name = "asymmetry", .version = "1.0", .doc = "How one-sided flows are."};
//     static constexpr fg::Input kInputs[] = {{"packet_length.fwd", FG_SERIES}, {"packet_length.bwd", FG_SERIES}};
//     static constexpr fg::Column kOutputs[] = {
//         {"bytes", "Share of the source's bytes", FG_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING}};
//     static void derive(fg::DeriveRow<Asymmetry>& row) {
//       const double fwd = row.get<"packet_length.fwd">().sum;
//       row.set<"bytes">(fwd / (fwd + row.get<"packet_length.bwd">().sum));
//     }
//   };
//   FG_MODULE("asymmetry", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<>, fg::Derived<Asymmetry>);
//
// It is a derive of its own, as those of schemas are (schema.hpp). Where outputs need different inputs, it has, beside
// kAbout, `using Derives = fg::Derives<One, Other>` instead. It reads columns of features that see packets, never
// derived ones.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "about.hpp"
#include "schema.hpp"

namespace fg {

// Beside Features and Schemas.
template <class... D>
struct Derived {};

#if FG_TARGET_MINOR >= 1
namespace detail {

void a_derived_feature_reads_columns_of_other_features_not_its_own();
void two_outputs_of_the_derived_feature_have_the_same_name();

// Its own derive, unless it lists some.
template <class F>
struct DerivesOfFeature {
  using Type = Derives<F>;
};
template <class F>
requires requires { typename F::Derives; }
struct DerivesOfFeature<F> {
  using Type = typename F::Derives;
};

template <class Item, std::size_t N>
consteval void check_not_read(const Item (&inputs)[N], std::string_view feature) {
  for (const Item& input : inputs) {
    // Letter by letter: with sanitizers std::string_view::find is none for the compiler (g++ 12).
    std::size_t same = 0;
    while (same < feature.size() && input.name[same] == feature[same]) ++same;
    if (same == feature.size() && input.name[same] == '.')
      a_derived_feature_reads_columns_of_other_features_not_its_own();
  }
}

template <class... D>
consteval void check_derives(Derives<D...>, std::string_view feature) {
  static_assert(sizeof...(D) > 0, "a derived feature has at least one derive");
  (check_not_read(D::kInputs, feature), ...);
  std::array<std::string_view, (std::size(D::kOutputs) + ... + 0)> names{};
  std::size_t count = 0;
  const auto add = [&](const Column& output) {
    for (std::size_t i = 0; i < count; ++i)
      if (names[i] == output.name) two_outputs_of_the_derived_feature_have_the_same_name();
    names[count++] = output.name;
  };
  const auto add_all = [&](const auto& outputs) {
    for (const Column& output : outputs) add(output);
  };
  (add_all(D::kOutputs), ...);
}

template <class F>
consteval fg_derived describe_derived() {
  using List = typename DerivesOfFeature<F>::Type;
  check_name_and_doc(F::kAbout.name, F::kAbout.doc);
  static_assert(F::kAbout.needs == FG_NEEDS_NOTHING, "a derived feature sees no packet: leave needs out of kAbout");
  static_assert(F::kAbout.source == nullptr, "a derived feature has no source: write .defined_in() behind its outputs");
  static_assert(
      !requires { F::kOptions; }, "a derived feature has no options: take kOptions out");
  check_derives(List{}, F::kAbout.name);
  constexpr auto& derives = DerivePointers<List>::kItems;
  fg_derived derived{};
  derived.struct_size = sizeof(fg_derived);
  derived.derive_count = static_cast<std::uint32_t>(derives.size());
  derived.name = F::kAbout.name;
  derived.version = F::kAbout.version;
  derived.doc = F::kAbout.doc;
  derived.derives = derives.data();
  return derived;
}

}  // namespace detail
#endif
}  // namespace fg
