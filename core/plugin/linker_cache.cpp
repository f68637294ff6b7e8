#include "core/plugin/linker_cache.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>

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

std::string_view text_at(std::string_view bytes, std::size_t at) {
  const std::string_view text = bytes.substr(std::min(at, bytes.size()));
  return text.substr(0, text.find('\0'));
}

}  // namespace

LinkerCache LinkerCache::of_system() {
  std::ostringstream bytes;
  bytes << std::ifstream("/etc/ld.so.cache", std::ios::binary).rdbuf();
  return LinkerCache(std::move(bytes).str());
}

std::optional<std::string> LinkerCache::path_of(std::string_view name) const {
  CacheHeader header{};
  if (bytes_.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, bytes_.data(), sizeof header);
  if (std::string_view(header.magic, sizeof header.magic) != kCacheMagic) return std::nullopt;
  const std::size_t count =
      std::min<std::size_t>(header.library_count, (bytes_.size() - sizeof header) / sizeof(CacheEntry));
  for (std::size_t i = 0; i < count; ++i) {
    CacheEntry entry{};
    std::memcpy(&entry, bytes_.data() + sizeof header + i * sizeof entry, sizeof entry);
    if (entry.flags != kThisMachine || entry.processor != 0 || text_at(bytes_, entry.name) != name) continue;
    return std::string(text_at(bytes_, entry.path));
  }
  return std::nullopt;
}

}  // namespace flowgauge
