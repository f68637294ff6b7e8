// Memory of a flow. A state is zero bytes when its flow begins, so it holds plain data only; what it
// owns on the heap hangs on an Owned<T>, and the feature's release() frees it.
#pragma once

namespace fg {

// A T on the heap, or none. Zero bytes are "none", which no std::unique_ptr or std::vector promises.
//   fg::Owned<std::vector<int>> values;
//   void release() { values.free(); }
template <class T>
struct Owned {
  T* object;

  T& get_or_create() { return object != nullptr ? *object : *(object = new T()); }
  T* get() { return object; }
  const T* get() const { return object; }
  explicit operator bool() const { return object != nullptr; }

  void free() {
    delete object;
    object = nullptr;
  }
};

}  // namespace fg
