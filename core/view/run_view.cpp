#include "core/view/run_view.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <future>
#include <system_error>
#include <utility>

#include "core/base/text.h"
#include "core/engine/quiet_thread.h"

namespace flowgauge {
namespace {

constexpr std::size_t kMessages = 16;
constexpr std::size_t kLongestFilter = 64;
constexpr int kLookAtSizeMs = 250;
constexpr int kEscape = 27;
constexpr int kCtrlL = 12;
constexpr int kCtrlZ = 26;
constexpr int kDelete = 127;

}  // namespace

RunView::RunView(std::string title, Events events)
    : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), events_(std::move(events)) {
  choices_.title = std::move(title);
}

Result<void> RunView::open(std::FILE* out) {
  if (wake_.get() < 0) return fail(ExitCode::kUsage, "the view cannot be started ({})", std::strerror(errno));
  std::promise<Result<void>> opened;
  try {
    thread_ = std::thread([this, out, &opened] {
      leave_signals_to_others();
      be_shown(out, [&](Result<void> result) { opened.set_value(std::move(result)); });
    });
  } catch (const std::system_error& error) {
    return fail(ExitCode::kUsage, "the view cannot be started ({})", error.what());
  }
  return opened.get_future().get();
}

RunView::~RunView() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    is_over_ = true;
  }
  wake();
  thread_.join();
}

void RunView::wake() {
  const std::uint64_t one = 1;
  if (::write(wake_.get(), &one, sizeof one) < 0) return;  // it is awake
}

void RunView::show(const RunStatus& status) {
  {
    const std::scoped_lock lock(mutex_);
    if (is_over_) return;
    statuses_.push_back(status);
  }
  wake();
}

void RunView::add_message(std::string_view lines) {
  {
    const std::scoped_lock lock(mutex_);
    while (!lines.empty()) {
      const std::size_t end = std::min(lines.find('\n'), lines.size());
      if (end > 0) messages_.emplace_back(lines.substr(0, end));
      lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    while (messages_.size() > kMessages) messages_.pop_front();
  }
  wake();
}

// ---------------------------------------------------------------- the view's thread

void RunView::be_shown(std::FILE* out, const Opened& opened) {
  auto screen = Screen::take(out);
  if (!screen) return opened(std::unexpected(screen.error()));
  choices_.glyphs = (*screen)->glyphs();
  events_.taken((*screen)->rest());
  opened({});
  for (bool is_over = false; !is_over && !wants_to_leave_;) {
    draw(**screen);
    wait(**screen);
    answer_keys(**screen);
    const std::scoped_lock lock(mutex_);
    is_over = is_over_;
  }
  {
    const std::scoped_lock lock(mutex_);
    is_over_ = true;  // nobody draws any more
    statuses_.clear();
  }
  screen->reset();
  events_.left();
}

// For a key, something to draw, or another size of the terminal.
void RunView::wait(Screen& screen) {
  std::array<pollfd, 2> waits = {pollfd{.fd = screen.key_descriptor(), .events = POLLIN, .revents = 0},
                                 pollfd{.fd = wake_.get(), .events = POLLIN, .revents = 0}};
  const PageSize size = screen.size();
  while (::poll(waits.data(), waits.size(), kLookAtSizeMs) == 0)
    if (screen.size() != size) return;
  std::uint64_t wakes = 0;
  if (::read(wake_.get(), &wakes, sizeof wakes) < 0 && errno != EAGAIN) wants_to_leave_ = true;
  if ((waits[0].revents & (POLLHUP | POLLERR)) != 0) wants_to_leave_ = true;  // the terminal has gone
}

void RunView::answer_keys(Screen& screen) {
  while (const std::optional<int> key = screen.key()) answer(screen, *key);
}

void RunView::answer(Screen& screen, int key) {
  if (key == kCtrlZ) {
    wants_to_leave_ = screen.suspend() == Screen::Resumed::kBackground;
    return;
  }
  if (choices_.is_filter_typed) return type(key);
  switch (key) {
    case 'q':
      wants_to_leave_ = true;
      break;
    case 'p':
    case ' ':
      choices_.motion = choices_.motion == Motion::kPaused ? Motion::kRunning : Motion::kPaused;
      break;
    case 's':
      choices_.order = choices_.order == TalkerOrder::kBits ? TalkerOrder::kName : TalkerOrder::kBits;
      break;
    case '/':
      choices_.is_filter_typed = true;
      break;
    case kEscape:
      choices_.filter.clear();
      break;
    case kCtrlL:
      screen.redraw();
      break;
    default:
      break;
  }
}

void RunView::type(int key) {
  if (key == '\n' || key == '\r') {
    choices_.is_filter_typed = false;
  } else if (key == kEscape) {
    choices_.is_filter_typed = false;
    choices_.filter.clear();
  } else if (key == '\b' || key == kDelete) {
    if (!choices_.filter.empty()) choices_.filter.pop_back();
  } else if (key >= ' ' && key < kDelete && choices_.filter.size() < kLongestFilter) {
    choices_.filter += static_cast<char>(key);
  }
}

void RunView::draw(Screen& screen) {
  std::deque<RunStatus> statuses;
  {
    const std::scoped_lock lock(mutex_);
    statuses.swap(statuses_);
    choices_.messages = messages_;
  }
  for (const RunStatus& status : statuses) picture_.add(status);
  if (choices_.motion == Motion::kRunning)
    paused_.reset();
  else if (!paused_)
    paused_ = picture_;
  screen.draw(page_of(paused_ ? *paused_ : picture_, choices_, screen.size()));
}

}  // namespace flowgauge
