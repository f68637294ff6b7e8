#include "core/compression/decoder.h"

#include <fmt/format.h>

#include <array>

#include "core/compression/decoders.h"

namespace flowgauge {
namespace {

using namespace std::string_view_literals;

struct Known {
  Compression compression;
  std::string_view name;
  std::string_view magic;
};
constexpr std::array kKnown = {
    Known{Compression::kGzip, "gzip", "\x1f\x8b"sv},
    Known{Compression::kZstd, "zstd", "\x28\xb5\x2f\xfd"sv},
    Known{Compression::kBzip2, "bzip2", "BZh"sv},
    Known{Compression::kXz, "xz",
          "\xfd"
          "7zXZ\0"sv},
    Known{Compression::kLz4, "lz4", "\x04\x22\x4d\x18"sv},
};

}  // namespace

Compression compression_of(std::string_view begin) {
  for (const Known& known : kKnown) {
    if (begin.starts_with(known.magic)) return known.compression;
  }
  // A skippable frame (RFC 8878 3.1.2) may come first: pzstd writes one.
  if (begin.size() >= 4 && (begin[0] & 0xf0) == 0x50 && begin.substr(1, 3) == "\x2a\x4d\x18"sv) {
    return Compression::kZstd;
  }
  return Compression::kNone;
}

std::string_view compression_name(Compression compression) {
  for (const Known& known : kKnown) {
    if (known.compression == compression) return known.name;
  }
  return "";
}

std::string compression_names() {
  std::string names;
  for (std::size_t i = 0; i < kKnown.size(); ++i) {
    names += fmt::format("{}{}", i == 0 ? "" : i + 1 == kKnown.size() ? " or " : ", ", kKnown[i].name);
  }
  return names;
}

std::unique_ptr<Decoder> make_decoder(Compression compression) {
  switch (compression) {
    case Compression::kGzip:
      return isal_is_usable() ? make_isal_gzip_decoder() : make_zlib_gzip_decoder();
    case Compression::kZstd:
      return make_zstd_decoder();
    case Compression::kBzip2:
      return make_bzip2_decoder();
    case Compression::kXz:
      return make_xz_decoder();
    case Compression::kLz4:
      return make_lz4_decoder();
    case Compression::kNone:
      break;
  }
  return nullptr;
}

}  // namespace flowgauge
