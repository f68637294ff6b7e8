// Metadata of the Arrow C data interface, read back: pairs of texts, each with its length before it.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <string>

namespace flowgauge {

inline std::map<std::string, std::string> arrow_metadata(const char* metadata) {
  std::map<std::string, std::string> pairs;
  if (metadata == nullptr) return pairs;
  const auto number = [&metadata] {
    std::int32_t value = 0;
    std::memcpy(&value, metadata, sizeof value);
    metadata += sizeof value;
    return static_cast<std::size_t>(value);
  };
  const auto text = [&] {
    const std::size_t size = number();
    metadata += size;
    return std::string(metadata - size, size);
  };
  for (std::size_t left = number(); left > 0; --left) {
    const std::string key = text();
    pairs[key] = text();
  }
  return pairs;
}

}  // namespace flowgauge
