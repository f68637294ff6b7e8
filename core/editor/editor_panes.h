// The parts of the editor's page, each by itself: sections, lines to choose from, explanation, YAML, resulting columns.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/editor/editor.h"
#include "core/screen/styled_text.h"

namespace flowgauge {

// Refers to the editor; of one page.
class EditorPanes {
 public:
  explicit EditorPanes(const Editor& editor);

  using Lines = std::vector<PageLine>;
  // As many as there are.
  [[nodiscard]] Lines sections() const;
  // At most `rows`, those around the line that is chosen.
  [[nodiscard]] Lines items(std::size_t columns, std::size_t rows) const;
  [[nodiscard]] Lines explanation(std::size_t columns, std::size_t rows) const;
  [[nodiscard]] Lines yaml(std::size_t rows) const;
  [[nodiscard]] Lines columns(std::size_t columns, std::size_t rows) const;

 private:
  [[nodiscard]] PageLine line_of(const Item& item, bool is_chosen, std::size_t columns) const;
  [[nodiscard]] std::vector<std::string> mistakes_under(const Item& item) const;
  [[nodiscard]] std::string focus() const;

  const Editor& editor_;
  std::vector<Item> items_;
};

}  // namespace flowgauge
