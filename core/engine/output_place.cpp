#include "core/engine/output_place.h"

#include "core/base/text.h"
#include "core/output/destination.h"

namespace flowgauge {

std::string shown_place(std::string_view path) {
  return is_standard_output(path) ? "standard output" : printable(path);
}

std::string plain_place(std::string_view path) { return std::string(is_standard_output(path) ? "-" : path); }

}  // namespace flowgauge
