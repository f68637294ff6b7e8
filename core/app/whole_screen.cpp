#include "core/app/whole_screen.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/app/signals.h"
#include "core/base/host_path.h"
#include "core/base/log.h"

namespace flowgauge {

bool has_rows_on_terminal(const Profile& profile) {
  const auto is_shown = [](const ProfileExporter& exporter) {
    return exporter.path.value.empty() || exporter.path.value == "-";
  };
  return isatty(standard_output()) == 1 &&
         (profile.exporters.empty() || std::ranges::any_of(profile.exporters, is_shown));
}

Result<std::unique_ptr<WholeScreen>> WholeScreen::prepare(Terminal& terminal, std::optional<bool> wish,
                                                          const Profile& profile, std::string title,
                                                          std::chrono::nanoseconds after) {
  std::unique_ptr<WholeScreen> screen(new WholeScreen(terminal, std::move(title), wish ? after.zero() : after, wish));
  const bool is_terminal = terminal.is_terminal();
  const bool has_rows = has_rows_on_terminal(profile);
  if (wish == true && !is_terminal) return fail(ExitCode::kUsage, "--view: standard error is no terminal");
  if (wish == true && has_rows)
    return fail(ExitCode::kUsage, "--view: the rows go to the same terminal; write them to a file with --export-path");
  if (wish == false || !is_terminal || has_rows) screen->is_wanted_ = false;
  return screen;
}

Observer WholeScreen::observer(Observer other) {
  if (!is_wanted_) return other;
  Observer observer = other;
  observer.traffic = Observer::TrafficWanted::kYes;
  observer.every = other.status ? std::min(observer.every, Observer().every) : Observer().every;
  observer.status = [this, show_otherwise = std::move(other.status)](const RunStatus& status) {
    show(status);
    if (show_otherwise) show_otherwise(status);
  };
  return observer;
}

void WholeScreen::show(const RunStatus& status) {
  if (status.phase == RunStatus::Phase::kDone) return close();
  if (!view_ && is_wanted_ && status.elapsed >= after_) open();
  if (view_) view_->show(status);
}

void WholeScreen::open() {
  is_wanted_ = false;  // once
  view_ = std::make_unique<RunView>(
      title_, RunView::Events{.taken = [](const TerminalRest& rest) { terminal_at_end().note(rest); },
                              .left =
                                  [this] {
                                    terminal_at_end().forget();
                                    terminal_.take_back();
                                  }});
  terminal_.lend([view = view_.get()](std::string_view lines) { view->add_message(lines); });
  if (const auto opened = view_->open(terminal_.stream()); !opened) {
    close();
    if (wish_)
      log_warning("there is no view: {}", opened.error().message);
    else
      log_debug("there is no view: {}", opened.error().message);
  }
}

void WholeScreen::close() {
  is_wanted_ = false;
  view_.reset();
  terminal_.take_back();
}

}  // namespace flowgauge
