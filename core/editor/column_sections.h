// The lines of the sections Features and Columns: what a table is made of. Pure.
#pragma once

#include <vector>

#include "core/editor/model.h"
#include "core/editor/sections.h"

namespace flowgauge {

[[nodiscard]] std::vector<Item> feature_items(const Model& model);
// Columns of one's own first, the chosen one with its keys, then all that there are.
[[nodiscard]] std::vector<Item> column_items(const Model& model);

void choose_feature(const Item& item, Model& model);
void choose_column(const Item& item, Model& model);

}  // namespace flowgauge
