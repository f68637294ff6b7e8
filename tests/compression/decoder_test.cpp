#include "core/compression/decoder.h"

#include <gtest/gtest.h>
#include <lzma.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <ranges>

#include "core/compression/decoders.h"
#include "tests/ingest/ingest_support.h"

namespace flowgauge::test {
namespace {

struct Decoded {
  Bytes bytes;
  std::string error;
  bool complete = false;
};

// All of `stored`, in portions of these sizes.
Decoded decode(Decoder& decoder, const Bytes& stored, std::size_t in_bytes, std::size_t out_bytes) {
  Decoded decoded;
  std::vector<char> room(out_bytes);
  const char* in = reinterpret_cast<const char*>(stored.data());
  std::size_t left = stored.size();
  for (;;) {
    const Decoder::Step step = decoder.decode({in, std::min(left, in_bytes)}, room);
    EXPECT_LE(step.consumed, std::min(left, in_bytes));
    decoded.bytes.insert(decoded.bytes.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(step.produced));
    in += step.consumed;
    left -= step.consumed;
    if (!step.error.empty()) {
      decoded.error = step.error;
      break;
    }
    if (step.consumed == 0 && step.produced == 0) break;
  }
  decoded.complete = decoder.complete() && left == 0;
  return decoded;
}

struct NamedDecoder {
  std::string_view name;
  std::unique_ptr<Decoder> (*make)();
  Bytes (*compress)(const Bytes&);
};
constexpr NamedDecoder kDecoders[] = {
    {"isal", make_isal_gzip_decoder, gzip},
    {"zlib", make_zlib_gzip_decoder, gzip},
    {"zstd", make_zstd_decoder, zstd},
    {"bzip2", make_bzip2_decoder, bzip2},
    {"xz", make_xz_decoder, xz},
    {"lz4", make_lz4_decoder, lz4},
};

class Decoders : public testing::TestWithParam<NamedDecoder> {
 protected:
  void SetUp() override {
    if (GetParam().name == "isal" && !isal_is_usable()) GTEST_SKIP() << "no ISA-L here";
  }
};

INSTANTIATE_TEST_SUITE_P(All, Decoders, testing::ValuesIn(kDecoders),
                         [](const auto& which) { return std::string(which.param.name); });

TEST_P(Decoders, GivesTheSameInAnyPortions) {
  Bytes content = text(std::string(3000, 'x'));
  append(content, noise(1000));
  append(content, text(std::string(2000, 'y')));
  Bytes stored = GetParam().compress(content);
  append(stored, GetParam().compress(content));
  append(content, content);
  for (const std::size_t in_bytes : {1UZ, 2UZ, 7UZ, 64UZ, 100'000UZ}) {
    for (const std::size_t out_bytes : {1UZ, 3UZ, 100UZ, 4096UZ, 100'000UZ}) {
      const Decoded decoded = decode(*GetParam().make(), stored, in_bytes, out_bytes);
      EXPECT_EQ(decoded.error, "") << in_bytes << " " << out_bytes;
      EXPECT_TRUE(decoded.complete) << in_bytes << " " << out_bytes;
      EXPECT_TRUE(decoded.bytes == content) << in_bytes << " " << out_bytes;
    }
  }
}

TEST_P(Decoders, ALookAtWhatItHoldsChangesNothing) {
  const Bytes content = noise(5000);
  const Bytes stored = GetParam().compress(content);
  const auto decoder = GetParam().make();
  std::vector<char> room(10'000);
  const Decoder::Step step =
      decoder->decode({reinterpret_cast<const char*>(stored.data()), stored.size()}, std::span(room).first(5000));
  std::size_t got = step.produced;
  std::size_t consumed = step.consumed;
  for (int look = 0; look < 3; ++look) {
    const Decoder::Step held = decoder->decode({}, std::span(room).subspan(got));
    EXPECT_EQ(held.error, "");
    got += held.produced;
  }
  while (consumed < stored.size()) {
    const Decoder::Step rest =
        decoder->decode({reinterpret_cast<const char*>(stored.data()) + consumed, stored.size() - consumed},
                        std::span(room).subspan(got));
    ASSERT_EQ(rest.error, "");
    ASSERT_GT(rest.consumed + rest.produced, 0);
    consumed += rest.consumed;
    got += rest.produced;
  }
  EXPECT_EQ(got, content.size());
  EXPECT_TRUE(decoder->complete());
  EXPECT_EQ(decoder->decode({}, room).error, "");
  EXPECT_TRUE(decoder->complete());
}

TEST_P(Decoders, NoteAnyFlippedBitThatChangesTheContent) {
  Bytes content = text(std::string(300, 'a'));
  append(content, noise(60));
  const Bytes stored = GetParam().compress(content);
  for (std::size_t bit = 0; bit < 8 * stored.size(); ++bit) {
    Bytes flipped = stored;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    for (const std::size_t in_bytes : {7UZ, 61UZ, 4096UZ}) {
      const Decoded decoded = decode(*GetParam().make(), flipped, in_bytes, 4096);
      if (decoded.error.empty() && decoded.complete) {
        EXPECT_TRUE(decoded.bytes == content) << "bit " << bit;
      }
    }
  }
}

// Every optional field of the header, RFC 1952 2.3.1.
Bytes gzip_with_header(const Bytes& content) {
  std::string name(300, 'n');
  std::string comment(300, 'c');
  Bytes extra(700, 5);
  gz_header header{};
  header.text = 1;
  header.time = 1;
  header.extra = extra.data();
  header.extra_len = static_cast<uInt>(extra.size());
  header.name = reinterpret_cast<Bytef*>(name.data());
  header.comment = reinterpret_cast<Bytef*>(comment.data());
  header.hcrc = 1;
  return gzip_with(&header, content);
}

class BothGzipDecoders : public testing::Test {
 protected:
  void SetUp() override {
    if (!isal_is_usable()) GTEST_SKIP() << "no ISA-L here";
  }
};

TEST_F(BothGzipDecoders, ReadHeadersWithAllFields) {
  const Bytes content = noise(2000);
  Bytes stored = gzip_with_header(content);
  append(stored, gzip_with_header(content));
  Bytes whole = content;
  append(whole, content);
  for (const auto make : {make_isal_gzip_decoder, make_zlib_gzip_decoder}) {
    for (const std::size_t in_bytes : {1UZ, 5UZ, 1000UZ, 100'000UZ}) {
      const Decoded decoded = decode(*make(), stored, in_bytes, 512);
      EXPECT_EQ(decoded.error, "") << in_bytes;
      EXPECT_TRUE(decoded.complete && decoded.bytes == whole) << in_bytes;
    }
  }
}

// What is damaged is found by both, or by neither; how much they make of damaged data before they notice is their own.
TEST_F(BothGzipDecoders, AgreeOnWhatIsDamaged) {
  Bytes content = text(std::string(700, 'a'));
  append(content, noise(300));
  append(content, first(content, 500));
  for (const Bytes& stored : {gzip(content), gzip_with_header(content)}) {
    for (std::size_t bit = 0; bit < 8 * stored.size(); ++bit) {
      Bytes flipped = stored;
      flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
      const Decoded isal = decode(*make_isal_gzip_decoder(), flipped, 4096, 4096);
      const Decoded zlib = decode(*make_zlib_gzip_decoder(), flipped, 4096, 4096);
      EXPECT_EQ(isal.error.empty(), zlib.error.empty()) << bit << " " << isal.error << " | " << zlib.error;
      EXPECT_EQ(isal.complete, zlib.complete) << bit;
      if (zlib.error.empty()) {
        EXPECT_TRUE(isal.bytes == zlib.bytes) << bit;
      }
    }
  }
}

// ISA-L decodes ahead of the room that it has, and tells damage as soon as it meets it.
TEST_F(BothGzipDecoders, GiveAllThatStandsBeforeTheDamage) {
  Bytes content;
  const Bytes letters = noise(3000);
  for (std::size_t i = 0; i < 60'000; ++i) append(content, {letters[i * i % 2999], 'a', ' ', letters[i * 7 % 3000]});
  Bytes damaged = gzip(content);
  damaged.resize(damaged.size() / 2);
  append(damaged, noise(5000));
  for (const auto make : {make_isal_gzip_decoder, make_zlib_gzip_decoder}) {
    const Decoded all = decode(*make(), damaged, damaged.size(), 1UZ << 20);
    EXPECT_NE(all.error, "");
    EXPECT_GT(all.bytes.size(), 100'000);
    for (const std::size_t out_bytes : {1UZ, 300UZ, 5000UZ}) {
      const Decoded decoded = decode(*make(), damaged, damaged.size(), out_bytes);
      EXPECT_EQ(decoded.error, all.error);
      EXPECT_TRUE(decoded.bytes == all.bytes) << decoded.bytes.size() << " of " << all.bytes.size();
    }
  }
}

// RFC 1951, 3.2.6: so many letters 'a' in fixed codes, then 258 bytes from 32,768 bytes before.
Bytes gzip_of_letters_and_a_distance_too_far(std::size_t letters) {
  Bytes stored{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
  std::size_t bits = 0;
  const auto put = [&](std::string_view in_order) {
    for (const char bit : in_order) {
      if (bits++ % 8 == 0) stored.push_back(0);
      if (bit == '1') stored.back() |= static_cast<std::uint8_t>(1U << (bits - 1) % 8);
    }
  };
  put("110");  // the last block, of fixed codes
  for (std::size_t i = 0; i < letters; ++i) put("10010001");
  put("11000101");
  put("111011111111111111");
  append(stored, noise(50));
  return stored;
}

TEST_F(BothGzipDecoders, GiveNothingOfADistanceThatIsTooGreat) {
  const Bytes stored = gzip_of_letters_and_a_distance_too_far(300);
  const Bytes letters = text(std::string(300, 'a'));
  for (const auto make : {make_isal_gzip_decoder, make_zlib_gzip_decoder}) {
    for (const std::size_t in_bytes : {1UZ, 16UZ, 4096UZ}) {
      for (const std::size_t out_bytes : {16UZ, 290UZ, 4096UZ}) {
        const Decoded decoded = decode(*make(), stored, in_bytes, out_bytes);
        EXPECT_EQ(decoded.error, "invalid distance too far back");
        EXPECT_TRUE(decoded.bytes == first(letters, decoded.bytes.size())) << in_bytes << ' ' << out_bytes;
      }
    }
    EXPECT_EQ(decode(*make(), stored, 4096, 4096).bytes.size(), 300U);
  }
}

TEST(ZstdDecoder, SkipsFramesThatAreToBeSkipped) {
  const Bytes skipped = {0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'a', 'b', 'c'};  // RFC 8878 3.1.2
  Bytes stored = skipped;
  append(stored, zstd(text("content")));
  append(stored, skipped);
  append(stored, zstd(text(" and more")));
  for (const std::size_t in_bytes : {1UZ, 3UZ, 13UZ, 100UZ}) {
    const Decoded decoded = decode(*make_zstd_decoder(), stored, in_bytes, 4096);
    EXPECT_EQ(decoded.error, "") << in_bytes;
    EXPECT_TRUE(decoded.complete && decoded.bytes == text("content and more")) << in_bytes;
  }
}

// Formats from before the RFC are told by their first byte: 0x27 is that of 0.7.
TEST(ZstdDecoder, RefusesOlderFormatsInAnyPortions) {
  Bytes stored = zstd(text("content"));
  append(stored, {0x27, 0xb5, 0x2f, 0xfd, 0x04, 0x27, 0xb5, 0x2f, 0x2e});
  Bytes hidden = zstd(text("content"));
  append(hidden, {0x28, 0x27, 0xb5, 0x2f, 0xfd, 0x04, 0x27, 0xb5, 0x2f, 0x2e});
  for (const Bytes& bytes : {stored, hidden}) {
    for (const std::size_t in_bytes : {1UZ, 2UZ, 3UZ, 100UZ}) {
      const Decoded decoded = decode(*make_zstd_decoder(), bytes, in_bytes, 4096);
      EXPECT_EQ(decoded.error, "bytes that are not zstd follow the compressed data") << in_bytes;
      EXPECT_TRUE(decoded.bytes == text("content")) << in_bytes;
    }
  }
}

// A frame of 454 bytes, as it says, whose only block is empty.
TEST(ZstdDecoder, RefusesAFrameWithLessContentThanItSaysInAnyPortions) {
  const Bytes stored = {0x28, 0xb5, 0x2f, 0xfd, 0x40, 0x00, 0xc6, 0x00, 0x01, 0x00, 0x00};
  for (const std::size_t in_bytes : {1UZ, 2UZ, 5UZ, 100UZ})
    EXPECT_NE(decode(*make_zstd_decoder(), stored, in_bytes, 4096).error, "") << in_bytes;
}

// A block that repeats a byte no time: the library takes it where the frame comes in one piece alone.
TEST(ZstdDecoder, JudgesAnEmptyRepetitionAlikeInAnyPortions) {
  const Bytes stored = {0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x00, 0x03, 0x00, 0x00, 0x00};
  for (const std::size_t in_bytes : {1UZ, 2UZ, 5UZ, 100UZ})
    EXPECT_NE(decode(*make_zstd_decoder(), stored, in_bytes, 4096).error, "") << in_bytes;
}

TEST(XzDecoder, RefusesADictionaryThatTakesTooMuchMemory) {
  Bytes stored = xz(text("content"));
  // .xz format 1.1.0, 3.1: behind the stream header of 12 bytes the block header: its size, flags, two sizes, the
  // filter LZMA2 with one byte of properties, the dictionary's size, padding, checksum. 37 is 1.5 GiB.
  const auto filter = std::ranges::search(stored, Bytes{0x21, 0x01});
  ASSERT_EQ(filter.size(), 2);
  *filter.end() = 37;
  const std::size_t header_bytes = (stored[12] + 1UZ) * 4;
  const auto crc = static_cast<std::uint32_t>(crc32(0, stored.data() + 12, static_cast<uInt>(header_bytes - 4)));
  std::memcpy(stored.data() + 12 + header_bytes - 4, &crc, sizeof crc);
  EXPECT_EQ(decode(*make_xz_decoder(), stored, 4096, 4096).error,
            "decompressing it takes 1537 MiB of memory, and at most 256 are used; `xz -d` unpacks it");
}

// liblzma writes what it has not filtered yet, and then finds the damage.
TEST(XzDecoder, GivesNothingThatAFilterHasNotUndone) {
  Bytes content;
  for (unsigned i = 0; i < 4000; ++i)  // branches, as the filter for ARM changes them
    append(content, {static_cast<std::uint8_t>(i * 7), static_cast<std::uint8_t>(i >> 4), 0, 0xeb});
  std::array<lzma_filter, 3> filters{};
  lzma_options_lzma options{};
  ASSERT_FALSE(lzma_lzma_preset(&options, 0));
  filters[0].id = LZMA_FILTER_ARM;
  filters[1] = {LZMA_FILTER_LZMA2, &options};
  filters[2].id = LZMA_VLI_UNKNOWN;
  Bytes stored(lzma_stream_buffer_bound(content.size()));
  std::size_t size = 0;
  ASSERT_EQ(lzma_stream_buffer_encode(filters.data(), LZMA_CHECK_CRC32, nullptr, content.data(), content.size(),
                                      stored.data(), &size, stored.size()),
            LZMA_OK);
  stored.resize(size);
  EXPECT_TRUE(decode(*make_xz_decoder(), stored, 4096, 4096).bytes == content);
  for (std::size_t at = 40; at < size; at += 7) {
    Bytes damaged = stored;
    damaged[at] ^= 0x10;
    std::fill(damaged.begin() + static_cast<std::ptrdiff_t>(at) + 1, damaged.end(), std::uint8_t{0xff});
    const Decoded whole = decode(*make_xz_decoder(), damaged, 65536, 65536);
    const Decoded pieces = decode(*make_xz_decoder(), damaged, 7, 16);
    EXPECT_EQ(whole.error, pieces.error) << at;
    EXPECT_TRUE(std::ranges::equal(whole.bytes | std::views::take(pieces.bytes.size()),
                                   pieces.bytes | std::views::take(whole.bytes.size())))
        << at;
  }
}

TEST(Compression, IsToldByTheFirstBytes) {
  const Bytes content = text("content");
  for (const auto& [name, compress] : compressors()) {
    const Bytes stored = compress(content);
    const std::string_view begin(reinterpret_cast<const char*>(stored.data()), kCompressionMagicBytes);
    EXPECT_EQ(compression_name(compression_of(begin)), name);
  }
  EXPECT_EQ(compression_of("\xd4\xc3\xb2\xa1"), Compression::kNone);
  EXPECT_EQ(compression_of(""), Compression::kNone);
  EXPECT_EQ(compression_of("\x5a\x2a\x4d\x18"), Compression::kZstd);  // a skippable frame
  EXPECT_EQ(compression_names(), "gzip, zstd, bzip2, xz or lz4");
}

}  // namespace
}  // namespace flowgauge::test
