#include "core/python/batch_object.h"

namespace flowgauge::python {
namespace {

struct BatchObject {
  PyObject_HEAD ArrowSchema schema;
  ArrowArray array;
};

PyObject* batch_type = nullptr;

constexpr const char* kSchema = "arrow_schema";
constexpr const char* kArray = "arrow_array";
constexpr const char* kStream = "arrow_array_stream";

// Whoever takes a struct out leaves it without a release.
template <class Struct>
void free_struct(Struct* owned) {
  if (owned->release != nullptr) owned->release(owned);
  delete owned;
}

template <class Struct>
PyObject* capsule_of(const Struct& given, const char* name, PyCapsule_Destructor destroy) {
  auto* const owned = new Struct(given);
  PyObject* const capsule = PyCapsule_New(owned, name, destroy);
  if (capsule == nullptr) free_struct(owned);
  return capsule;
}

PyObject* array_capsule(const ArrowArray& array) {
  return capsule_of(array, kArray, [](PyObject* capsule) {
    free_struct(static_cast<ArrowArray*>(PyCapsule_GetPointer(capsule, kArray)));
  });
}

BatchObject& batch_of(PyObject* self) { return *reinterpret_cast<BatchObject*>(self); }

// Once: a batch is nobody's but the taker's then.
PyObject* arrow_c_array(PyObject* self, PyObject* arguments, PyObject* names) {
  PyObject* requested = nullptr;
  static const char* const kNames[] = {"requested_schema", nullptr};
  if (PyArg_ParseTupleAndKeywords(arguments, names, "|O", const_cast<char**>(kNames), &requested) == 0) return nullptr;
  BatchObject& own = batch_of(self);
  if (own.array.release == nullptr) {
    PyErr_SetString(PyExc_ValueError, "the batch is taken already");
    return nullptr;
  }
  Ref schema(schema_capsule(own.schema));
  own.schema.release = nullptr;
  if (!schema) return nullptr;
  Ref array(array_capsule(own.array));
  own.array.release = nullptr;
  if (!array) return nullptr;
  return Py_BuildValue("NN", schema.release(), array.release());
}

Py_ssize_t length(PyObject* self) { return static_cast<Py_ssize_t>(batch_of(self).array.length); }

void destroy_batch(PyObject* self) {
  BatchObject& own = batch_of(self);
  if (own.schema.release != nullptr) own.schema.release(&own.schema);
  if (own.array.release != nullptr) own.array.release(&own.array);
  auto* const type = Py_TYPE(self);
  PyObject_Free(self);
  Py_DECREF(type);
}

PyMethodDef batch_methods[] = {
    // NOLINTNEXTLINE(bugprone-casting-through-void): with METH_KEYWORDS a function has another type
    {"__arrow_c_array__", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(arrow_c_array)),
     METH_VARARGS | METH_KEYWORDS, "The rows, once, by Arrow's PyCapsule interface."},
    {}};
PyType_Slot batch_slots[] = {{Py_tp_dealloc, reinterpret_cast<void*>(destroy_batch)},
                             {Py_tp_methods, batch_methods},
                             {Py_sq_length, reinterpret_cast<void*>(length)},
                             {Py_tp_doc, const_cast<char*>("Rows, as a struct array of Arrow.")},
                             {}};
PyType_Spec batch_spec = {"flowgauge._fg.Batch", sizeof(BatchObject), 0, Py_TPFLAGS_DEFAULT, batch_slots};

}  // namespace

PyObject* schema_capsule(const ArrowSchema& schema) {
  return capsule_of(schema, kSchema, [](PyObject* capsule) {
    free_struct(static_cast<ArrowSchema*>(PyCapsule_GetPointer(capsule, kSchema)));
  });
}

PyObject* stream_capsule(const ArrowArrayStream& stream) {
  return capsule_of(stream, kStream, [](PyObject* capsule) {
    free_struct(static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, kStream)));
  });
}

PyObject* make_batch(const ArrowSchema& schema, const ArrowArray& array) {
  auto* const own = PyObject_New(BatchObject, reinterpret_cast<PyTypeObject*>(batch_type));
  if (own == nullptr) return nullptr;
  own->schema = schema;
  own->array = array;
  return reinterpret_cast<PyObject*>(own);
}

int add_batch_type(PyObject* module) {
  batch_type = PyType_FromSpec(&batch_spec);
  if (batch_type == nullptr) return -1;
  Py_INCREF(batch_type);
  return PyModule_AddObject(module, "Batch", batch_type);
}

}  // namespace flowgauge::python
