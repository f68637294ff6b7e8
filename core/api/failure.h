// What a function of the C API gives its caller in place of a C++ error: nothing that is thrown leaves the library.
// Stateless.
#pragma once

#include <exception>
#include <expected>
#include <new>
#include <string>
#include <utility>

#include "core/api/flowgauge.h"
#include "core/base/result.h"

struct flowgauge_error {
  flowgauge_status status;
  std::string text;
};

namespace flowgauge::api {

struct Failure {
  flowgauge_status status;
  std::string text;

  Failure(flowgauge_status what, std::string why) : status(what), text(std::move(why)) {}
  Failure(Error error);  // NOLINT(google-explicit-constructor): what is below fails with an Error
};

template <class T>
using Answer = std::expected<T, Failure>;

[[nodiscard]] inline std::unexpected<Failure> misuse(std::string text) {
  return std::unexpected(Failure{FLOWGAUGE_MISUSE, std::move(text)});
}

// Sets *error, if the caller wants it; returns the status. Out of memory is an error, too.
flowgauge_status give(flowgauge_error** error, Failure failure) noexcept;
flowgauge_status give_out_of_memory(flowgauge_error** error) noexcept;
flowgauge_status give_thrown(flowgauge_error** error, const char* what) noexcept;

// Of a function of the API: `work` returns an Answer<void>.
template <class Work>
flowgauge_status guarded(flowgauge_error** error, Work&& work) noexcept {
  if (error != nullptr) *error = nullptr;
  try {
    Answer<void> answer = std::forward<Work>(work)();
    return answer ? FLOWGAUGE_OK : give(error, std::move(answer.error()));
  } catch (const std::bad_alloc&) {
    return give_out_of_memory(error);
  } catch (const std::exception& thrown) {
    return give_thrown(error, thrown.what());
  } catch (...) {
    return give_thrown(error, "unknown");
  }
}

// What a call was given, which must not be NULL.
template <class T>
[[nodiscard]] Answer<void> expect(T* given, const char* name) {
  if (given != nullptr) return {};
  return misuse(std::string("the argument '") + name + "' is NULL");
}

}  // namespace flowgauge::api
