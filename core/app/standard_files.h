// Standard input, output and error that whoever started the program had closed (`<&-`, `>&-`).
#pragma once

namespace flowgauge {

// Opens /dev/null in their place, the wrong way round: no file that the program opens gets their numbers, to be read or
// written by mistake, and what uses them fails as if they were closed. To be called before anything is opened.
void hold_closed_standard_files();

}  // namespace flowgauge
