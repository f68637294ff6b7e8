// Structs as a caller gives them: of its own header's size, older or newer than ours. Stateless.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "core/api/failure.h"

namespace flowgauge::api {

// A copy as this library knows it; what the caller's struct does not have is zero. A newer caller may not ask for what
// is not known here: it would be left out in silence.
template <class T>
[[nodiscard]] Answer<T> taken(const T* given, const char* name) {
  T own{};
  own.struct_size = sizeof own;
  if (given == nullptr) return own;
  const std::size_t size = given->struct_size;
  if (size < sizeof given->struct_size)
    return misuse(std::string(name) + ".struct_size is not set: begin with flowgauge_" + name + "_init");
  const auto* const bytes = reinterpret_cast<const unsigned char*>(given);
  const std::size_t known = std::min(size, sizeof own);
  if (std::any_of(bytes + known, bytes + size, [](unsigned char byte) { return byte != 0; }))
    return misuse(std::string(name) + " asks for something that libflowgauge " + flowgauge_version() +
                  " does not know yet");
  std::memcpy(&own, given, known);
  own.struct_size = sizeof own;
  return own;
}

// Fills in a caller's struct as far as it goes; its struct_size stays.
template <class T>
[[nodiscard]] Answer<void> filled(T* out, const T& own, const char* name) {
  if (auto there = expect(out, name); !there) return there;
  const std::uint32_t size = out->struct_size;
  if (size < sizeof size) return misuse(std::string(name) + "->struct_size is not set");
  std::memset(out, 0, size);
  std::memcpy(out, &own, std::min<std::size_t>(size, sizeof own));
  out->struct_size = size;
  return {};
}

// A caller's text; NULL is none.
[[nodiscard]] inline std::string text_of(const char* given) { return given == nullptr ? std::string() : given; }

}  // namespace flowgauge::api
