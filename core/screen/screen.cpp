#include "core/screen/screen.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <fcntl.h>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include "core/base/text.h"

// Macros of the library that are names elsewhere.
#undef lines
#undef columns
#undef timeout

namespace flowgauge {
namespace {

using Stream = std::unique_ptr<std::FILE, Closer<std::fclose>>;

// The character set of the person, for this thread alone: what a plugin sees of the process stays as it was.
class PersonsLocale {
 public:
  PersonsLocale() : locale_(newlocale(LC_CTYPE_MASK, "", nullptr)) {
    if (locale_ != nullptr) before_ = uselocale(locale_);
  }
  PersonsLocale(const PersonsLocale&) = delete;
  PersonsLocale& operator=(const PersonsLocale&) = delete;
  ~PersonsLocale() {
    if (locale_ == nullptr) return;
    uselocale(before_);
    freelocale(locale_);
  }
  [[nodiscard]] bool is_utf8() const {
    return locale_ != nullptr && std::string_view(nl_langinfo_l(CODESET, locale_)) == "UTF-8";
  }

 private:
  locale_t locale_;
  locale_t before_ = nullptr;
};

// The library sets handlers where there are none; the process's signals are the host's.
class KeptSignals {
 public:
  KeptSignals() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], nullptr, &before_[i]);
  }
  KeptSignals(const KeptSignals&) = delete;
  KeptSignals& operator=(const KeptSignals&) = delete;
  ~KeptSignals() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before_[i], nullptr);
  }

 private:
  static constexpr std::array kSignals = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
  std::array<struct sigaction, kSignals.size()> before_{};
};

std::string capability(const char* name) {
  const char* text = tigetstr(name);
  const auto number = reinterpret_cast<std::intptr_t>(text);  // 0: not of this kind of terminal; -1: no string
  return number == 0 || number == -1 ? "" : text;
}

// Whether the terminal is of a kind that the library knows, and has what a screen needs.
Result<void> can_show_a_screen(int terminal) {
  const char* kind = ::getenv("TERM");
  const std::string named = kind == nullptr ? "" : printable(kind);
  int known = 0;
  if (setupterm(nullptr, terminal, &known) != OK)
    return fail(ExitCode::kUsage, "the kind of this terminal is not known (TERM={})", named);
  const bool is_enough = !capability("cup").empty() && !capability("clear").empty();
  del_curterm(cur_term);
  if (!is_enough) return fail(ExitCode::kUsage, "this kind of terminal cannot show a screen (TERM={})", named);
  return {};
}

// Whether the terminal is that of this job, and not of another one, nor of no shell at all.
bool is_in_foreground(std::FILE* terminal) { return ::tcgetpgrp(fileno(terminal)) == ::getpgrp(); }

// It comes as a key, so that the screen can be given back first; Ctrl-C stays a signal.
void keep_ctrl_z(int terminal) {
  termios modes{};
  if (::tcgetattr(terminal, &modes) != 0) return;
  modes.c_cc[VSUSP] = _POSIX_VDISABLE;
  ::tcsetattr(terminal, TCSADRAIN, &modes);
}

int attribute_of(Style style) {
  const bool has_colours = has_colors();
  const auto coloured = [&](short pair, int without) {
    return has_colours ? static_cast<int>(COLOR_PAIR(pair)) : without;
  };
  switch (style) {
    case Style::kPlain:
      return A_NORMAL;
    case Style::kDim:
      return A_DIM;
    case Style::kBold:
      return A_BOLD;
    case Style::kTitle:
      return A_REVERSE;
    case Style::kGraph:
      return coloured(1, A_NORMAL);
    case Style::kWarning:
      return coloured(2, A_BOLD);
  }
  return A_NORMAL;
}

// https://no-color.org: whoever sets it to something wants none.
bool are_colours_wanted() {
  const char* none = getenv("NO_COLOR");
  return none == nullptr || *none == '\0';
}

// The library's numbers of keys, and ours.
constexpr std::array<std::pair<int, int>, 12> kKeys = {{{KEY_ENTER, '\n'},
                                                        {KEY_BACKSPACE, '\b'},
                                                        {KEY_UP, kKeyUp},
                                                        {KEY_DOWN, kKeyDown},
                                                        {KEY_LEFT, kKeyLeft},
                                                        {KEY_RIGHT, kKeyRight},
                                                        {KEY_PPAGE, kKeyPageUp},
                                                        {KEY_NPAGE, kKeyPageDown},
                                                        {KEY_HOME, kKeyHome},
                                                        {KEY_END, kKeyEnd},
                                                        {KEY_DC, kKeyDelete},
                                                        {KEY_BTAB, kKeyBackTab}}};
