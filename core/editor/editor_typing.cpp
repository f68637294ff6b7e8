// What a person types in the editor: values, what is searched for, paths, and answers to questions.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/text.h"
#include "core/editor/editor.h"
#include "core/editor/editor_keys.h"
#include "core/screen/screen.h"

namespace flowgauge {
namespace {

constexpr std::size_t kMostCandidates = 12;

}  // namespace

void Editor::type_value() {
  const std::vector<Item> here = items();
  if (at_ < here.size() && here[at_].kind == Item::Kind::kKey) begin_typing(here[at_]);
}

void Editor::begin_typing(const Item& item) {
  typed_key_ = item.key;
  before_typing_ = undone_ = model_.draft();
  field_.set(model_.is_set(item.key) && item.value != "none" ? item.value : "");
  mode_ = Mode::kType;
}

// Its expression first: without one there is no column. Esc takes all of it back.
void Editor::begin_column() {
  const Draft before = model_.draft();
  model_.add_own_column();
  const std::string key = model_.own_column_key("expression");
  search_.clear();
  const std::vector<Item> here = items();
  const auto item = std::ranges::find(here, key, &Item::key);
  at_ = static_cast<std::size_t>(item - here.begin());
  begin_typing(*item);
  undone_ = before;
}

void Editor::type(int key) {
  if (key == kEscape) {
    model_.restore(undone_);
    message_.clear();
    mode_ = Mode::kBrowse;
    return;
  }
  const bool is_over = is_enter(key);
  if (!is_over && !field_.press(key)) return;
  message_.clear();
  if (field_.text().empty()) {
    model_.restore(before_typing_);
    if (is_over) model_.erase(typed_key_);
  } else if (const auto done = model_.type(typed_key_, field_.text()); !done) {
    model_.restore(before_typing_);
    message_ = done.error().message;
    return;  // there is no such value: it cannot be kept
  }
  if (is_over) mode_ = Mode::kBrowse;
}

void Editor::look_for(int key) {
  if (key == kEscape) field_.set("");
  if (key != kEscape && !is_enter(key) && !field_.press(key)) return;
  search_ = field_.text();
  at_ = 0;
  if (key == kEscape || is_enter(key)) mode_ = Mode::kBrowse;
}

void Editor::ask_path(std::string prompt, std::string text, std::function<void(const std::string&)> then) {
  prompt_ = std::move(prompt);
  field_.set(std::move(text));
  path_then_ = std::move(then);
  mode_ = Mode::kPath;
}

void Editor::name_path(int key) {
  if (key == kEscape) {
    mode_ = Mode::kBrowse;
    message_.clear();
  } else if (key == kTab) {
    CompletedPath completed = complete_path(field_.text());
    field_.set(completed.text);
    if (completed.candidates.size() > kMostCandidates) {
      const std::size_t more = completed.candidates.size() - kMostCandidates;
      completed.candidates.resize(kMostCandidates);
      completed.candidates.push_back(fmt::format("and {} more", more));
    }
    message_ = join(completed.candidates, "  ");
  } else if (!is_enter(key)) {
    if (field_.press(key)) message_.clear();
  } else if (!field_.text().empty()) {
    mode_ = Mode::kBrowse;
    message_.clear();
    const auto then = path_then_;  // both may be set anew meanwhile
    const std::string named = field_.text();
    then(named);
  }
}

void Editor::ask(std::string question, std::vector<Answer> answers) {
  prompt_ = std::move(question);
  answers_ = std::move(answers);
  mode_ = Mode::kQuestion;
}

void Editor::answer(int key) {
  const auto given = std::ranges::find(answers_, key, &Answer::key);
  if (given == answers_.end() && key != kEscape) return;
  mode_ = Mode::kBrowse;
  if (given == answers_.end()) return;
  const auto action = given->action;
  if (action) action();
}

}  // namespace flowgauge
