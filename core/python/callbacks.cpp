#include "core/python/callbacks.h"

#include <memory>

namespace flowgauge::python {
namespace {

struct Raised {
  PyObject* parts[3];
};

// On the main thread, as soon as it is Python's turn again.
int raise_later(void* given) {
  const std::unique_ptr<Raised> raised(static_cast<Raised*>(given));
  PyErr_Restore(raised->parts[0], raised->parts[1], raised->parts[2]);
  return -1;
}

PyObject* callable_of(PyObject* given) {
  if (given == nullptr || given == Py_None) return nullptr;
  Py_INCREF(given);
  return given;
}

}  // namespace

std::atomic<bool> Callbacks::interpreter_is_gone = false;

Callbacks::Callbacks(PyObject* log, PyObject* progress) : log_(callable_of(log)), progress_(callable_of(progress)) {}

Callbacks::~Callbacks() {
  if (interpreter_is_gone || Py_IsInitialized() == 0) return;  // they go with the process
  const Locked locked;
  Py_XDECREF(log_);
  Py_XDECREF(progress_);
  for (PyObject* part : raised_) Py_XDECREF(part);
}

void Callbacks::install(flowgauge_options& options) {
  if (log_ != nullptr) {
    options.log = [](void* user, flowgauge_log_level level, const char* text) {
      static_cast<Callbacks*>(user)->tell_log(level, text);
    };
    options.log_user = this;
  }
  if (progress_ != nullptr) {
    options.progress = [](void* user, const flowgauge_progress* progress) {
      static_cast<Callbacks*>(user)->tell_progress(*progress);
    };
    options.progress_user = this;
  }
}

void Callbacks::install(flowgauge_stream_options& options) {
  options.waiting = [](void* user) { return static_cast<Callbacks*>(user)->ask_signals(); };
  options.waiting_user = this;
}

// The first of them counts.
void Callbacks::keep_raised() {
  if (has_raised_.exchange(true)) {
    PyErr_Clear();
    return;
  }
  PyErr_Fetch(&raised_[0], &raised_[1], &raised_[2]);
}

bool Callbacks::raise_kept() {
  if (!has_raised_.exchange(false)) return false;
  PyErr_Restore(std::exchange(raised_[0], nullptr), std::exchange(raised_[1], nullptr),
                std::exchange(raised_[2], nullptr));
  return true;
}

void Callbacks::tell_log(flowgauge_log_level level, const char* text) {
  if (interpreter_is_gone) return;
  const Locked locked;
  const Ref answer(PyObject_CallFunction(log_, "Is", static_cast<unsigned>(level), text));
  if (answer) return;
  keep_raised();
  flowgauge_session_interrupt(session_);
}

void Callbacks::tell_progress(const flowgauge_progress& progress) {
  if (interpreter_is_gone) return;
  const Locked locked;
  using Count = unsigned long long;
  const Ref answer(PyObject_CallFunction(
      progress_, "OKKKKKKKK", progress.is_last != 0 ? Py_True : Py_False, static_cast<Count>(progress.elapsed_ns),
      static_cast<Count>(progress.frames), static_cast<Count>(progress.flows), static_cast<Count>(progress.open_flows),
      static_cast<Count>(progress.rows), static_cast<Count>(progress.done_bytes),
      static_cast<Count>(progress.total_bytes), static_cast<Count>(progress.memory_bytes)));
  if (answer) return;
  keep_raised();
  flowgauge_session_interrupt(session_);
}

int Callbacks::ask_signals() {
  if (interpreter_is_gone) return 1;
  if (!is_python_thread()) return has_raised_ ? 1 : 0;
  const Locked locked;
  if (PyErr_CheckSignals() == 0) return has_raised_ ? 1 : 0;  // of the main thread alone it says anything
  if (!is_handed_out_) {
    keep_raised();
    return 1;
  }
  auto* const raised = new Raised;
  PyErr_Fetch(&raised->parts[0], &raised->parts[1], &raised->parts[2]);
  if (Py_AddPendingCall(raise_later, raised) != 0) {  // too many wait
    (void)raise_later(raised);
    PyErr_Clear();
    PyErr_SetInterrupt();
  }
  return 1;
}

}  // namespace flowgauge::python
