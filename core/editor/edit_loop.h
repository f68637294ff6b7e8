// The editor on a terminal: keys in, pages out, until the person is done or the program is asked to stop.
#pragma once

#include <cstdio>
#include <functional>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/editor/editor.h"
#include "core/screen/screen.h"

namespace flowgauge {

// Works out what drafts amount to, elsewhere: the loop never waits for it.
class Planner {
 public:
  Planner() = default;
  Planner(const Planner&) = delete;
  Planner& operator=(const Planner&) = delete;
  virtual ~Planner() = default;

  // Of the profile `text`, whose file is `name`. What was asked before is given up.
  virtual void ask(const std::string& text, const std::string& name) = 0;
  // Readable when there is an answer; -1: nothing was asked.
  [[nodiscard]] virtual int descriptor() const = 0;
  // Once; none: not yet.
  [[nodiscard]] virtual std::optional<PlannedTables> answer() = 0;
};

struct TerminalEvents {
  std::function<void(const TerminalRest&)> taken;  // before it is drawn on
  std::function<void()> left;                      // it is given back
};

// kLeft also where `stop` asks for it, or the terminal is gone. The error says why there is no screen.
[[nodiscard]] Result<EditorEnd> edit_on(std::FILE* terminal, Editor& editor, Planner& planner, const StopRequest& stop,
                                        const TerminalEvents& events);

}  // namespace flowgauge
