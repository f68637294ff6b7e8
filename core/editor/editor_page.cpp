#include "core/editor/editor_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/text.h"
#include "core/editor/editor_panes.h"

namespace flowgauge {
namespace {

using Lines = std::vector<PageLine>;
using Mode = Editor::Mode;

constexpr std::size_t kSectionColumns = 17;
constexpr std::size_t kWide = 120;  // from here on the panes stand beside the list
constexpr std::size_t kTitleRows = 1;
constexpr std::size_t kExplanationRows = 4;
constexpr std::size_t kFootRows = 2;

constexpr std::string_view kHelp[] = {
    "Tab, Shift-Tab, left, right   the next section, the one before",
    "up, down, PgUp, PgDn          the lines of the section",
    "Enter or Space                type a value, take the next one, choose, or leave out",
    "e                             type the value, also where Enter takes the next one",
    "Del or Backspace              back to what the base profile or the default says",
    "/                             show only lines with a text; Esc: all again",
    "m                             the next mistake",
    "s                             save the profile: a name that exists is asked about",
    "l                             load another profile",
    "r                             run: save, leave, and run the program in this terminal",
    "q                             leave; changes that are not saved are asked about",
    "",
    "Where a text is typed: left, right, Home, End, Backspace, Del, Ctrl-U (all of it);",
    "Enter keeps it, Esc takes it back, Tab completes a path.",
    "",
    "* stands before what the profile says itself, ! before what is wrong.",
    "docs/configure.md explains the sections, docs/profiles.md every key.",
};

PageLine beside(const PageLine& left, std::size_t columns, const PageLine& right) {
  PageLine line = cut(left, columns);
  std::size_t used = 0;
  for (const Segment& segment : line) used += columns_of(segment.text);
  line.push_back({std::string(columns - used, ' '), Style::kPlain});
  line.insert(line.end(), right.begin(), right.end());
  return line;
}

void fill(Lines& lines, std::size_t rows) { lines.resize(rows); }

class EditorPage {
 public:
  EditorPage(const Editor& editor, PageSize size) : editor_(editor), size_(size), panes_(editor) {}

  Lines make() const {
    if (size_.columns < kLeastEditorPage.columns || size_.rows < kLeastEditorPage.rows)
      return {cut({{fmt::format("this screen is too small; the editor needs {} x {}", kLeastEditorPage.columns,
                                kLeastEditorPage.rows),
                    Style::kPlain}},
                  size_.columns)};
    Lines lines = {title()};
    const Lines body = editor_.mode() == Mode::kHelp ? help() : size_.columns >= kWide ? wide() : narrow();
    lines.insert(lines.end(), body.begin(), body.end());
    fill(lines, size_.rows - kFootRows);
    add_foot(lines);
    for (PageLine& line : lines) line = cut(std::move(line), size_.columns);
    return lines;
  }

 private:
  [[nodiscard]] std::size_t body_rows() const { return size_.rows - kTitleRows - kFootRows; }

  [[nodiscard]] PageLine title() const {
    const std::string& file = editor_.model().file();
    const std::string left = fmt::format(" flowgauge configure  {}{}", file.empty() ? "a new profile" : printable(file),
                                         editor_.is_saved() ? "" : " (not saved)");
    std::vector<std::string> words = {"flowgauge"};
    for (const std::string& word : editor_.run_words()) words.push_back(word.empty() ? "FILE" : shell_word(word));
    const std::string right = fmt::format("  $ {} ", join(words, " "));
    const std::size_t room = size_.columns - std::min(size_.columns, columns_of(right));
    return {{padded(left, std::max(room, columns_of(left))) + right, Style::kTitle}};
  }

  static Lines help() {
    Lines lines(1);
    for (const std::string_view line : kHelp) lines.push_back({{fmt::format("  {}", line), Style::kPlain}});
    return lines;
  }

  [[nodiscard]] Lines list(std::size_t columns, std::size_t rows) const {
    const Lines sections = panes_.sections();
    const Lines items = panes_.items(columns - kSectionColumns, rows);
    Lines lines;
    for (std::size_t row = 0; row < rows; ++row)
      lines.push_back(beside(row < sections.size() ? sections[row] : PageLine{}, kSectionColumns,
                             row < items.size() ? items[row] : PageLine{}));
    return lines;
  }

