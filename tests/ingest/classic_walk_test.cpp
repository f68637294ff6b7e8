// The walk of classic captures against libpcap, record by record: bytes, lengths, timestamps, how it ends, the message.
#include "core/ingest/classic_walk.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <random>
#include <thread>

#include "core/ingest/capture_file.h"
#include "tests/ingest/classic_capture.h"
#include "tests/ingest/ingest_support.h"
#include "tests/ingest/reading.h"

namespace flowgauge::test {
namespace {

class ClassicWalkTest : public testing::Test {
 protected:
  // Plain and through gzip. Says how many records there were.
  std::size_t expect_as_libpcap(const Bytes& bytes, const std::string& what) {
    const std::string plain = write("plain", bytes);
    const std::size_t records = expect_same(plain, plain, "", what);
    expect_same(plain, write("gzip", gzip(bytes)), " of the decompressed content", what + ", gzip");
    return records;
  }

  static std::size_t expect_same(const std::string& plain, const std::string& path, const std::string& place,
                                 const std::string& what) {
    const Reading expected = through_libpcap(plain, path, place);
    const Reading found = through_capture_file(path);
    EXPECT_EQ(found.records.size(), expected.records.size()) << what;
    // Not the vectors: a difference would print megabytes.
    EXPECT_TRUE(found.records == expected.records) << what;
    EXPECT_EQ(found.end, expected.end) << what;
    return found.records.size();
  }

  // Of frames in one buffer the second lies right behind the header of its record; libpcap copies each to one place.
  [[nodiscard]] bool walks(const FileHeader& header) const {
    Capture capture(header);
    capture.record(noise(40)).record(noise(40));
    auto file = CaptureFile::open(write("walks", capture.bytes()), {});
    Frame first{};
    Frame second{};
    EXPECT_TRUE(file && file->next(first) == CaptureFile::ReadState::kFrame &&
                file->next(second) == CaptureFile::ReadState::kFrame);
    return second.bytes == first.bytes + 40 + (header.magic == kModified ? 24 : 16);
  }

  // Removed before: where a file is cut to nothing and written again, some file systems wait for the disk.
  [[nodiscard]] std::string write(std::string_view name, const Bytes& bytes) const {
    std::filesystem::remove(folder_.path(name));
    return folder_.write(name, bytes);
  }

