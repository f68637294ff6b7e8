// Messages and a line of status on one stream. Where that is a terminal, the status stays the last line, and messages
// come above it. Elsewhere there is no status, and nothing but messages is written. It may be lent to a whole screen.
// Whoever reads it and takes nothing (Ctrl-S, a full pipe) does not hold up who writes: what finds no room comes later.
#pragma once

#include <cstdio>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace flowgauge {

// Any thread may call any function. Each call is one write where there is room, so that nothing is mixed.
class Terminal {
 public:
  explicit Terminal(std::FILE* stream) : stream_(stream) {}
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() = default;

  // From here on through a descriptor of its own: standard error may be closed by a plugin. Before any thread.
  void write_beyond_standard_error();

  [[nodiscard]] bool is_terminal() const;
  // Whole lines, with a newline at the end.
  void write(std::string_view lines);
  // Shows it in place of the one before, cut to the terminal's width. No newline in it.
  void set_status(std::string_view text);
  // Takes it away: at the end, and before others write to the terminal.
  void clear_status();
  // Rows are about to be written to the same terminal: the status makes way, and stays away while their last line is
  // not at its end.
  void make_way(std::string_view rows);

  // While a whole screen is shown: messages go there, and the status is not shown. Given back, the messages are written
  // that came meanwhile.
  using Taker = std::function<void(std::string_view lines)>;
  void lend(Taker taker);
  void take_back();
  // What found no room so far. Waits until it does: at the end of the process.
  void write_rest();
  // For whoever draws on it by itself.
  [[nodiscard]] std::FILE* stream() const { return stream_; }

 private:
  void put(std::string_view text);
  void write_unwritten();
  [[nodiscard]] bool has_room() const;
  std::size_t write_to_room(std::string_view text);

  std::FILE* stream_;
  std::mutex mutex_;
  std::string status_;  // as it is shown; empty: there is none
  bool is_row_open_ = false;
  Taker taker_;       // null: nobody has it
  std::string kept_;  // messages since it was lent
  std::string unwritten_;
};

}  // namespace flowgauge