  [[nodiscard]] Lines narrow() const {
    const std::size_t panes = 5 + (size_.rows - kLeastEditorPage.rows) / 3;
    const std::size_t list_rows = body_rows() - kExplanationRows - panes;
    Lines lines = list(size_.columns, list_rows);
    Lines explanation = panes_.explanation(size_.columns, kExplanationRows);
    fill(explanation, kExplanationRows);
    lines.insert(lines.end(), explanation.begin(), explanation.end());
    const std::size_t half = size_.columns / 2;
    const Lines yaml = panes_.yaml(panes);
    const Lines columns = panes_.columns(size_.columns - half, panes);
    for (std::size_t row = 0; row < panes; ++row)
      lines.push_back(beside(row < yaml.size() ? cut(yaml[row], half - 1) : PageLine{}, half,
                             row < columns.size() ? columns[row] : PageLine{}));
    return lines;
  }

  [[nodiscard]] Lines wide() const {
    const std::size_t right = size_.columns * 2 / 5;
    const std::size_t left = size_.columns - right;
    Lines lines = list(left - 1, body_rows() - kExplanationRows);
    const Lines explanation = panes_.explanation(left - 1, kExplanationRows);
    lines.insert(lines.end(), explanation.begin(), explanation.end());
    fill(lines, body_rows());
    const std::size_t upper = body_rows() * 2 / 3;
    Lines panes = panes_.yaml(upper);
    fill(panes, upper);
    const Lines columns = panes_.columns(right, body_rows() - upper);
    panes.insert(panes.end(), columns.begin(), columns.end());
    fill(panes, body_rows());
    for (std::size_t row = 0; row < body_rows(); ++row)
      lines[row] = beside(cut(lines[row], left - 1), left, panes[row]);
    return lines;
  }

  void add_foot(Lines& lines) const {
    const std::string& message = editor_.message();
    const auto keys = [&](std::string_view text) { return PageLine{{padded(text, size_.columns), Style::kTitle}}; };
    switch (editor_.mode()) {
      case Mode::kPath: {
        const std::string prompt = editor_.prompt() + " ";
        const std::size_t room = size_.columns - std::min(size_.columns - 8, columns_of(prompt));
        lines.push_back({{prompt, Style::kBold}, {editor_.field().shown(room), Style::kPlain}});
        return lines.push_back(message.empty() ? keys(" Enter do it  Tab complete  Esc leave it")
                                               : PageLine{{message, Style::kWarning}});
      }
      case Mode::kQuestion:
        lines.push_back({{editor_.prompt(), Style::kBold}});
        return lines.push_back(keys(" Esc leave it"));
      case Mode::kSearch:
        lines.push_back({{"Lines with: ", Style::kBold}, {editor_.field().shown(size_.columns - 12), Style::kPlain}});
        return lines.push_back(keys(" Enter keep it  Esc all lines"));
      case Mode::kType:
        lines.push_back({{message, Style::kWarning}});
        return lines.push_back(keys(" Enter keep it  Esc take it back  Ctrl-U empty: no value of its own"));
      case Mode::kHelp:
        lines.emplace_back();
        return lines.push_back(keys(" any key: back"));
      case Mode::kBrowse:
        break;
    }
    const std::size_t count = editor_.model().mistakes().size();
    const std::string wrong =
        count == 0 ? "" : fmt::format("{}; m shows {}", counted(count, "mistake"), count == 1 ? "it" : "them");
    lines.push_back({{message.empty() ? wrong : message, message.empty() ? Style::kWarning : Style::kBold}});
    lines.push_back(keys(" Enter change  Tab section  / find  s save  l load  r run  ? help  q quit"));
  }

  const Editor& editor_;
  PageSize size_;
  EditorPanes panes_;
};

}  // namespace

std::vector<PageLine> page_of(const Editor& editor, PageSize size) { return EditorPage(editor, size).make(); }

}  // namespace flowgauge
