// `_fg.Batch`: rows that Python has and nobody has taken yet, by Arrow's PyCapsule interface.
#pragma once

#include "core/api/flowgauge.h"
#include "core/python/python.h"

namespace flowgauge::python {

// Takes both over.
[[nodiscard]] PyObject* make_batch(const ArrowSchema& schema, const ArrowArray& array);
// Adds the type to the module; 0, or -1 with an exception.
int add_batch_type(PyObject* module);

// A capsule with a struct of Arrow, which is taken over.
[[nodiscard]] PyObject* schema_capsule(const ArrowSchema& schema);
[[nodiscard]] PyObject* stream_capsule(const ArrowArrayStream& stream);

}  // namespace flowgauge::python
