#include "core/python/given_options.h"

#include <limits>
#include <utility>

namespace flowgauge::python {
namespace {

template <class Number>
bool take_number(PyObject* value, Number& target) {
  const unsigned long long number = PyLong_AsUnsignedLongLong(value);
  if (PyErr_Occurred() != nullptr) return false;
  if (number > std::numeric_limits<Number>::max()) {
    PyErr_SetString(PyExc_OverflowError, "the number is too large");
    return false;
  }
  target = static_cast<Number>(number);
  return true;
}

}  // namespace

bool text_of(PyObject* value, std::string& text) {
  const Ref bytes = PyBytes_Check(value) != 0 ? Ref::of(value) : Ref(PyUnicode_AsUTF8String(value));
  if (!bytes) return false;
  char* data = nullptr;
  if (PyBytes_AsStringAndSize(bytes.get(), &data, nullptr) != 0) return false;  // which refuses a NUL within
  text = data;
  return true;
}

bool GivenOptions::take_text(PyObject* value, const char*& target) {
  std::string& text = texts_.emplace_back();
  if (!text_of(value, text)) return false;
  target = text.c_str();
  return true;
}

bool GivenOptions::take_texts(PyObject* value, const char* const*& target, std::uint64_t& count) {
  std::vector<const char*>& list = lists_.emplace_back();
  const Py_ssize_t size = PyList_Size(value);
  if (size < 0) return false;
  for (Py_ssize_t i = 0; i < size; ++i)
    if (!take_text(PyList_GetItem(value, i), list.emplace_back())) return false;
  target = list.data();
  count = list.size();
  return true;
}

bool GivenOptions::take_one(const std::string& name, PyObject* value) {
  if (value == Py_None) return true;
  if (name == "trial") return take_number(value, options_.trial);
  if (name == "flags") return take_number(value, options_.flags);
  if (name == "max_packets") return take_number(value, options_.max_packets);
  if (name == "duration_ns") return take_number(value, options_.duration_ns);
  if (name == "threads") return take_number(value, options_.threads);
  if (name == "log_level") return take_number(value, options_.log_level);
  if (name == "profile") return take_text(value, options_.profile);
  if (name == "profile_text") return take_text(value, options_.profile_text);
  if (name == "schema") return take_text(value, options_.schema);
  if (name == "partitions") return take_text(value, options_.partitions);
  if (name == "program") return take_text(value, options_.program);
  if (name == "settings") return take_texts(value, options_.settings, options_.setting_count);
  if (name == "plugin_folders") return take_texts(value, options_.plugin_folders, options_.plugin_folder_count);
  if (name == "columns") return take_texts(value, options_.columns, options_.column_count);
  PyErr_Format(PyExc_TypeError, "no option is called '%s'", name.c_str());
  return false;
}

bool GivenOptions::take(PyObject* dict) {
  flowgauge_options_init(&options_);
  PyObject* key = nullptr;
  PyObject* value = nullptr;
  Py_ssize_t position = 0;
  while (PyDict_Next(dict, &position, &key, &value) != 0) {
    std::string name;
    if (!text_of(key, name) || !take_one(name, value)) return false;
  }
  return PyErr_Occurred() == nullptr;
}

}  // namespace flowgauge::python
