// The loops of functions of numbers.
#pragma once

#include "core/expression/kernel.h"

namespace flowgauge::expression {

// Of integers, and of doubles.
void lesser_integers(Call& call);
void lesser_reals(Call& call);
void greater_integers(Call& call);
void greater_reals(Call& call);
void absolute_integers(Call& call);
void absolute_reals(Call& call);

void rounded_reals(Call& call);  // to kInteger
void same_integers(Call& call);
void logarithms(Call& call);  // of doubles, base 2; null of what is not positive

void nulls(Call& call);  // whether a cell is null, as a boolean

}  // namespace flowgauge::expression
