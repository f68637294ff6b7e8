// The C API of Python, as far as every Python from 3.9 on has it, and who holds its lock. Stateless.
#pragma once

#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x03090000
#endif
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <utility>

namespace flowgauge::python {

// An object of ours; the lock is held where it is made and where it goes.
class Ref {
 public:
  Ref() = default;
  explicit Ref(PyObject* owned) : object_(owned) {}
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Ref& operator=(Ref&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  Ref(const Ref&) = delete;
  Ref& operator=(const Ref&) = delete;
  ~Ref() { Py_XDECREF(object_); }

  [[nodiscard]] static Ref of(PyObject* borrowed) {
    Py_XINCREF(borrowed);
    return Ref(borrowed);
  }
  [[nodiscard]] PyObject* get() const { return object_; }
  [[nodiscard]] PyObject* release() { return std::exchange(object_, nullptr); }
  explicit operator bool() const { return object_ != nullptr; }

 private:
  PyObject* object_ = nullptr;
};

// Held here, whoever called.
class Locked {
 public:
  Locked() : state_(PyGILState_Ensure()) {}
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
  ~Locked() { PyGILState_Release(state_); }

 private:
  PyGILState_STATE state_;
};

// Not held here: the caller has it, and has it again behind this.
class Unlocked {
 public:
  Unlocked() : thread_(PyEval_SaveThread()) {}
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;
  ~Unlocked() { PyEval_RestoreThread(thread_); }

 private:
  PyThreadState* thread_;
};

// Whether this thread is one that Python knows: others never hold the lock.
[[nodiscard]] inline bool is_python_thread() {
  return Py_IsInitialized() != 0 && PyGILState_GetThisThreadState() != nullptr;
}

// Work that waits for threads which may want the lock. Readers of streams call with it or without: both is right.
template <class Work>
auto without_lock(const Work& work) {
  if (!is_python_thread()) return work();
  const Locked locked;  // so that there is one to give away
  const Unlocked unlocked;
  return work();
}

// Raises flowgauge.Error, by its kind; `run` may be null. Always null, as a function of Python fails.
PyObject* raise(unsigned status, const char* text, PyObject* run = nullptr);

}  // namespace flowgauge::python
