// The view of a run on the terminal, from when it is worth it to the end of the run, or until the person leaves it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "core/app/command.h"
#include "core/app/terminal.h"
#include "core/base/result.h"
#include "core/engine/observer.h"
#include "core/profile/profile.h"
#include "core/view/run_view.h"

namespace flowgauge {

// Of files: who runs for less is told by the line alone.
inline constexpr std::chrono::seconds kShortRun{1};

// Where rows go to the same terminal, both would be written over each other.
[[nodiscard]] bool has_rows_on_terminal(const Profile& profile);

class WholeScreen {
 public:
  // `after`: runs that are over sooner show no view. Nothing is shown where `wish` is kNo, or nobody wished and the
  // terminal has no room for it. The error says why there cannot be the view that was wished for.
  [[nodiscard]] static Result<std::unique_ptr<WholeScreen>> prepare(Terminal& terminal, std::optional<bool> wish,
                                                                    const Profile& profile, std::string title,
                                                                    std::chrono::nanoseconds after);
  WholeScreen(const WholeScreen&) = delete;
  WholeScreen& operator=(const WholeScreen&) = delete;
  ~WholeScreen() { close(); }

  // The observer that shows the run: here, and what `other` shows while no view is there. Refers to this.
  [[nodiscard]] Observer observer(Observer other);
  // The terminal is as it was before.
  void close();

 private:
  WholeScreen(Terminal& terminal, std::string title, std::chrono::nanoseconds after, std::optional<bool> wish)
      : terminal_(terminal), title_(std::move(title)), after_(after), wish_(wish) {}
  void show(const RunStatus& status);
  void open();

  Terminal& terminal_;
  std::string title_;
  std::chrono::nanoseconds after_;
  std::optional<bool> wish_;
  bool is_wanted_ = true;
  std::unique_ptr<RunView> view_;
};

}  // namespace flowgauge
