#include "core/ingest/compressed_stream.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

#include "core/compression/decoder.h"
#include "tests/ingest/ingest_support.h"

namespace flowgauge::test {
namespace {

struct Content {
  Bytes bytes;
  std::optional<std::string> damage;
  std::int64_t position = 0;
};

// Reads all in odd portions, so that no border of the stream's own buffers coincides.
Content read_all(CompressedStream& stream, std::size_t portion = 977) {
  Content content;
  std::FILE* file = stream.open_file();
  Bytes buffer(portion);
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), file)) {
    content.bytes.insert(content.bytes.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(got));
    EXPECT_EQ(::ftello(file), static_cast<off_t>(content.bytes.size()));
  }
  content.position = ::ftello(file);
  std::fclose(file);
  content.damage = stream.damage();
  return content;
}

Content read_all(const std::string& path, const StreamControl& control = {}) {
  const auto stream = CompressedStream::open(path, control);
  EXPECT_TRUE(stream.has_value()) << stream.error().message;
  return read_all(**stream);
}

class CompressedStreamSizes : public testing::TestWithParam<std::size_t> {};

TEST_P(CompressedStreamSizes, GivesTheContentOfPlainAndCompressedFilesWhateverTheirNames) {
  const TempFolder folder;
  const Bytes content = noise(GetParam());
  std::vector<std::pair<std::string, Bytes>> files{{"plain.gz", content}};
  for (const auto& [name, compress] : compressors())
    files.emplace_back(fmt::format("{}.pcap", name), compress(content));
  for (const auto& [name, stored] : files) {
    std::atomic<std::uint64_t> bytes_read = 0;
    const Content found = read_all(folder.write(name, stored), {&bytes_read, nullptr});
    EXPECT_TRUE(found.bytes == content) << name;
    EXPECT_EQ(found.damage, std::nullopt) << name;
    EXPECT_EQ(found.position, static_cast<std::int64_t>(content.size())) << name;
    EXPECT_EQ(bytes_read, stored.size()) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, CompressedStreamSizes,
                         testing::Values(0, 1, 4, CompressedStream::kHeadBytes - 1, CompressedStream::kHeadBytes,
                                         CompressedStream::kHeadBytes + 1, 262144, 3 * 1024 * 1024 + 17));

TEST(CompressedStream, KnowsItsHeadBeforeAnythingIsRead) {
  const TempFolder folder;
  const Bytes content = text("0123456789012345678901234567890123456789");
  for (const Bytes& stored : {content, gzip(content), zstd(content), bzip2(content), xz(content), lz4(content)}) {
    const auto stream = CompressedStream::open(folder.write("file", stored), {});
    ASSERT_TRUE(stream.has_value());
    EXPECT_EQ((*stream)->head(), "01234567890123456789012345678901");
    EXPECT_FALSE((*stream)->empty());
    EXPECT_TRUE(read_all(**stream).bytes == content);
  }
}

TEST(CompressedStream, ReadsConcatenatedMembers) {
  const TempFolder folder;
  const Bytes one = noise(300'000);
  const Bytes two = text("second");
  Bytes both = one;
  append(both, two);

  for (const auto& [name, compress] : compressors()) {
    Bytes members = compress(one);
    append(members, compress({}));
    append(members, compress(two));
    const Content found = read_all(folder.write("members", members));
    EXPECT_TRUE(found.bytes == both) << name;
    EXPECT_EQ(found.damage, std::nullopt) << name;
  }
}

TEST(CompressedStream, MembersAreOfOneCompression) {
  const TempFolder folder;
  const Bytes content = text("content");
  for (const auto& [name, compress] : compressors()) {
    for (const auto& [other_name, compress_otherwise] : compressors()) {
      if (name == other_name) continue;
      Bytes mixed = compress(content);
      append(mixed, compress_otherwise(content));
      const Content found = read_all(folder.write("mixed", mixed));
      EXPECT_EQ(found.bytes, content) << name << " and " << other_name;
      ASSERT_TRUE(found.damage.has_value()) << name << " and " << other_name;
      EXPECT_TRUE(found.damage->starts_with(fmt::format("its {} data is damaged (", name))) << *found.damage;
    }
  }
}

TEST(CompressedStream, ZeroPaddingBehindMembersIsNoDamage) {
  const TempFolder folder;
  for (const auto compress : {gzip, bzip2, xz}) {
    Bytes padded = compress(text("content"));
    padded.resize(padded.size() + 700);
    append(padded, compress(text(" and more")));
    padded.resize(padded.size() + 300'000);
    const Content found = read_all(folder.write("padded", padded));
    EXPECT_EQ(found.bytes, text("content and more"));
    EXPECT_EQ(found.damage, std::nullopt);
  }
}

TEST(CompressedStream, NotesWhatFollowsTheCompressedData) {
  const TempFolder folder;
  const std::pair<NamedCompressor, std::string_view> cases[] = {
      {{"gzip", gzip}, "its gzip data is damaged (bytes that are not gzip follow the compressed data)"},
      {{"zstd", zstd}, "its zstd data is damaged (bytes that are not zstd follow the compressed data)"},
      {{"bzip2", bzip2}, "its bzip2 data is damaged (bytes that are not bzip2 follow the compressed data)"},
      {{"xz", xz}, "its xz data is damaged (bytes that are not xz follow the compressed data)"},
      {{"lz4", lz4}, "its lz4 data is damaged (ERROR_frameType_unknown)"}};
  for (const auto& [compressor, damage] : cases) {
    Bytes stored = compressor.compress(text("content"));
    append(stored, text("rubbish"));
    const Content found = read_all(folder.write("file", stored));
    EXPECT_EQ(found.bytes, text("content")) << compressor.name;
    EXPECT_EQ(found.damage, damage);
  }
}

TEST(CompressedStream, NotesWhereCompressedDataIsCutAndGivesWhatWasBefore) {
  const TempFolder folder;
  const Bytes content = noise(1'000'000);
  for (const auto& [name, compress] : compressors()) {
    const Bytes stored = compress(content);
    for (const std::size_t missing : {1UZ, 4UZ, stored.size() / 2}) {
      const Content found = read_all(folder.write("cut", first(stored, stored.size() - missing)));
      EXPECT_EQ(found.damage, fmt::format("its {} data ends in the middle", name));
      EXPECT_LE(found.bytes.size(), content.size());
      EXPECT_GE(found.bytes.size() + missing + 140'000, content.size());  // a block is up to 128 KiB
      EXPECT_TRUE(found.bytes == first(content, found.bytes.size()));
    }
  }
}

TEST(CompressedStream, NotesAFlippedBit) {
  const TempFolder folder;
  const Bytes content = text(std::string(100'000, 'a') + "end");
  Bytes gz = gzip(content);
  gz[gz.size() - 6] ^= 1;  // the checksum
  const Content found = read_all(folder.write("gz", gz));
  EXPECT_EQ(found.damage, "its gzip data is damaged (incorrect data check)");
  EXPECT_TRUE(found.bytes == content);
}

TEST(CompressedStream, ACutAtEveryByteIsNoted) {
  const TempFolder folder;
  Bytes content = text(std::string(500, 'a'));
  append(content, noise(200));
  for (const auto& [name, compress] : compressors()) {
    const Bytes one = compress(content);
    Bytes stored = one;
    append(stored, compress(content));
    for (std::size_t size = kCompressionMagicBytes; size < stored.size(); ++size) {
      const Content found = read_all(folder.write("cut", first(stored, size)));
      Bytes whole = content;
      append(whole, content);
      ASSERT_LE(found.bytes.size(), whole.size());
      EXPECT_TRUE(found.bytes == first(whole, found.bytes.size())) << name << " " << size;
      if (size >= one.size()) {
        EXPECT_GE(found.bytes.size(), content.size()) << name << " " << size;
      }
      if (size == one.size()) {
        EXPECT_EQ(found.damage, std::nullopt) << name;
      } else {
        EXPECT_EQ(found.damage, fmt::format("its {} data ends in the middle", name)) << size;
      }
    }
  }
}

TEST(CompressedStream, ACutMagicIsPlainContent) {
  const TempFolder folder;
  const Content found = read_all(folder.write("cut", {0x28, 0xb5, 0x2f}));
  EXPECT_EQ(found.bytes, (Bytes{0x28, 0xb5, 0x2f}));
  EXPECT_EQ(found.damage, std::nullopt);
}

TEST(CompressedStream, ReadsAGrowingFileUpToItsLengthAtOpen) {
  const TempFolder folder;
  const std::string path = folder.write("growing", text("0123456789"));
  const auto stream = CompressedStream::open(path, {});
  ASSERT_TRUE(stream.has_value());
  std::FILE* more = std::fopen(path.c_str(), "ab");
  std::fputs("later", more);
  std::fclose(more);
  EXPECT_EQ(read_all(**stream).bytes, text("0123456789"));

  // The same beyond the first buffer.
  const Bytes content = noise(2'000'000);
  folder.write("growing", content);
  const auto large = CompressedStream::open(path, {});
  folder.write("growing", noise(3'000'000));
  EXPECT_EQ(read_all(**large).bytes.size(), content.size());
}

TEST(CompressedStream, EmptyIsNotDamaged) {
  const TempFolder folder;
  const auto stream = CompressedStream::open(folder.write("empty", {}), {});
  ASSERT_TRUE(stream.has_value());
  EXPECT_TRUE((*stream)->empty());
  EXPECT_EQ((*stream)->damage(), std::nullopt);
}

TEST(CompressedStream, RefusesWhatCannotBeOpened) {
  const TempFolder folder;
  const auto missing = CompressedStream::open(folder.path("none"), {});
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ExitCode::kInput);
  EXPECT_EQ(missing.error().message,
            "cannot open " + folder.path("none") + ": No such file or directory; check the name");
  const auto directory = CompressedStream::open(folder.path(), {});
  ASSERT_FALSE(directory.has_value());
  EXPECT_EQ(directory.error().message, "cannot read " + folder.path() + ": it is a folder");
}

TEST(CompressedStream, AStopEndsTheWaitForAPipe) {
  const TempFolder folder;
  const std::string path = folder.path("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  // Open for reading and writing: the read end does not block, and nothing ever comes.
  std::FILE* writer = std::fopen(path.c_str(), "r+");
  ASSERT_NE(writer, nullptr);
  std::atomic<bool> stop = false;
  std::thread stopper([&] { stop = true; });
  const auto stream = CompressedStream::open(path, {nullptr, &stop});
  stopper.join();
  ASSERT_TRUE(stream.has_value());
  EXPECT_TRUE((*stream)->stopped());
  EXPECT_EQ((*stream)->head(), "");
  std::fclose(writer);
}

}  // namespace
}  // namespace flowgauge::test
