#include "core/editor/editor_panes.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/base/text.h"
#include "core/profile/key_text.h"
#include "core/profile/yaml_node.h"

namespace flowgauge {
namespace {

constexpr std::size_t kLabelColumns = 18;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// The first of `count` lines to show in `rows`, so that `wanted` is there.
std::size_t first_shown(std::size_t count, std::size_t wanted, std::size_t rows) {
  if (count <= rows || wanted < rows / 2) return 0;
  return std::min(wanted - rows / 2, count - rows);
}

}  // namespace

EditorPanes::EditorPanes(const Editor& editor) : editor_(editor), items_(editor.items()) {}

EditorPanes::Lines EditorPanes::sections() const {
  Lines lines;
  for (std::size_t i = 0; i < kSectionNames.size(); ++i) {
    const auto section = static_cast<Section>(i);
    const bool is_wrong = std::ranges::any_of(
        editor_.model().mistakes(), [&](const Mistake& mistake) { return section_of(mistake.key) == section; });
    const bool is_here = section == editor_.section();
    lines.push_back({{fmt::format("{}{} {:<14}", is_here ? '>' : ' ', is_wrong ? '!' : ' ', kSectionNames[i]),
                      is_here    ? Style::kBold
                      : is_wrong ? Style::kWarning
                                 : Style::kPlain}});
  }
  return lines;
}

std::vector<std::string> EditorPanes::mistakes_under(const Item& item) const {
  std::vector<std::string> texts;
  // Of several lines with one key the chosen one.
  if (item.key.empty() || (item.kind == Item::Kind::kOne && !item.is_on) || item.kind == Item::Kind::kAction)
    return texts;
  for (const Mistake& mistake : editor_.model().mistakes())
    if (is_of_key(mistake, item.key)) texts.push_back(mistake.text);
  return texts;
}

PageLine EditorPanes::line_of(const Item& item, bool is_chosen, std::size_t columns) const {
  const bool is_set = item.kind == Item::Kind::kKey && editor_.model().is_set(item.key);
  std::string text = fmt::format("{}{} ", is_chosen ? '>' : ' ',
                                 !mistakes_under(item).empty() ? '!'
                                 : is_set                      ? '*'
                                                               : ' ');
  if (item.kind == Item::Kind::kOne) text += item.is_on ? "(*) " : "( ) ";
  if (item.kind == Item::Kind::kAny) text += item.is_on ? "[x] " : "[ ] ";
  if (item.kind == Item::Kind::kAction) text += "+ ";
  text += item.kind == Item::Kind::kKey ? fmt::format("{:<{}} ", item.label, kLabelColumns) : item.label;
  const bool is_typed = is_chosen && editor_.mode() == Editor::Mode::kType;
  if (item.kind == Item::Kind::kKey) {
    const std::size_t room = columns - std::min(columns, columns_of(text));
    text += is_typed ? editor_.field().shown(room) : printable(item.value);
  }
  const Style style = is_typed ? Style::kBold : is_chosen ? Style::kTitle : Style::kPlain;
  return {{is_chosen ? padded(text, columns) : std::string(cut(text, columns)), style}};
}

EditorPanes::Lines EditorPanes::items(std::size_t columns, std::size_t rows) const {
  Lines lines;
  std::size_t chosen = 0;
  const auto is_elsewhere = [&](const Mistake& mistake) {
    return std::ranges::none_of(items_, [&](const Item& item) {
      const auto under = mistakes_under(item);
      return std::ranges::find(under, mistake.text) != under.end();
    });
  };
  const auto add_mistake = [&](const std::string& text) {
    for (const std::string& line : wrapped(text, columns - 5)) lines.push_back({{"     " + line, Style::kWarning}});
  };
  if (!editor_.search().empty())
    lines.push_back({{fmt::format("   lines with '{}' (Esc: all)", editor_.search()), Style::kDim}});
  if (editor_.section() == Section::kFeatures)
    for (const std::string& refusal : editor_.model().offer().refusals) add_mistake(refusal);
  for (const Mistake& mistake : editor_.model().mistakes())
    if (section_of(mistake.key) == editor_.section() && is_elsewhere(mistake)) add_mistake(mistake.text);
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (i == editor_.at()) chosen = lines.size();
    lines.push_back(line_of(items_[i], i == editor_.at(), columns));
    for (const std::string& text : mistakes_under(items_[i])) add_mistake(text);
  }
  if (items_.empty()) lines.push_back({{"   nothing", Style::kDim}});
  const std::size_t first = first_shown(lines.size(), chosen, rows);
  lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(first));
  if (lines.size() > rows) lines.resize(rows);
  return lines;
}

