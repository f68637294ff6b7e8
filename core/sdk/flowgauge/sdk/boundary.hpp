// No exception leaves a plugin: it becomes a line in the host's log and FG_ERROR.
#pragma once

#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>

#include "../plugin.h"

namespace fg::detail {

// Cold, and without allocation: the exception may have been bad_alloc.
[[gnu::cold, gnu::noinline]] inline void report(const fg_host& host, const char* who, const char* where,
                                                const char* what) noexcept {
  char text[512];
  const int size = who == nullptr ? std::snprintf(text, sizeof text, "%s", what)
                                  : std::snprintf(text, sizeof text, "'%s' failed in %s: %s", who, where, what);
  host.log(FG_LOG_ERROR, text, std::min<std::size_t>(static_cast<std::size_t>(std::max(size, 0)), sizeof text - 1));
}

// `who` null: the text alone, where the host says the rest.
template <class Body>
fg_status guarded(const fg_host& host, const char* who, const char* where, const Body& body) noexcept {
  try {
    body();
    return FG_OK;
  } catch (const std::bad_alloc&) {
    report(host, who, where, "out of memory");
  } catch (const std::exception& error) {
    report(host, who, where, error.what());
  } catch (...) {
    report(host, who, where, "an exception that is no std::exception");
  }
  return FG_ERROR;
}

}  // namespace fg::detail
