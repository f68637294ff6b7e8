// What an editor does with profiles' files: load, save, and leave or run with what is saved.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/text.h"
#include "core/editor/editor.h"

namespace flowgauge {
namespace {

bool is_profile_path(const std::string& path) { return path.ends_with(".yaml") || path.ends_with(".yml"); }

// "mine.yaml" -> "mine-2.yaml"
std::string beside(const std::string& path) {
  const std::size_t dot = std::min(path.rfind('.'), path.size());
  return path.substr(0, dot) + "-2" + path.substr(dot);
}

}  // namespace

void Editor::begin(Draft draft, const std::string& path, std::string message) {
  loses_comments_ = false;
  saved_text_ = draft.text();
  model_.begin(std::move(draft), path);
  planned_.reset();
  message_ = std::move(message);
  at_ = 0;
}

void Editor::open(const std::string& path) {
  const auto& profiles = model_.offer().profiles;
  if (std::ranges::find(profiles, path, &OfferedName::name) != profiles.end()) {
    begin({}, "", fmt::format("a new profile that extends {}", path));
    return model_.set("extends", text_node(path));
  }
  if (is_profile_path(path) && !is_file_there(path)) return begin({}, path, fmt::format("{} is new", printable(path)));
  const Result<std::string> text = read_profile_file(path);
  if (!text) {
    message_ = text.error().message;
    return;
  }
  Result<Draft> draft = Draft::read(*text, path);
  if (!draft) {
    message_ = draft.error().message;
    return;
  }
  const bool has_some = has_comments(*text);
  begin(
      std::move(*draft), path,
      fmt::format("{} is loaded{}", printable(path), has_some ? "; its comments are not kept where it is saved" : ""));
  loses_comments_ = has_some;
}

void Editor::ask_to_save(std::function<void()> then) {
  const std::string& file = model_.file();
  const std::string path = file.empty() ? "mine.yaml" : loses_comments_ ? beside(file) : file;
  ask_path("Save the profile as:", path,
           [this, then = std::move(then)](const std::string& named) { save(named, Replace::kNo, then); });
}

void Editor::save(const std::string& path, Replace replace, const std::function<void()>& then) {
  if (!is_profile_path(path)) {
    ask_to_save(then);
    field_.set(path);
    message_ = "a profile's name ends in .yaml";
    return;
  }
  const bool is_own = path == model_.file();
  if (replace == Replace::kNo && is_file_there(path) && (!is_own || loses_comments_)) {
    const std::string lost = is_own ? "Its comments get lost. " : "";
    return ask(
        fmt::format("{} exists. {}Replace it? y: yes, n: no", printable(path), lost),
        {{'y', [this, path, then] { save(path, Replace::kYes, then); }}, {'n', [this, then] { ask_to_save(then); }}});
  }
  const std::string text = model_.draft().text();
  if (const auto written = write_profile_file(path, text, is_own ? Replace::kYes : replace); !written) {
    ask_to_save(then);
    field_.set(path);
    message_ = written.error().message;
    return;
  }
  saved_text_ = text;
  loses_comments_ = false;
  if (!is_own) model_.rename(path);
  message_ = fmt::format("saved as {}", printable(path));
  if (then) then();
}

void Editor::load(const std::string& path) {
  if (is_saved()) return open(path);
  ask("The changes are not saved. Load all the same? y: yes, n: no", {{'y', [this, path] { open(path); }}, {'n', {}}});
}

void Editor::quit() {
  if (is_saved()) {
    end_ = EditorEnd::kLeft;
    return;
  }
  ask("The changes are not saved. s: save and leave, y: leave without, n: stay",
      {{'s', [this] { ask_to_save([this] { end_ = EditorEnd::kLeft; }); }},
       {'y', [this] { end_ = EditorEnd::kLeft; }},
       {'n', {}}});
}

void Editor::start() {
  if (model_.source().inputs().empty()) {
    go_to(Section::kSource);
    message_ = "choose first what the run reads";
    return;
  }
  if (model_.table_count() == 0) {
    go_to(Section::kTable);
    message_ = "choose a schema first: the profile has no table";
    return;
  }
  if (!model_.mistakes().empty()) {
    go_to_next_mistake();
    message_ = "put this right first";
    return;
  }
  if (is_saved() && !model_.file().empty()) {
    end_ = EditorEnd::kStarts;
    return;
  }
  ask_to_save([this] { end_ = EditorEnd::kStarts; });
  prompt_ = "Save the profile, and run it, as:";
}

}  // namespace flowgauge
