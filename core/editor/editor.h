// A person configures a run: keys go in, pages come out. Reads and writes profiles' files; knows no terminal and loads
// no plugin. One thread.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/editor/model.h"
#include "core/editor/planned_tables.h"
#include "core/editor/profile_file.h"
#include "core/editor/sections.h"
#include "core/editor/text_field.h"

namespace flowgauge {

enum class EditorEnd { kGoesOn, kLeft, kStarts };

class Editor {
 public:
  explicit Editor(Offer offer) : model_(std::move(offer)) {}

  // What the person begins with: a file, one that is still to be made, or the name of a profile that comes with the
  // program. An error is said on the page, and the draft stays as it was.
  void open(const std::string& path);
  // A byte of a character, or a ScreenKey.
  void press(int key);
  // What the draft amounts to, of the text that it had when it was asked for.
  void take(const std::string& text, const PlannedTables& planned);

  [[nodiscard]] EditorEnd end() const { return end_; }
  // The draft as it would be saved. Without mistakes it is worth being planned; "" where it is not.
  [[nodiscard]] std::string text_to_plan() const;
  [[nodiscard]] std::string name() const { return model_.name(); }
  [[nodiscard]] bool is_saved() const { return model_.draft().text() == saved_text_ || is_untouched(); }
  // The words of the run behind the program's name: "pcap", "day.pcap", "-p", "mine.yaml".
  [[nodiscard]] std::vector<std::string> run_words() const;

  // ---- for the page
  enum class Mode { kBrowse, kType, kSearch, kPath, kQuestion, kHelp };
  [[nodiscard]] Mode mode() const { return mode_; }
  [[nodiscard]] const Model& model() const { return model_; }
  [[nodiscard]] Section section() const { return section_; }
  [[nodiscard]] std::vector<Item> items() const;  // that pass the search
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] const TextField& field() const { return field_; }
  [[nodiscard]] const std::string& prompt() const { return prompt_; }    // of kPath and kQuestion
  [[nodiscard]] const std::string& message() const { return message_; }  // the last thing to say; "": nothing
  [[nodiscard]] const std::string& search() const { return search_; }
  [[nodiscard]] const std::optional<PlannedTables>& planned() const { return planned_; }  // none: not known (any more)

 private:
  struct Answer {
    int key;
    std::function<void()> action;
  };

  [[nodiscard]] bool is_untouched() const { return model_.file().empty() && model_.draft().empty(); }
  void begin(Draft draft, const std::string& path, std::string message);
  void browse(int key);
  void act();
  void type(int key);
  void look_for(int key);
  void name_path(int key);
  void answer(int key);
  void move_to(std::size_t item);
  void go_to(Section section);
  void go_to_next_mistake();
  void reset_item();
  void type_value();
  void begin_typing(const Item& item);
  void begin_column();
  void ask_path(std::string prompt, std::string text, std::function<void(const std::string&)> then);
  void ask(std::string question, std::vector<Answer> answers);
  void ask_to_save(std::function<void()> then);
  void save(const std::string& path, Replace replace, const std::function<void()>& then);
  void load(const std::string& path);
  void quit();
  void start();

  Model model_;
  std::string saved_text_;       // of the draft that the file has
  bool loses_comments_ = false;  // the file has some that the draft has not
  EditorEnd end_ = EditorEnd::kGoesOn;
  Mode mode_ = Mode::kBrowse;
  Section section_ = Section::kSource;
  std::size_t at_ = 0;
  TextField field_;
  std::string search_, prompt_, message_;
  std::string typed_key_;  // that field_ is the value of
  Draft before_typing_;
  Draft undone_;  // what Esc brings back
  std::function<void(const std::string&)> path_then_;
  std::vector<Answer> answers_;
  std::optional<PlannedTables> planned_;
};

}  // namespace flowgauge
