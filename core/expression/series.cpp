#include "core/expression/series.h"

#include <array>

namespace flowgauge::expression {
namespace {

const SeriesCells& series(const Call& call) { return *call.in<SeriesCells>(0); }

// These lie side by side already.
template <std::uint64_t* SeriesParts::*Part>
void show_part(Call& call) {
  call.show(series(call).parts.*Part, Form::kCells);
}

void means(Call& call) { series_means(series(call).parts, call.rows, call.own<double>()); }

void stds(Call& call) { series_stds(series(call).parts, series(call).whole, call.rows, call.own<double>()); }

void sample_stds(Call& call) {
  fill<double>(call, [whole = series(call).whole](std::uint32_t row) { return series_std_sample(whole[row]); });
}

template <std::uint64_t* SeriesParts::*Part>
constexpr Operation kShown{show_part<Part>, Operation::Nulls::kOfOperands, Operation::Runs::kOnce};

constexpr std::array kMembers = {
    SeriesMember{"count", ValueType::kU64, kShown<&SeriesParts::counts>},
    SeriesMember{"total", ValueType::kI64, kShown<&SeriesParts::sums>},
    SeriesMember{"mean", ValueType::kReal, {means}},
    SeriesMember{"std", ValueType::kReal, {stds}},
    SeriesMember{"min", ValueType::kI64, kShown<&SeriesParts::minima>, SeriesMember::Kind::kExtreme},
    SeriesMember{"max", ValueType::kI64, kShown<&SeriesParts::maxima>, SeriesMember::Kind::kExtreme},
    SeriesMember{"std_sample", ValueType::kReal, {sample_stds}},
};

}  // namespace

std::span<const SeriesMember> series_members() { return kMembers; }

}  // namespace flowgauge::expression
