// The loops of functions of texts and lists.
#pragma once

#include "core/expression/kernel.h"

namespace flowgauge::expression {

void prefixes(Call& call);  // Node::number characters

void text_lengths(Call& call);  // in characters
void list_lengths(Call& call);

// One text behind the other, in the arena of the run; null where a row has no room for it.
void joined_texts(Call& call);

// The item with the number that the second operand, of kI64, says; null where the list has none.
template <class List>
void items(Call& call);

}  // namespace flowgauge::expression
