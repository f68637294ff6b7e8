// map(x){key: result; ... else result}.
#pragma once

#include "core/expression/binder.h"

namespace flowgauge::expression {

[[nodiscard]] BindResult<Bound> bind_map(Binder& binder, const Expression& expression);

}  // namespace flowgauge::expression
