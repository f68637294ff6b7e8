#include "core/api/failure.h"

namespace flowgauge::api {
namespace {

// For those who ask what happened when there was no memory left to say it in.
const flowgauge_error& out_of_memory() {
  static const flowgauge_error kError{FLOWGAUGE_MEMORY, "out of memory"};  // short: the text needs none
  return kError;
}

}  // namespace

Failure::Failure(Error error) : status(static_cast<flowgauge_status>(error.code)), text(std::move(error.message)) {}

flowgauge_status give(flowgauge_error** error, Failure failure) noexcept {
  const flowgauge_status status = failure.status;
  if (error == nullptr) return status;
  *error = new (std::nothrow) flowgauge_error{status, std::move(failure.text)};
  return *error == nullptr ? give_out_of_memory(error) : status;
}

flowgauge_status give_out_of_memory(flowgauge_error** error) noexcept {
  if (error != nullptr) *error = const_cast<flowgauge_error*>(&out_of_memory());
  return FLOWGAUGE_MEMORY;
}

flowgauge_status give_thrown(flowgauge_error** error, const char* what) noexcept {
  try {
    return give(error, {FLOWGAUGE_INTERNAL, std::string("a mistake in flowgauge, please report it: ") + what});
  } catch (...) {
    return give_out_of_memory(error);
  }
}

}  // namespace flowgauge::api

extern "C" {

flowgauge_status flowgauge_error_status(const flowgauge_error* error) {
  return error == nullptr ? FLOWGAUGE_OK : error->status;
}

const char* flowgauge_error_text(const flowgauge_error* error) { return error == nullptr ? "" : error->text.c_str(); }

void flowgauge_error_free(flowgauge_error* error) {
  if (error != &flowgauge::api::out_of_memory()) delete error;
}

}  // extern "C"