constexpr int kRubOut = 127;  // what most terminals send for Backspace
// How long the rest of a key's bytes may be on their way; a lone Escape counts after that.
constexpr int kEscapeDelayMs = 100;

}  // namespace

struct Screen::State {
  PersonsLocale locale;
  Stream keys;
  std::FILE* out = nullptr;
  SCREEN* screen = nullptr;
  TerminalRest rest;
  PageSize size;
};

Screen::Screen(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Screen>> Screen::take(std::FILE* out) {
  auto state = std::make_unique<State>();
  state->out = out;
  if (!is_in_foreground(out)) return fail(ExitCode::kUsage, "this program is not what runs in front on this terminal");
  const int keys = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (keys >= 0) state->keys.reset(::fdopen(keys, "r"));
  if (!state->keys) return fail(ExitCode::kUsage, "no keys can be read from this terminal ({})", std::strerror(errno));
  if (::tcgetattr(keys, &state->rest.modes) != 0)
    return fail(ExitCode::kUsage, "the modes of this terminal cannot be read ({})", std::strerror(errno));
  const KeptSignals signals;
  if (const auto shown = can_show_a_screen(fileno(out)); !shown) return std::unexpected(shown.error());
  state->screen = newterm(nullptr, out, state->keys.get());
  if (state->screen == nullptr) return fail(ExitCode::kUsage, "this terminal cannot show a screen");
  cbreak();
  noecho();
  nonl();
  keep_ctrl_z(keys);
  use_legacy_coding(0);  // the process's locale is "C", this thread's counts
  set_escdelay(kEscapeDelayMs);
  nodelay(stdscr, TRUE);
  keypad(stdscr, TRUE);
  curs_set(0);
  if (are_colours_wanted() && start_color() == OK) {
    use_default_colors();
    init_pair(1, COLOR_GREEN, -1);
    init_pair(2, COLOR_RED, -1);
  }
  state->rest.leave = capability("rmkx") + capability("sgr0") + capability("cnorm") + capability("rmcup");
  state->size = {.columns = static_cast<std::size_t>(COLS), .rows = static_cast<std::size_t>(LINES)};
  return std::unique_ptr<Screen>(new Screen(std::move(state)));
}

Screen::~Screen() {
  const KeptSignals signals;
  endwin();
  ::tcsetattr(key_descriptor(), TCSADRAIN, &state_->rest.modes);
  delscreen(state_->screen);
}

const TerminalRest& Screen::rest() const { return state_->rest; }

Glyphs Screen::glyphs() const { return state_->locale.is_utf8() ? Glyphs::kBlocks : Glyphs::kAscii; }

PageSize Screen::size() {
  winsize now{};
  if (::ioctl(fileno(state_->out), TIOCGWINSZ, &now) != 0 || now.ws_col == 0 || now.ws_row == 0) return state_->size;
  const PageSize size{.columns = now.ws_col, .rows = now.ws_row};
  if (size == state_->size) return size;
  state_->size = size;
  resizeterm(now.ws_row, now.ws_col);
  clearok(curscr, TRUE);
  return size;
}

void Screen::draw(std::span<const PageLine> lines) {
  erase();
  int row = 0;
  for (const PageLine& line : lines) {
    move(row++, 0);
    for (const Segment& segment : line) {
      attrset(attribute_of(segment.style));
      addnstr(segment.text.data(), static_cast<int>(segment.text.size()));
    }
  }
  attrset(A_NORMAL);
  refresh();
}

void Screen::redraw() { clearok(curscr, TRUE); }

int Screen::key_descriptor() const { return fileno(state_->keys.get()); }

std::optional<int> Screen::key() {
  const int key = getch();
  if (key == ERR) return std::nullopt;
  if (key == kRubOut) return '\b';
  if (key < 256) return key;
  const auto* const known = std::ranges::find(kKeys, key, &std::pair<int, int>::first);
  return known == kKeys.end() ? 0 : known->second;
}

Screen::Resumed Screen::suspend() {
  endwin();
  ::tcsetattr(key_descriptor(), TCSADRAIN, &state_->rest.modes);
  // All others of the job; this process by the signal that reaches this thread before the call is over.
  struct sigaction before {};
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGTSTP, &ignore, &before);
  ::kill(0, SIGTSTP);
  ::raise(SIGSTOP);
  ::sigaction(SIGTSTP, &before, nullptr);
  if (!is_in_front()) return Resumed::kBackground;
  resume();
  return Resumed::kForeground;
}

bool Screen::is_in_front() const { return is_in_foreground(state_->out); }

void Screen::resume() {
  refresh();
  keep_ctrl_z(key_descriptor());
  redraw();
}

}  // namespace flowgauge
