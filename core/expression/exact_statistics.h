// Mean and deviation of an integer series as the double nearest to the true value: the same whatever the order of
// the values, the machine and the magnitude. Pure. docs/semantics.md, section 4.
#pragma once

#include <cstdint>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge::expression {

// The double nearest to numerator / denominator, ties to even; 0 where the denominator is 0.
double nearest_quotient(std::uint64_t numerator, std::uint64_t denominator);

double series_mean(const fg_series& series);        // 0 if empty
double series_std(const fg_series& series);         // of the population
double series_std_sample(const fg_series& series);  // 0 for fewer than 2 values

// The numbers of a vector of series side by side; signed ones in two's complement.
struct SeriesParts {
  std::uint64_t* counts;
  std::uint64_t* sums;
  std::uint64_t* minima;
  std::uint64_t* maxima;
};
void split_series(const fg_series* series, std::uint32_t rows, const SeriesParts& parts);

// The same of a whole vector, of which `parts` are those.
void series_means(const SeriesParts& parts, std::uint32_t rows, double* out);
void series_stds(const SeriesParts& parts, const fg_series* series, std::uint32_t rows, double* out);

}  // namespace flowgauge::expression
