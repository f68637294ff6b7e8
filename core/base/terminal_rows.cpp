#include "core/base/terminal_rows.h"

#include <utility>

namespace flowgauge {
namespace {

BeforeTerminalRows& owner_of_line() {
  static BeforeTerminalRows owner;
  return owner;
}

}  // namespace

void set_before_terminal_rows(BeforeTerminalRows before) { owner_of_line() = std::move(before); }

void before_terminal_rows(std::string_view rows) {
  if (owner_of_line()) owner_of_line()(rows);
}

}  // namespace flowgauge
