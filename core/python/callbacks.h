// What a run tells Python: messages, progress, and whether a signal has come in. Called by any thread, one call at a
// time; takes the lock itself. Belongs to a Run, and lives as long as it.
#pragma once

#include <atomic>

#include "core/api/flowgauge.h"
#include "core/python/python.h"

namespace flowgauge::python {

class Callbacks {
 public:
  // Each is None or something that can be called: log(level, text), progress(dict).
  Callbacks(PyObject* log, PyObject* progress);
  Callbacks(const Callbacks&) = delete;
  Callbacks& operator=(const Callbacks&) = delete;
  ~Callbacks();

  void install(flowgauge_options& options);
  void install(flowgauge_stream_options& options);
  // What is to be interrupted where a function of Python raises.
  void watch(flowgauge_session* session) { session_ = session; }
  // The stream is in the hands of others: they do not know what a signal raised, so it is raised behind their call.
  void hand_out() { is_handed_out_ = true; }

  // Raises what one of them raised, if something did. With the lock.
  bool raise_kept();

  // The interpreter goes: nobody is called any more.
  static void shut_down() { interpreter_is_gone = true; }
  [[nodiscard]] static bool is_shut_down() { return interpreter_is_gone; }

 private:
  void keep_raised();
  void tell_log(flowgauge_log_level level, const char* text);
  void tell_progress(const flowgauge_progress& progress);
  int ask_signals();

  static std::atomic<bool> interpreter_is_gone;

  PyObject* log_;
  PyObject* progress_;
  PyObject* raised_[3] = {};  // type, value, traceback
  std::atomic<bool> has_raised_ = false;
  std::atomic<bool> is_handed_out_ = false;
  std::atomic<flowgauge_session*> session_ = nullptr;
};

}  // namespace flowgauge::python
