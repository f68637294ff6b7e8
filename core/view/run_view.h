// The view of a run on a whole screen, with a thread of its own that draws and reads keys: the run never waits for it.
#pragma once

#include <cstdio>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/screen/screen.h"
#include "core/view/page.h"
#include "core/view/run_picture.h"

namespace flowgauge {

class RunView {
 public:
  // Called on the view's thread: the terminal is taken, and before it is drawn on; the person has left the view (q),
  // and it is given back. The run goes on.
  struct Events {
    std::function<void(const TerminalRest&)> taken;
    std::function<void()> left;
  };

  // `title`: what is read.
  RunView(std::string title, Events events);
  RunView(const RunView&) = delete;
  RunView& operator=(const RunView&) = delete;
  ~RunView();  // gives the terminal back

  // Takes the terminal. The error says why there is no view.
  [[nodiscard]] Result<void> open(std::FILE* out);
  // From any thread, at any time. Each is drawn, unless the next one comes sooner.
  void show(const RunStatus& status);
  void add_message(std::string_view lines);

 private:
  using Opened = std::function<void(Result<void>)>;
  void be_shown(std::FILE* out, const Opened& opened);
  void answer_keys(Screen& screen);
  void answer(Screen& screen, int key);
  void type(int key);
  void draw(Screen& screen);
  void wait(Screen& screen);
  void wake();

  FileDescriptor wake_;
  Events events_;
  // Of the view's thread.
  PageChoices choices_;
  RunPicture picture_;
  std::optional<RunPicture> paused_;  // as it was then
  bool wants_to_leave_ = false;
  // Of all threads.
  std::mutex mutex_;
  std::deque<RunStatus> statuses_;  // that are not drawn yet
  std::deque<std::string> messages_;
  bool is_over_ = false;
  std::thread thread_;
};

}  // namespace flowgauge
