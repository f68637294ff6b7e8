#include "core/python/run_object.h"

#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "core/python/batch_object.h"
#include "core/python/given_options.h"
#include "core/python/run.h"

namespace flowgauge::python {
namespace {

struct RunObject {
  PyObject_HEAD std::shared_ptr<Run>* run;  // null: closed
};

RunObject& object_of(PyObject* self) { return *reinterpret_cast<RunObject*>(self); }

// Another thread may close the object meanwhile. Empty: an exception is raised.
std::shared_ptr<Run> run_of(PyObject* self) {
  const RunObject& own = object_of(self);
  if (own.run == nullptr) {
    raise(FLOWGAUGE_MISUSE, "the run is closed");
    return nullptr;
  }
  if (!(*own.run)->is_of_this_process()) {
    raise(FLOWGAUGE_MISUSE, "the run was begun by another process, of which this is a copy; read anew");
    return nullptr;
  }
  return *own.run;
}

// What a function of Python raised meanwhile goes before what the library says of it.
PyObject* answer(PyObject* self, Run& run, const Problem& problem) {
  if (run.callbacks().raise_kept()) return nullptr;
  if (problem) return raise(problem.status, problem.text.c_str(), self);
  Py_RETURN_NONE;
}

template <class Work>
PyObject* unlocked_answer(PyObject* self, Run& run, const Work& work) {
  Problem problem;
  {
    const Unlocked unlocked;
    problem = work();
  }
  return answer(self, run, problem);
}

PyObject* create(PyTypeObject* type, PyObject* arguments, PyObject*) {
  PyObject* dict = nullptr;
  PyObject* log = nullptr;
  PyObject* progress = nullptr;
  if (PyArg_ParseTuple(arguments, "O!OO", &PyDict_Type, &dict, &log, &progress) == 0) return nullptr;
  GivenOptions options;
  if (!options.take(dict)) return nullptr;
  auto run = std::make_shared<Run>(std::make_unique<Callbacks>(log, progress));
  Problem problem;
  {
    const Unlocked unlocked;
    problem = run->open(options.c());
  }
  Ref opened(answer(nullptr, *run, problem));
  if (!opened) {
    drop(std::move(run));
    return nullptr;
  }
  auto* const allocate = reinterpret_cast<allocfunc>(PyType_GetSlot(type, Py_tp_alloc));
  PyObject* const self = allocate(type, 0);
  if (self != nullptr) object_of(self).run = new std::shared_ptr<Run>(std::move(run));
  return self;
}

// With the lock; it is given away while the run's thread is waited for.
void let_go(PyObject* self) {
  std::unique_ptr<std::shared_ptr<Run>> run(std::exchange(object_of(self).run, nullptr));
  if (run) drop(std::move(*run));
}

void destroy_run(PyObject* self) {
  let_go(self);
  auto* const type = Py_TYPE(self);
  reinterpret_cast<freefunc>(PyType_GetSlot(type, Py_tp_free))(self);
  Py_DECREF(type);
}

PyObject* close(PyObject* self, PyObject*) {
  let_go(self);
  Py_RETURN_NONE;
}

PyObject* interrupt(PyObject* self, PyObject*) {
  if (object_of(self).run != nullptr) (*object_of(self).run)->interrupt();
  Py_RETURN_NONE;
}

PyObject* end(PyObject* self, PyObject*) {
  const auto run = run_of(self);
  if (run == nullptr) return nullptr;
  {
    const Unlocked unlocked;
    run->end();
  }
  Py_RETURN_NONE;
}

PyObject* is_ended(PyObject* self, PyObject*) {
  const RunObject& own = object_of(self);
  return PyBool_FromLong(own.run == nullptr || (*own.run)->is_ended() ? 1 : 0);
}

PyObject* add_input(PyObject* self, PyObject* given,
                    flowgauge_status (*add)(flowgauge_session*, const char*, flowgauge_error**)) {
  const auto run = run_of(self);
  std::string text;
  if (run == nullptr || !text_of(given, text)) return nullptr;
  return unlocked_answer(self, *run, [&] {
    return run->call(
        [&](flowgauge_session* session, flowgauge_error** error) { return add(session, text.c_str(), error); });
  });
}

PyObject* add_capture(PyObject* self, PyObject* path) { return add_input(self, path, flowgauge_session_add_capture); }
PyObject* add_interface(PyObject* self, PyObject* name) {
  return add_input(self, name, flowgauge_session_add_interface);
}

PyObject* add_events(PyObject* self, PyObject* folder) { return add_input(self, folder, flowgauge_session_add_events); }

PyObject* write_events(PyObject* self, PyObject* arguments) {
  PyObject* given = nullptr;
  unsigned first = 0;
  unsigned count = 0;
  if (PyArg_ParseTuple(arguments, "OII", &given, &first, &count) == 0) return nullptr;
  const auto run = run_of(self);
  std::string folder;
  if (run == nullptr || !text_of(given, folder)) return nullptr;
  return unlocked_answer(self, *run, [&] {
    return run->call([&](flowgauge_session* session, flowgauge_error** error) {
      return flowgauge_session_write_events(session, folder.c_str(), first, count, error);
    });
  });
}

PyObject* open_stream(PyObject* self, PyObject* arguments) {
  PyObject* schema = nullptr;
  unsigned numbers = 0;
  unsigned long long batch_rows = 0;
  if (PyArg_ParseTuple(arguments, "OIK", &schema, &numbers, &batch_rows) == 0) return nullptr;
  const auto run = run_of(self);
  std::string name;
  if (run == nullptr || (schema != Py_None && !text_of(schema, name))) return nullptr;
  return answer(self, *run, run->open_stream(schema == Py_None ? nullptr : name.c_str(), numbers, batch_rows));
}

std::shared_ptr<Run> run_with_stream(PyObject* self) {
  auto run = run_of(self);
  if (run == nullptr || run->has_stream()) return run;
  raise(FLOWGAUGE_MISUSE, "the run has no stream");
  return nullptr;
}

PyObject* start(PyObject* self, PyObject*) {
  const auto run = run_with_stream(self);
  if (run == nullptr) return nullptr;
  return unlocked_answer(self, *run, [&] { return run->start(); });
}

PyObject* schema(PyObject* self, PyObject*) {
  const auto run = run_with_stream(self);
  if (run == nullptr) return nullptr;
  ArrowSchema own{};
  return run->schema(own) == 0 ? schema_capsule(own) : PyErr_NoMemory();
}

PyObject* next(PyObject* self, PyObject*) {
  auto run = run_with_stream(self);
  if (run == nullptr) return nullptr;
  ArrowArray batch{};
  Ref done(unlocked_answer(self, *run, [&] { return run->next(batch); }));
  if (!done && batch.release != nullptr) batch.release(&batch);
  if (!done || batch.release == nullptr) return done.release();
  ArrowSchema own{};
  if (run->schema(own) == 0) return make_batch(own, batch);
  batch.release(&batch);
  return PyErr_NoMemory();
}

PyObject* stream(PyObject* self, PyObject*) {
  auto run = run_with_stream(self);
  if (run == nullptr) return nullptr;
  ArrowArrayStream exported{};
  export_run(std::move(run), exported);
  return stream_capsule(exported);
}

template <auto Function>
PyObject* text_from(PyObject* self, PyObject*) {
  const auto run = run_of(self);
  if (run == nullptr) return nullptr;
  char* text = nullptr;
  Ref done(unlocked_answer(self, *run, [&] {
    return run->call(
        [&](flowgauge_session* session, flowgauge_error** error) { return Function(session, &text, error); });
  }));
  if (!done) return nullptr;
  PyObject* const answer = PyUnicode_DecodeUTF8(text, static_cast<Py_ssize_t>(std::strlen(text)), "replace");
  flowgauge_text_free(text);
  return answer;
}

PyObject* columns_of(Run& run, PyObject* self, std::uint32_t table, std::uint32_t count) {
  Ref list(PyList_New(0));
  for (std::uint32_t i = 0; list && i < count; ++i) {
    flowgauge_column column{};
    column.struct_size = sizeof column;
    const Problem problem = run.call([&](flowgauge_session* session, flowgauge_error** error) {
      return flowgauge_session_column(session, table, i, &column, error);
    });
    if (problem) return raise(problem.status, problem.text.c_str(), self);
    const Ref entry(Py_BuildValue("sIsssss", column.name, static_cast<unsigned>(column.type), column.unit,
                                  column.classes, column.role, column.expression, column.definition));
    if (!entry || PyList_Append(list.get(), entry.get()) != 0) return nullptr;
  }
  return list.release();
}

// [(schema, version, [(name, type, unit, classes, role, expression, definition)], rows)]
PyObject* tables(PyObject* self, PyObject*) {
  const auto run = run_of(self);
  if (run == nullptr) return nullptr;
  std::uint32_t count = 0;
  (void)run->call([&](flowgauge_session* session, flowgauge_error**) {
    count = flowgauge_session_table_count(session);
    return FLOWGAUGE_OK;
  });
  Ref list(PyList_New(0));
  for (std::uint32_t i = 0; list && i < count; ++i) {
    flowgauge_table table{};
    table.struct_size = sizeof table;
    const Problem problem = run->call([&](flowgauge_session* session, flowgauge_error** error) {
      return flowgauge_session_table(session, i, &table, error);
    });
    if (problem) return raise(problem.status, problem.text.c_str(), self);
    Ref columns(columns_of(*run, self, i, table.column_count));
    if (!columns) return nullptr;
    const Ref entry(Py_BuildValue("ssNI", table.schema, table.schema_version, columns.release(),
                                  static_cast<unsigned>(table.rows)));
    if (!entry || PyList_Append(list.get(), entry.get()) != 0) return nullptr;
  }
  return list.release();
}

PyMethodDef run_methods[] = {{"add_capture", add_capture, METH_O, nullptr},
                             {"add_interface", add_interface, METH_O, nullptr},
                             {"add_events", add_events, METH_O, nullptr},
                             {"write_events", write_events, METH_VARARGS, nullptr},
                             {"open_stream", open_stream, METH_VARARGS, nullptr},
                             {"tables", tables, METH_NOARGS, nullptr},
                             {"profile", text_from<flowgauge_session_profile>, METH_NOARGS, nullptr},
                             {"report", text_from<flowgauge_session_report>, METH_NOARGS, nullptr},
                             {"start", start, METH_NOARGS, nullptr},
                             {"schema", schema, METH_NOARGS, nullptr},
                             {"next", next, METH_NOARGS, nullptr},
                             {"stream", stream, METH_NOARGS, nullptr},
                             {"interrupt", interrupt, METH_NOARGS, nullptr},
                             {"end", end, METH_NOARGS, nullptr},
                             {"is_ended", is_ended, METH_NOARGS, nullptr},
                             {"close", close, METH_NOARGS, nullptr},
                             {}};
PyType_Slot run_slots[] = {{Py_tp_new, reinterpret_cast<void*>(create)},
                           {Py_tp_dealloc, reinterpret_cast<void*>(destroy_run)},
                           {Py_tp_methods, run_methods},
                           {Py_tp_doc, const_cast<char*>("One run: inputs in, one table out.")},
                           {}};
PyType_Spec run_spec = {"flowgauge._fg.Run", sizeof(RunObject), 0, Py_TPFLAGS_DEFAULT, run_slots};

}  // namespace

int add_run_type(PyObject* module) {
  PyObject* const type = PyType_FromSpec(&run_spec);
  return type == nullptr ? -1 : PyModule_AddObject(module, "Run", type);
}

}  // namespace flowgauge::python