EditorPanes::Lines EditorPanes::explanation(std::size_t columns, std::size_t rows) const {
  if (editor_.at() >= items_.size()) return {};
  const Item& item = items_[editor_.at()];
  Lines lines = {{{std::string(columns, '-'), Style::kDim}}};
  std::string text = item.explanation;
  const auto key = text_of_key(documented_key(item.key));
  if (text.empty() && key) {
    lines.push_back(
        {{fmt::format("{}: {}. Default: {}.", documented_key(item.key), key->type, key->fallback), Style::kBold}});
    text = key->meaning;
  }
  std::vector<std::string> words = wrapped(text, columns);
  const std::size_t room = rows - lines.size();
  if (words.size() > room) {
    words.resize(room);
    words.back() = std::string(cut(words.back(), columns - 4)) + " ...";
  }
  for (std::string& line : words) lines.push_back({{std::move(line), Style::kPlain}});
  return lines;
}

// The key whose lines of YAML are to be seen.
std::string EditorPanes::focus() const {
  const bool is_of_table = editor_.section() == Section::kFeatures || editor_.section() == Section::kColumns;
  const Model& model = editor_.model();
  if (is_of_table) return model.table_key(model.schema(model.table()).empty() ? "columns" : "append");
  return editor_.at() < items_.size() ? items_[editor_.at()].key : "";
}

EditorPanes::Lines EditorPanes::yaml(std::size_t rows) const {
  const Model& model = editor_.model();
  const std::string text = model.draft().text();
  const std::vector<std::string> lines = lines_of(text);
  const auto parsed = model.draft().empty() ? Result<YamlNode>(YamlNode{}) : parse_profile_yaml(text, "");
  const std::string focus_key = focus();
  const auto keys = parsed ? keys_by_line(*parsed) : std::map<int, std::string>();
  std::size_t wanted = 0;
  for (const auto& [line, key] : keys)
    if (!focus_key.empty() && is_of_key({key, ""}, focus_key)) wanted = static_cast<std::size_t>(line) - 1;
  Lines shown = {{{fmt::format("YAML, {}:", counted(lines.size(), "line")), Style::kBold}}};
  const std::size_t first = first_shown(lines.size(), wanted, rows - 1);
  for (std::size_t i = first; i < lines.size() && shown.size() < rows; ++i) {
    const auto key = keys.find(static_cast<int>(i) + 1);
    const bool is_wrong = key != keys.end() && std::ranges::any_of(model.mistakes(), [&](const Mistake& mistake) {
                            return !mistake.key.empty() && mistake.key == key->second;
                          });
    shown.push_back({{printable(lines[i]), is_wrong ? Style::kWarning : i == 0 ? Style::kDim : Style::kPlain}});
  }
  return shown;
}

EditorPanes::Lines EditorPanes::columns(std::size_t columns, std::size_t rows) const {
  const Model& model = editor_.model();
  const std::optional<PlannedTables>& planned = editor_.planned();
  std::string head;
  std::vector<std::string> names;
  if (model.table_count() == 0) {
    head = "No table: choose a schema or columns";
  } else if (editor_.text_to_plan().empty()) {
    head = "Columns: none while there are mistakes";
  } else if (!planned) {
    head = "Columns: being looked at ...";
  } else if (planned->error) {
    head = "Columns: none, for the mistake";
  } else {
    std::vector<std::string> tables;
    for (const auto& table : planned->tables)
      tables.push_back(fmt::format("{} {}", table.schema, counted(table.columns.size(), "column")));
    head = join(tables) + ":";
    if (model.table() < planned->tables.size()) names = planned->tables[model.table()].columns;
  }
  Lines lines = {{{std::string(cut(head, columns)), Style::kBold}}};
  for (std::string& line : wrapped(join(names), columns)) {
    if (lines.size() == rows) break;
    lines.push_back({{std::move(line), Style::kPlain}});
  }
  return lines;
}

}  // namespace flowgauge
