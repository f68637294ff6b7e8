// Options of a session as Python gives them: a dict with the names of flowgauge_options.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "core/api/flowgauge.h"
#include "core/python/python.h"

namespace flowgauge::python {

// Keeps the texts that the options point to.
class GivenOptions {
 public:
  // False: an exception is raised. A key that is not known is refused.
  [[nodiscard]] bool take(PyObject* dict);
  [[nodiscard]] flowgauge_options& c() { return options_; }

 private:
  bool take_one(const std::string& name, PyObject* value);
  bool take_text(PyObject* value, const char*& target);
  bool take_texts(PyObject* value, const char* const*& target, std::uint64_t& count);

  flowgauge_options options_{};
  std::deque<std::string> texts_;
  std::deque<std::vector<const char*>> lists_;
};

// The UTF-8 of a str, or bytes as they are (paths); false: an exception is raised.
[[nodiscard]] bool text_of(PyObject* value, std::string& text);

}  // namespace flowgauge::python
