#include "core/editor/edit_loop.h"

#include <poll.h>

#include <array>
#include <chrono>
#include <csignal>

#include "core/base/try.h"
#include "core/editor/editor_page.h"

namespace flowgauge {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLookAtSizeMs = 250;
constexpr std::chrono::milliseconds kPause(150);  // of keys, before the draft is planned
constexpr int kCtrlL = 12;
constexpr int kCtrlZ = 26;

class EditLoop {
 public:
  EditLoop(Screen& screen, Editor& editor, Planner& planner, const StopRequest& stop)
      : screen_(screen), editor_(editor), planner_(planner), stop_(stop) {}

  EditorEnd run() {
    while (editor_.end() == EditorEnd::kGoesOn && !is_over_ && !stop_.requested()) {
      const PageSize size = screen_.size();
      screen_.draw(page_of(editor_, size));
      wait(size);
      while (const std::optional<int> key = screen_.key()) press(*key);
      plan();
    }
    return editor_.end() == EditorEnd::kGoesOn ? EditorEnd::kLeft : editor_.end();
  }

 private:
  void press(int key) {
    last_key_ = Clock::now();
    if (key == kCtrlL) return screen_.redraw();
    if (key != kCtrlZ) return editor_.press(key);
    if (screen_.suspend() == Screen::Resumed::kForeground) return;
    // In the background there is nothing to do.
    while (!screen_.is_in_front()) ::raise(SIGSTOP);
    screen_.resume();
  }

  // For a key, an answer, the end, another size, or the moment to plan.
  void wait(PageSize size) {
    std::array<pollfd, 3> waits = {pollfd{.fd = screen_.key_descriptor(), .events = POLLIN, .revents = 0},
                                   pollfd{.fd = stop_.descriptor(), .events = POLLIN, .revents = 0},
                                   pollfd{.fd = planner_.descriptor(), .events = POLLIN, .revents = 0}};
    const bool is_due = must_ask();
    const int limit_ms = is_due ? static_cast<int>(kPause.count()) : kLookAtSizeMs;
    while (::poll(waits.data(), waits.size(), limit_ms) == 0)
      if (is_due || screen_.size() != size) break;
    if ((waits[0].revents & (POLLHUP | POLLERR)) != 0) is_over_ = true;  // the terminal has gone
  }

  void plan() {
    if (const auto answer = planner_.answer()) editor_.take(asked_text_, *answer);
    if (!must_ask() || Clock::now() - last_key_ < kPause) return;
    asked_text_ = editor_.text_to_plan();
    asked_name_ = editor_.name();
    planner_.ask(asked_text_, asked_name_);
  }

  [[nodiscard]] bool must_ask() const {
    const std::string text = editor_.text_to_plan();
    if (text.empty() || editor_.planned()) return false;
    return planner_.descriptor() < 0 || text != asked_text_ || editor_.name() != asked_name_;
  }

  Screen& screen_;
  Editor& editor_;
  Planner& planner_;
  const StopRequest& stop_;
  std::string asked_text_, asked_name_;
  Clock::time_point last_key_;
  bool is_over_ = false;
};

}  // namespace

Result<EditorEnd> edit_on(std::FILE* terminal, Editor& editor, Planner& planner, const StopRequest& stop,
                          const TerminalEvents& events) {
  auto screen = TRY(Screen::take(terminal));
  events.taken(screen->rest());
  const EditorEnd end = EditLoop(*screen, editor, planner, stop).run();
  screen.reset();
  events.left();
  return end;
}

}  // namespace flowgauge
