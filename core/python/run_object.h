// `_fg.Run`: a session with its stream, as an object of Python.
#pragma once

#include "core/python/python.h"

namespace flowgauge::python {

// Adds the type to the module; 0, or -1 with an exception.
int add_run_type(PyObject* module);

}  // namespace flowgauge::python
