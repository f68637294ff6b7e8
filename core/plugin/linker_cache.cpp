#include "core/plugin/linker_cache.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <vector>

namespace flowgauge {
namespace {

constexpr std::string_view kCacheMagic = "glibc-ld.so.cache1.1";
#if defined(__aarch64__)
constexpr std::int32_t kThisMachine = 0x0a03;
#else
constexpr std::int32_t kThisMachine = 0x0303;  // x86-64, libc6
#endif

struct CacheHeader {
  char magic[20];
  std::uint32_t library_count;
  std::uint32_t text_bytes;
  std::uint8_t byte_order;  // and others; of no concern here
  std::uint8_t padding[3];
  std::uint32_t extensions;
  std::uint32_t unused[3];
};
static_assert(sizeof(CacheHeader) == 48);

struct CacheEntry {
  std::int32_t flags;
  std::uint32_t name;  // from the beginning of the file
  std::uint32_t path;
  std::uint32_t os_version;
  std::uint64_t processor;  // 0: any
};
static_assert(sizeof(CacheEntry) == 24);

std::string_view text_at(std::span<const std::uint8_t> bytes, std::size_t at) {
  if (at >= bytes.size()) return {};
  const auto* begin = reinterpret_cast<const char*>(bytes.data()) + at;
  return {begin, ::strnlen(begin, bytes.size() - at)};
}

}  // namespace

std::optional<std::string> path_in_linker_cache(std::span<const std::uint8_t> bytes, std::string_view name) {
  CacheHeader header{};
  if (bytes.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (std::string_view(header.magic, sizeof header.magic) != kCacheMagic) return std::nullopt;
  const std::size_t count =
      std::min<std::size_t>(header.library_count, (bytes.size() - sizeof header) / sizeof(CacheEntry));
  for (std::size_t i = 0; i < count; ++i) {
    CacheEntry entry{};
    std::memcpy(&entry, bytes.data() + sizeof header + i * sizeof entry, sizeof entry);
    if (entry.flags != kThisMachine || entry.processor != 0 || text_at(bytes, entry.name) != name) continue;
    return std::string(text_at(bytes, entry.path));
  }
  return std::nullopt;
}

std::optional<std::string> system_library(std::string_view name) {
  std::ifstream file("/etc/ld.so.cache", std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return path_in_linker_cache({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, name);
}

}  // namespace flowgauge
