#include "core/ingest/pcapng_walk.h"

#include <sys/stat.h>

#include <array>
#include <cstring>
#include <memory>

#include "core/base/handle.h"
#include "core/ingest/compressed_stream.h"

namespace flowgauge {
namespace {

using File = std::unique_ptr<std::FILE, Closer<std::fclose>>;

bool skip(std::FILE* file, std::int64_t bytes) {
  std::array<char, 16384> scratch;
  while (bytes > 0) {
    const auto part = static_cast<std::size_t>(std::min<std::int64_t>(bytes, scratch.size()));
    if (std::fread(scratch.data(), 1, part, file) != part) return false;
    bytes -= static_cast<std::int64_t>(part);
  }
  return true;
}

}  // namespace

std::int64_t find_damaged_block(const std::string& path, std::int64_t from, std::int64_t failed_at) {
  struct stat status {};
  if (path == "-" || ::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return from;
  const auto stream = CompressedStream::open(path, {});
  if (!stream) return from;
  // The byte order stands in the section header: 4 bytes type, 4 bytes length, then the magic as its writer saw it.
  std::uint32_t order = 0;
  if ((*stream)->head().size() >= 12) std::memcpy(&order, (*stream)->head().data() + 8, sizeof order);
  const bool swapped = order != 0x1a2b3c4d;
  const File file((*stream)->open_file());
  if (file == nullptr || !skip(file.get(), from)) return from;
  std::int64_t begin = from;
  for (;;) {
    std::array<std::uint32_t, 2> header;  // type, total length
    if (std::fread(header.data(), 1, sizeof header, file.get()) != sizeof header) return begin;
    const std::int64_t length = swapped ? __builtin_bswap32(header[1]) : header[1];
    if (length < 12 || length % 4 != 0 || begin + length >= failed_at) return begin;
    if (!skip(file.get(), length - static_cast<std::int64_t>(sizeof header))) return begin;
    begin += length;
  }
}

}  // namespace flowgauge
