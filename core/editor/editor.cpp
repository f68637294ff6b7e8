#include "core/editor/editor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/editor/editor_keys.h"
#include "core/screen/screen.h"

namespace flowgauge {
namespace {

constexpr std::size_t kPageItems = 8;

// A word that begins with '-' is an option to the program.
std::string operand(const std::string& path) { return path.starts_with('-') && path != "-" ? "./" + path : path; }

}  // namespace

void Editor::take(const std::string& text, const PlannedTables& planned) {
  if (text.empty() || text != text_to_plan()) return;
  planned_ = planned;
  std::optional<Mistake> mistake;
  if (planned.error) mistake = mistake_of(*planned.error, model_.draft(), model_.name());
  model_.set_planned_mistake(std::move(mistake));
}

std::string Editor::text_to_plan() const {
  const auto& mistakes = model_.mistakes();
  const bool is_only_planned = planned_ && planned_->error && mistakes.size() == 1;
  if (model_.table_count() == 0 || (!mistakes.empty() && !is_only_planned)) return {};
  return model_.draft().text();
}

std::vector<std::string> Editor::run_words() const {
  const RunSource& source = model_.source();
  std::vector<std::string> words = {source.command == RunSource::Command::kPcap ? "pcap" : "realtime"};
  for (const std::string& input : source.inputs()) words.push_back(operand(input));
  words.insert(words.end(), {"-p", operand(model_.file())});
  return words;
}

std::vector<Item> Editor::items() const {
  std::vector<Item> items = items_of(section_, model_);
  if (!search_.empty())
    std::erase_if(
        items, [&](const Item& item) { return !item.label.contains(search_) && !item.explanation.contains(search_); });
  return items;
}

void Editor::press(int key) {
  const std::string before = text_to_plan();
  switch (mode_) {
    case Mode::kBrowse:
      browse(key);
      break;
    case Mode::kType:
      type(key);
      break;
    case Mode::kSearch:
      look_for(key);
      break;
    case Mode::kPath:
      name_path(key);
      break;
    case Mode::kQuestion:
      answer(key);
      break;
    case Mode::kHelp:
      mode_ = Mode::kBrowse;
      break;
  }
  if (before != text_to_plan()) planned_.reset();
  const std::size_t count = items().size();
  if (at_ >= count) at_ = count == 0 ? 0 : count - 1;
}

void Editor::browse(int key) {
  message_.clear();
  const auto sections = static_cast<std::size_t>(kSectionNames.size());
  const auto number = static_cast<std::size_t>(section_);
  if (is_enter(key) || key == ' ') return act();
  switch (key) {
    case kKeyUp:
    case 'k':
      return move_to(at_ == 0 ? 0 : at_ - 1);
    case kKeyDown:
    case 'j':
      return move_to(at_ + 1);
    case kKeyPageUp:
      return move_to(at_ - std::min(at_, kPageItems));
    case kKeyPageDown:
      return move_to(at_ + kPageItems);
    case kKeyHome:
      return move_to(0);
    case kKeyEnd:
      return move_to(items().size());
    case kTab:
    case kKeyRight:
      return go_to(static_cast<Section>((number + 1) % sections));
    case kKeyBackTab:
    case kKeyLeft:
      return go_to(static_cast<Section>((number + sections - 1) % sections));
    case kKeyDelete:
    case '\b':
      return reset_item();
    case '/':
      field_.set(search_);
      mode_ = Mode::kSearch;
      return;
    case kEscape:
      search_.clear();
      return;
    case '?':
      mode_ = Mode::kHelp;
      return;
    case 'e':
      return type_value();
    case 'm':
      return go_to_next_mistake();
    case 's':
      return ask_to_save({});
    case 'l':
      return ask_path("Load the profile (Tab completes):", "", [this](const std::string& path) { load(path); });
    case 'r':
      return start();
    case 'q':
      return quit();
    default:
      return;
  }
}

void Editor::move_to(std::size_t item) {
  const std::size_t count = items().size();
  at_ = count == 0 ? 0 : std::min(item, count - 1);
}

void Editor::go_to(Section section) {
  section_ = section;
  at_ = 0;
  search_.clear();
}

void Editor::go_to_next_mistake() {
  const auto& mistakes = model_.mistakes();
  if (mistakes.empty()) {
    message_ = "no mistake is known";
    return;
  }
  const std::vector<Item> here = items();
  const std::string now = at_ < here.size() ? here[at_].key : "";
  auto next = std::ranges::find(mistakes, now, &Mistake::key);
  if (next != mistakes.end()) ++next;
  if (next == mistakes.end()) next = mistakes.begin();
  const std::string key = next->key;
  go_to(section_of(key));
  model_.turn_to(key);
  const std::vector<Item> there = items();
  const auto item = std::ranges::find_if(there, [&](const Item& one) {
    return !one.key.empty() && is_of_key({key, ""}, one.key);
  });
  if (item != there.end()) at_ = static_cast<std::size_t>(item - there.begin());
}

void Editor::reset_item() {
  const std::vector<Item> here = items();
  if (at_ < here.size() && here[at_].kind == Item::Kind::kKey && !here[at_].key.empty()) model_.erase(here[at_].key);
}

void Editor::act() {
  const std::vector<Item> here = items();
  if (at_ >= here.size()) return;
  const Item& item = here[at_];
  switch (item.kind) {
    case Item::Kind::kOne:
    case Item::Kind::kAny:
      return choose(section_, item, model_);
    case Item::Kind::kKey:
      if (item.choices.empty()) return begin_typing(item);
      if (const auto done = model_.type(item.key, next_choice(item)); !done) message_ = done.error().message;
      return;
    case Item::Kind::kAction:
      break;
  }
  switch (item.action) {
    case Item::Action::kAddFile:
      return ask_path("Capture file or folder (Tab completes):", "", [this](const std::string& path) {
        auto& files = model_.source().files;
        if (std::ranges::find(files, path) == files.end()) files.push_back(path);
      });
    case Item::Action::kExtendFile:
      return ask_path("Extend the profile (Tab completes):", "",
                      [this](const std::string& path) { model_.set("extends", text_node(path)); });
    case Item::Action::kAddTable:
      return model_.add_table();
    case Item::Action::kRemoveTable:
      return model_.remove_table();
    case Item::Action::kAddColumn:
      return begin_column();
    case Item::Action::kRemoveColumn:
      return model_.remove_own_column();
    case Item::Action::kNone:
      return;
  }
}

}  // namespace flowgauge
