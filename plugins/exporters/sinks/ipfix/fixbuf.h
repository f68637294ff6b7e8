// What libfixbuf gives and takes back, and what it says went wrong.
#pragma once

#include <fixbuf/public.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace ipfix_sinks {

template <auto Free>
struct Freed {
  void operator()(auto* handle) const noexcept { Free(handle); }
};
using ModelHandle = std::unique_ptr<fbInfoModel_t, Freed<fbInfoModelFree>>;
using BufferHandle = std::unique_ptr<fBuf_t, Freed<fBufFree>>;  // with its session and its exporter

// Where a call of libfixbuf puts its error.
class FixbufError {
 public:
  FixbufError() = default;
  FixbufError(const FixbufError&) = delete;
  FixbufError& operator=(const FixbufError&) = delete;
  ~FixbufError() { g_clear_error(&error_); }

  [[nodiscard]] GError** out() { return &error_; }
  // The message is full, or of another kind than what is added: it must be put out first.
  [[nodiscard]] bool is_end_of_message() const { return g_error_matches(error_, FB_ERROR_DOMAIN, FB_ERROR_EOM) != 0; }
  [[noreturn]] void raise() const {
    throw std::runtime_error(std::string("libfixbuf: ") + (error_ == nullptr ? "failed" : error_->message));
  }

 private:
  GError* error_ = nullptr;
};

// As they are called by <glib.h>; `gboolean` and template numbers are 0 where it failed.
template <class Call>
auto fixbuf(const Call& call) {
  FixbufError error;
  const auto result = call(error.out());
  if (!result) error.raise();
  return result;
}

}  // namespace ipfix_sinks
