// Binds the call of a function as its row in functions.cpp says.
#pragma once

#include "core/expression/bound.h"

namespace flowgauge::expression {

class Binder;

[[nodiscard]] BindResult<Bound> bind_call(Binder& binder, const Expression& call);

}  // namespace flowgauge::expression
