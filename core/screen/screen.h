// A terminal as a whole screen, by ncurses: taken, drawn, asked for keys, given back. One at a time in a process.
#pragma once

#include <termios.h>

#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/screen/styled_text.h"
#include "core/text/figures.h"

namespace flowgauge {

// What gives a terminal back that was taken, also where the process that took it has died.
struct TerminalRest {
  termios modes{};
  std::string leave;  // the bytes to write: leave the screen, show the cursor
};

// Keys that are no characters, by numbers that none has.
enum ScreenKey : int {
  kKeyUp = 0x100,
  kKeyDown,
  kKeyLeft,
  kKeyRight,
  kKeyPageUp,
  kKeyPageDown,
  kKeyHome,
  kKeyEnd,
  kKeyDelete,
  kKeyBackTab,
};

class Screen {
 public:
  // `out` is a terminal; keys come from the terminal of the process. The error says why there is no screen: the kind of
  // terminal is not known, or no keys can be read.
  [[nodiscard]] static Result<std::unique_ptr<Screen>> take(std::FILE* out);
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  ~Screen();  // gives it back

  [[nodiscard]] const TerminalRest& rest() const;
  [[nodiscard]] Glyphs glyphs() const;
  // As it is now; also after the terminal has got another size.
  [[nodiscard]] PageSize size();
  void draw(std::span<const PageLine> lines);
  // The whole of it with the next draw(), whatever the terminal shows now.
  void redraw();
  // To wait for keys with poll(2).
  [[nodiscard]] int key_descriptor() const;
  // The next key that was pressed: a byte of a character, or one of ScreenKey; none: all are read. Other keys come as
  // 0.
  [[nodiscard]] std::optional<int> key();
  // Given back for as long as the process is stopped (Ctrl-Z), then taken again, unless it goes on in the background.
  enum class Resumed : std::uint8_t { kForeground, kBackground };
  Resumed suspend();
  // Whether the terminal is this job's.
  [[nodiscard]] bool is_in_front() const;
  // Takes the terminal again after kBackground.
  void resume();

 private:
  struct State;
  explicit Screen(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace flowgauge
