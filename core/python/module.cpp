// `flowgauge._fg`: the library as a module of Python. All that users see is written in Python, above it.
#include <cstring>
#include <string>

#include "core/api/flowgauge.h"
#include "core/python/batch_object.h"
#include "core/python/callbacks.h"
#include "core/python/given_options.h"
#include "core/python/python.h"
#include "core/python/run.h"
#include "core/python/run_object.h"

namespace flowgauge::python {
namespace {

PyObject* error_of = nullptr;  // flowgauge._errors.error_of

// list_json(what, options, log)
PyObject* list_json(PyObject*, PyObject* arguments) {
  unsigned what = 0;
  PyObject* dict = nullptr;
  PyObject* log = nullptr;
  if (PyArg_ParseTuple(arguments, "IO!O", &what, &PyDict_Type, &dict, &log) == 0) return nullptr;
  GivenOptions options;
  if (!options.take(dict)) return nullptr;
  Callbacks callbacks(log, nullptr);
  callbacks.install(options.c());
  char* json = nullptr;
  flowgauge_error* error = nullptr;
  flowgauge_status status = FLOWGAUGE_OK;
  {
    const Unlocked unlocked;
    status = flowgauge_list_json(&options.c(), what, &json, &error);
  }
  if (status != FLOWGAUGE_OK) {
    raise(status, flowgauge_error_text(error));
    flowgauge_error_free(error);
    return nullptr;
  }
  PyObject* const text = PyUnicode_DecodeUTF8(json, static_cast<Py_ssize_t>(std::strlen(json)), "replace");
  flowgauge_text_free(json);
  return text;
}

PyObject* shut_down(PyObject*, PyObject*) {
  PyObject* const nothing = Py_BuildValue("");
  Callbacks::shut_down();
  const Unlocked unlocked;
  Run::end_all();
  return nothing;
}

PyMethodDef functions[] = {
    {"list_json", list_json, METH_VARARGS, nullptr}, {"shut_down", shut_down, METH_NOARGS, nullptr}, {}};
PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_fg", "The library of flowgauge.", -1, functions, nullptr, nullptr, nullptr, nullptr};

}  // namespace

PyObject* raise(unsigned status, const char* text, PyObject* run) {
  const Ref error(PyObject_CallFunction(error_of, "IsO", status, text, run == nullptr ? Py_None : run));
  if (error) PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error.get())), error.get());
  return nullptr;
}

}  // namespace flowgauge::python

// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): as Python wants it
PyMODINIT_FUNC PyInit__fg() {
  namespace python = flowgauge::python;
  const python::Ref errors(PyImport_ImportModule("flowgauge._errors"));
  if (!errors) return nullptr;
  python::error_of = PyObject_GetAttrString(errors.get(), "error_of");
  if (python::error_of == nullptr) return nullptr;
  python::Ref module(PyModule_Create(&python::definition));
  if (!module || PyModule_AddStringConstant(module.get(), "version", flowgauge_version()) != 0) return nullptr;
  if (python::add_batch_type(module.get()) != 0 || python::add_run_type(module.get()) != 0) return nullptr;
  return module.release();
}