  TempFolder folder_;
};

TEST_F(ClassicWalkTest, EveryMagicAndByteOrderIsWalkedInPlace) {
  for (const std::uint32_t magic : kMagics) {
    for (const bool big_endian : {false, true}) EXPECT_TRUE(walks({.magic = magic, .big_endian = big_endian}));
  }
}

TEST_F(ClassicWalkTest, WhatIsUnusualIsLeftToLibpcap) {
  EXPECT_FALSE(walks({.minor = 3}));
  EXPECT_FALSE(walks({.minor = 2}));
  for (const std::uint32_t link_type : {189U, 220U, 231U, 249U, 279U}) EXPECT_FALSE(walks({.link_type = link_type}));
  for (const std::uint32_t link_type : {113U, 117U, 239U, 276U}) {
    EXPECT_FALSE(walks({.big_endian = true, .link_type = link_type}));
    EXPECT_TRUE(walks({.link_type = link_type}));
  }
}

TEST_F(ClassicWalkTest, ACutAtAnyByte) {
  for (const std::uint32_t magic : kMagics) {
    for (const bool big_endian : {false, true}) {
      for (const std::uint32_t snaplen_bytes : {262144U, 30U}) {  // of the modified format 14 more
        Capture capture({.magic = magic, .big_endian = big_endian, .snaplen_bytes = snaplen_bytes});
        capture.record(noise(60)).record(0, 60, {}).record(noise(61, 2));
        for (std::size_t size = 0; size <= 61 + 24; ++size) {
          expect_as_libpcap(first(capture.bytes(), capture.bytes().size() - size),
                            fmt::format("magic {:x}, big endian {}, snapshot length {}, {} bytes less", magic,
                                        big_endian, snaplen_bytes, size));
        }
      }
    }
  }
}

TEST_F(ClassicWalkTest, TimestampsOfAllBits) {
  for (const std::uint32_t magic : kMagics) {
    for (const bool big_endian : {false, true}) {
      Capture capture({.magic = magic, .big_endian = big_endian});
      for (const std::uint32_t seconds : {0U, 1U, 0x7fffffffU, 0x80000000U, 0xffffffffU}) {
        for (const std::uint32_t rest : {0U, 999'999U, 1'000'000U, 2'147'484U, 0x7fffffffU, 0x80000000U, 0xffffffffU}) {
          capture.record(seconds, rest, 4, 4, noise(4));
        }
      }
      EXPECT_EQ(expect_as_libpcap(capture.bytes(), fmt::format("magic {:x}", magic)), 35);
    }
  }
}

TEST_F(ClassicWalkTest, LyingLengthsAndSnapshotLengths) {
  const Bytes following = noise(300'000);
  for (const std::uint32_t snaplen_bytes :
       {0U, 1U, 40U, 65535U, 262143U, 262144U, 262145U, 0x7ffffff1U, 0x7ffffff2U, 0x7fffffffU, 0x80000000U, ~0U}) {
    for (const std::uint32_t captured_bytes :
         {0U, 1U, 40U, 41U, 54U, 55U, 65536U, 262143U, 262144U, 262145U, 0x7fffffffU, 0x80000000U, ~0U}) {
      for (const std::uint32_t magic : {kMicroseconds, kModified}) {
        for (const std::size_t bytes : {0UZ, 39UZ, 60UZ, 262144UZ, following.size()}) {
          Capture capture({.magic = magic, .snaplen_bytes = snaplen_bytes});
          capture.record(noise(20)).record(captured_bytes, 60, first(following, bytes));
          const std::string path = write("lying", capture.bytes());
          expect_same(path, path, "",
                      fmt::format("magic {:x}, snapshot length {}, captured {} of {}", magic, snaplen_bytes,
                                  captured_bytes, bytes));
        }
      }
    }
  }
}

TEST_F(ClassicWalkTest, EveryVersion) {
  const std::pair<std::uint16_t, std::uint16_t> versions[] = {{2, 0}, {2, 1}, {2, 2},   {2, 3},   {2, 4}, {2, 5},
                                                              {1, 4}, {3, 0}, {543, 0}, {543, 1}, {0, 0}};
  for (const auto& [major, minor] : versions) {
    for (const bool big_endian : {false, true}) {
      Capture capture({.big_endian = big_endian, .major = major, .minor = minor});
      capture.record(60, 60, noise(60)).record(1500, 40, noise(40)).record(40, 1500, noise(40)).record(noise(9));
      expect_as_libpcap(capture.bytes(), fmt::format("version {}.{}", major, minor));
    }
  }
}

TEST_F(ClassicWalkTest, EveryLinkType) {
  for (std::uint32_t link_type = 0; link_type < 320; ++link_type) {
    for (const bool big_endian : {false, true}) {
      Capture capture({.big_endian = big_endian, .snaplen_bytes = 0, .link_type = link_type});
      capture.record(noise(200)).record(noise(16)).record(Bytes(64, 0)).record(Bytes(64, 1));
      // CAN in Linux cooked captures: the protocol is the last field of version 1, the first of version 2.
      Bytes can = noise(64);
      can[0] = can[14] = 0;
      can[1] = can[15] = 0x0c;
      capture.record(can).record(262145, 262145, noise(300'000));
      const std::string path = write("link_type", capture.bytes());
      expect_same(path, path, "", fmt::format("link type {}, big endian {}", link_type, big_endian));
    }
  }
}

// Records of all sizes over the borders of what is read at once.
Bytes long_capture(bool modified) {
  Capture capture({.magic = modified ? kModified : kNanoseconds, .snaplen_bytes = modified ? 200'000U : 262144U});
  std::minstd_rand random(7);
  for (int i = 0; i < 1500; ++i) {
    const std::size_t sizes[] = {0, 1, random() % 100, random() % 1500, random() % 9000};
    capture.record(noise(sizes[i % 5], static_cast<unsigned>(i)));
  }
  for (const std::uint32_t size : {262144U, 262144U, 262143U, 1U, 262144U, 200'015U, 60U}) capture.record(noise(size));
  // So that the next record begins where reading does, at 32 and multiples of 262,144: it is as long as libpcap bears.
  const std::size_t header_bytes = modified ? 24 : 16;
  const std::size_t gap = 262144 - (capture.bytes().size() - 32 + 2 * header_bytes) % 262144;
  capture.record(noise(gap)).record(noise(262144)).record(noise(262144 - header_bytes)).record(noise(262144));
  return capture.bytes();
}

TEST_F(ClassicWalkTest, RecordsOverTheBordersOfWhatIsRead) {
  for (const bool modified : {false, true}) {
    const Bytes bytes = long_capture(modified);
    EXPECT_EQ(expect_as_libpcap(bytes, "whole"), 1511);
    for (const std::size_t less : {1UZ, 262143UZ, 262144UZ, 262160UZ, 300'000UZ}) {
      expect_as_libpcap(first(bytes, bytes.size() - less), fmt::format("{} bytes less", less));
    }
    expect_same(write("plain", bytes), write("zstd", zstd(bytes)), " of the decompressed content", "zstd");
  }
}

TEST_F(ClassicWalkTest, APipeMayGiveAFewBytesAtATime) {
  const Bytes bytes = long_capture(false);
  for (const std::size_t piece : {1UZ, 7UZ, 4096UZ, 65536UZ}) {
    const Bytes part = first(bytes, piece < 4096 ? 20'000 : bytes.size() - 1);
    const std::string reference = write("reference", part);
    const std::string pipe = folder_.path(fmt::format("pipe{}", piece));
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    std::thread writer([&] {
      std::ofstream out;
      out.rdbuf()->pubsetbuf(nullptr, 0);
      out.open(pipe, std::ios::binary);
      for (std::size_t at = 0; at < part.size(); at += piece) {
        out.write(reinterpret_cast<const char*>(part.data()) + at,
                  static_cast<std::streamsize>(std::min(piece, part.size() - at)));
      }
    });
    expect_same(reference, pipe, "", fmt::format("{} bytes at a time", piece));
    writer.join();
  }
}

TEST_F(ClassicWalkTest, WholeRecordsBeforeDamagedCompressionAreGiven) {
  Capture capture({});
  for (unsigned i = 0; i < 3000; ++i) capture.record(noise(i % 1400, i));
  const Bytes stored = gzip(capture.bytes());
  const std::string path = write("cut", first(stored, stored.size() / 2));
  const Reading found = through_capture_file(path);
  const Reading expected = through_libpcap(write("plain", capture.bytes()), path, "");
  ASSERT_GT(found.records.size(), 500);
  ASSERT_LT(found.records.size(), 3000);
  EXPECT_TRUE(std::equal(found.records.begin(), found.records.end(), expected.records.begin()));
  EXPECT_NE(found.end.find(fmt::format("packet {} at byte ", found.records.size() + 1)), std::string::npos)
      << found.end;
  EXPECT_NE(found.end.find("its gzip data ends in the middle"), std::string::npos) << found.end;
}

}  // namespace
}  // namespace flowgauge::test
