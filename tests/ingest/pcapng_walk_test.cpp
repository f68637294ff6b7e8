// The walk of pcapng captures, feature by feature, and against libpcap where that reads them.
#include "core/ingest/pcapng_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <cstring>
#include <fstream>

#include "core/base/handle.h"
#include "core/ingest/capture_format.h"
#include "tests/ingest/ingest_support.h"

namespace flowgauge::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

struct Packet {
  std::int64_t timestamp_ns;  // 0 where it is not valid
  std::uint32_t wire_bytes;
  int link_type;
  std::uint32_t interface;
  Bytes bytes;

  bool operator==(const Packet&) const = default;
};

struct Walked {
  std::vector<Packet> packets;
  std::string error;
  std::int64_t block_begin = 0;
  std::uint64_t block_number = 0;
  std::uint64_t untimed = 0;

  [[nodiscard]] std::vector<std::int64_t> times() const { return each(&Packet::timestamp_ns); }
  [[nodiscard]] std::vector<int> link_types() const { return each(&Packet::link_type); }
  [[nodiscard]] std::vector<std::uint32_t> interfaces() const { return each(&Packet::interface); }

 private:
  template <typename Member>
  std::vector<Member> each(Member Packet::*member) const {
    std::vector<Member> all;
    for (const Packet& packet : packets) all.push_back(packet.*member);
    return all;
  }
};

// From memory, at most `piece` bytes at a time.
Walked walk(const Bytes& bytes, std::size_t piece = SIZE_MAX) {
  std::size_t at = 0;
  PcapngWalk walk([&](char* buffer, std::size_t size) {
    const std::size_t got = std::min({size, piece, bytes.size() - at});
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), got, buffer);
    at += got;
    return got;
  });
  Walked walked;
  Frame frame;
  while (walk.next(frame)) {
    EXPECT_TRUE(frame.timestamp_valid || frame.timestamp_ns == 0);
    walked.packets.push_back({frame.timestamp_ns, frame.wire_bytes, frame.link_type, frame.interface,
                              Bytes(frame.bytes, frame.bytes + frame.captured_bytes)});
  }
  walked.error = walk.error();
  walked.block_begin = walk.block_begin();
  walked.block_number = walk.block_number();
  walked.untimed = walk.untimed_packets();
  EXPECT_FALSE(walk.next(frame)) << "an end is not left again";
  EXPECT_EQ(walk.error(), walked.error);
  return walked;
}

// As libpcap reads it. Its error, or nothing.
std::string through_libpcap(const std::string& path, std::vector<Packet>& packets) {
  char error[PCAP_ERRBUF_SIZE] = "";
  const std::unique_ptr<pcap_t, Closer<pcap_close>> pcap(
      pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, error));
  if (pcap == nullptr) return error;
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  int status = 0;
  while ((status = pcap_next_ex(pcap.get(), &header, &bytes)) == 1) {
    packets.push_back({header->ts.tv_sec * kSecond + header->ts.tv_usec, header->len, pcap_datalink(pcap.get()), 0,
                       Bytes(bytes, bytes + header->caplen)});
  }
  return status == PCAP_ERROR_BREAK ? "" : pcap_geterr(pcap.get());
}

// What libpcap reads, up to where it gives up, the walk reads as well. It does not tell interfaces, and takes 0 for the
// time of a simple packet block.
std::string expect_as_libpcap(const std::string& path, const Walked& found) {
  std::vector<Packet> expected;
  std::string error = through_libpcap(path, expected);
  EXPECT_GE(found.packets.size(), expected.size()) << path;
  if (error.empty()) {
    EXPECT_EQ(found.packets.size(), expected.size()) << path;
    EXPECT_EQ(found.error, "") << path;
  }
  for (std::size_t i = 0; i < std::min(found.packets.size(), expected.size()); ++i) {
    Packet packet = found.packets[i];
    packet.interface = 0;
    if (expected[i].timestamp_ns == 0) packet.timestamp_ns = 0;
    EXPECT_TRUE(packet == expected[i]) << path << ", packet " << i + 1;
  }
  return error;
}

Bytes read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(PcapngWalk, SectionsHaveTheirOwnByteOrderAndInterfaces) {
  PcapngWriter writer;
  writer.section().interface(1, 96, 6).interface(101, 0, 9).packet(1, 7, noise(20)).packet(0, 8, noise(21));
  writer.other_byte_order().section().interface(113, 65535, 9).packet(0, 9, noise(22)).packet(0, 10, noise(23));
  writer.other_byte_order().section().interface(0, 0).packet(0, 11, noise(24));
  const Walked found = walk(writer.bytes());
  EXPECT_THAT(found.link_types(), ElementsAre(12, 1, 113, 113, 0));
  EXPECT_THAT(found.interfaces(), ElementsAre(1, 0, 0, 0, 0));
  EXPECT_THAT(found.times(), ElementsAre(7, 8000, 9, 10, 11000));
  for (std::size_t i = 0; i < found.packets.size(); ++i) EXPECT_EQ(found.packets[i].bytes, noise(20 + i));
  EXPECT_EQ(found.error, "");
}

// A section ends where the next begins, whatever its length says.
TEST(PcapngWalk, TheLengthOfASectionIsNotNeeded) {
  for (const std::int64_t length : {-1L, 0L, 32L, 1000L, INT64_MAX, INT64_MIN}) {
    PcapngWriter writer;
    writer.section(length).interface(1, 0).packet(0, 1, noise(9)).section(length).interface(1, 0).packet(0, 2, {});
    EXPECT_THAT(walk(writer.bytes()).times(), ElementsAre(1000, 2000)) << length;
  }
}

TEST(PcapngWalk, EveryKindOfPacketBlock) {
  for (const bool big_endian : {false, true}) {
    PcapngWriter writer(big_endian);
    writer.section().interface(1, 30).interface(1, 65535, 9);
    writer.packet(1, 1ULL << 32 | 5, noise(33)).obsolete_packet(1, 1ULL << 33 | 6, noise(34)).simple_packet(noise(29));
    const Walked found = walk(writer.bytes());
    EXPECT_THAT(found.times(), ElementsAre(4'294'967'301, 8'589'934'598, 8'589'934'598));
    EXPECT_THAT(found.interfaces(), ElementsAre(1, 1, 0));
    EXPECT_EQ(found.packets[1].bytes, noise(34));
    EXPECT_EQ(found.untimed, 1);
  }
}

// 10^-n and 2^-n of a second, rounded down, and an offset in whole seconds.
TEST(PcapngWalk, TimestampsOfEveryResolutionAreExact) {
  struct {
    int resolution;
    std::int64_t offset_seconds;
    std::uint64_t ticks;
    std::int64_t expected_ns;
  } const cases[] = {
      {0, 0, 1'700'000'000, 1'700'000'000'000'000'000},
      {1, 0, 17, 1'700'000'000},
      {6, 0, 1'700'000'000'123'456, 1'700'000'000'123'456'000},
      {8, 0, 3, 30},
      {9, 0, (1ULL << 62) - 1, (1LL << 62) - 1},
      {10, 0, 19, 1},
      {12, 0, 1'999, 1},
      {12, -1, 1'999, -999'999'999},
      {12, 0, ~0ULL, 18'446'744'073'709'551},
      {19, 0, ~0ULL, 1'844'674'407},
      {0x80, 0, 5, 5'000'000'000},
      {0x80 | 1, 0, 3, 1'500'000'000},
      {0x80 | 8, 0, 1, 3'906'250},
      {0x80 | 30, 0, 1, 0},
      {0x80 | 30, 0, 2, 1},  // 1.86
      {0x80 | 32, 0, 1'700'000'000ULL << 32 | 0x80000000, 1'700'000'000'500'000'000},
      {0x80 | 32, 0, 0xffffffff, 999'999'999},
      {0x80 | 40, 0, ~0ULL, 16'777'215'999'999'999},  // where 64 bits are not enough
      {0x80 | 63, 0, ~0ULL, 1'999'999'999},
      {0x80 | 63, 0, 1, 0},
      {6, 1'700'000'000, 5, 1'700'000'000'000'005'000},
      {6, -5, 4'999'999, -1'000},
      {0x80 | 10, -2, 1, -1'999'023'438},  // 976,562.5 rounded down, then the offset
  };
  for (const auto& [resolution, offset_seconds, ticks, expected_ns] : cases) {
    PcapngWriter writer;
    writer.section().interface(1, 0, static_cast<std::uint8_t>(resolution), offset_seconds).packet(0, ticks, noise(4));
    EXPECT_THAT(walk(writer.bytes()).times(), ElementsAre(expected_ns)) << resolution << " " << ticks;
  }
}

bool is_valid(std::uint8_t resolution, std::int64_t offset_seconds, std::uint64_t ticks) {
  Frame frame;
  PcapngClock(resolution, offset_seconds).set_timestamp(ticks, frame);
  return frame.timestamp_valid;
}

TEST(PcapngWalk, TimesBeyondTheRangeAreNotValid) {
  constexpr std::uint64_t furthest = 1ULL << 62;
  EXPECT_TRUE(is_valid(9, 0, furthest - 1));
  EXPECT_FALSE(is_valid(9, 0, furthest));
  EXPECT_FALSE(is_valid(9, 0, ~0ULL));
  EXPECT_TRUE(is_valid(9, -4'611'686'019, furthest + 500'000'000));
  EXPECT_TRUE(is_valid(0, 0, 4'611'686'018));
  EXPECT_FALSE(is_valid(0, 0, 4'611'686'019));
  EXPECT_FALSE(is_valid(0x80, 0, 4'611'686'019));
  EXPECT_TRUE(is_valid(0, -4'611'686'018, 0));
  EXPECT_FALSE(is_valid(0, -4'611'686'019, 0));
  EXPECT_TRUE(is_valid(0, -4'611'686'019, 1));
  for (const std::int64_t offset : {INT64_MIN, INT64_MAX}) {
    for (const int resolution : {0, 6, 9, 12, 0x80 | 20}) {
      for (const std::uint64_t ticks : {0ULL, 1ULL, ~0ULL}) {
        EXPECT_FALSE(is_valid(static_cast<std::uint8_t>(resolution), offset, ticks));
      }
    }
  }
  EXPECT_TRUE(is_valid(0, INT64_MIN / 1'000'000'000 * 2, static_cast<std::uint64_t>(-(INT64_MIN / 1'000'000'000 * 2))));
}

TEST(PcapngWalk, ASimplePacketTakesTheTimeOfThePacketBefore) {
  PcapngWriter writer;
  writer.section().interface(1, 0, 9).simple_packet(noise(4)).packet(0, 77, noise(4)).simple_packet(noise(5));
  writer.packet(0, ~0ULL, noise(4)).simple_packet(noise(6));  // a time beyond the range is none
  writer.packet(0, 50, noise(4)).simple_packet(noise(7));     // time may run back
  writer.section().interface(1, 0, 6).simple_packet(noise(8)).simple_packet(noise(9));  // of the section before
  const Walked found = walk(writer.bytes());
  EXPECT_THAT(found.times(), ElementsAre(0, 77, 77, 0, 77, 50, 50, 50, 50));
  EXPECT_EQ(found.untimed, 6);
}

TEST(PcapngWalk, ASimplePacketIsCutByTheSnapshotLength) {
  PcapngWriter writer;
  writer.section().interface(1, 5).simple_packet(1500, noise(5)).simple_packet(4, noise(4)).simple_packet(0, {});
  const Walked found = walk(writer.bytes());
  ASSERT_EQ(found.packets.size(), 3);
  EXPECT_EQ(found.packets[0].bytes, noise(5));
  EXPECT_EQ(found.packets[0].wire_bytes, 1500);
  EXPECT_EQ(found.packets[1].bytes, noise(4));
  EXPECT_EQ(found.packets[2].wire_bytes, 0);
}

// libpcap refuses it; all of it is there.
TEST(PcapngWalk, APacketLongerThanTheSnapshotLengthIsWhole) {
  PcapngWriter writer;
  writer.section().interface(1, 40).packet(0, 1, noise(60)).interface(1, 0).packet(1, 1, noise(300'000));
  const Walked found = walk(writer.bytes());
  ASSERT_EQ(found.packets.size(), 2);
  EXPECT_EQ(found.packets[0].bytes, noise(60));
  EXPECT_EQ(found.packets[1].bytes, noise(300'000));
}

TEST(PcapngWalk, OtherBlocksAreSkippedHoweverLongTheyAre) {
  PcapngWriter writer;
  writer.section().block(0x80000001, noise(3)).interface(1, 0);
  for (const std::uint32_t type : {4U, 5U, 9U, 10U, 0xbadU, 0x40000badU, 0x7fffffffU}) {
    writer.block(type, noise(type % 50)).packet(0, type, noise(7));
  }
  writer.block(0xbad, Bytes(20'000'000, 6)).packet(0, 1, noise(7));
  for (const std::size_t piece : {SIZE_MAX, 65536UZ}) {
    const Walked found = walk(writer.bytes(), piece);
    EXPECT_EQ(found.packets.size(), 8);
    EXPECT_EQ(found.error, "");
  }
  const Walked cut = walk(first(writer.bytes(), writer.size() - 100));
  EXPECT_EQ(cut.packets.size(), 7);
  EXPECT_THAT(cut.error, StartsWith("the file ends in the middle of a block (20000012 bytes, "));
}

TEST(PcapngWalk, OptionsOfPacketsAreNotLookedAt) {
  PcapngWriter writer;
  const Bytes comment = writer.option(1, noise(3));
  writer.section().interface(1, 0).packet(0, 1, noise(5), comment).packet(0, 2, noise(6), noise(8));
  writer.packet(0, 3, noise(7), Bytes(1'000'000, 0xff));
  const Walked found = walk(writer.bytes());
  EXPECT_THAT(found.times(), ElementsAre(1000, 2000, 3000));
  EXPECT_EQ(found.packets[2].bytes, noise(7));
}

TEST(PcapngWalk, OptionsOfAnInterface) {
  const PcapngWriter writer;
  const auto option = [&](std::uint16_t code, const Bytes& value) { return writer.option(code, value); };
  const auto list = [](std::initializer_list<Bytes> options) {
    Bytes all;
    for (const Bytes& one : options) append(all, one);
    return all;
  };
  const auto error = [](const Bytes& options) {
    return walk(PcapngWriter().section().interface_with(1, options).packet(0, 1, {}).bytes()).error;
  };
  const Bytes nanoseconds = option(9, {9});
  EXPECT_EQ(error({}), "");
  EXPECT_EQ(error(list({option(2, text("eth0")), nanoseconds})), "") << "the end of the list need not be told";
  EXPECT_EQ(error(list({option(0, {}), option(9, {99})})), "") << "behind the end there is nothing";
  EXPECT_EQ(error(list({option(2988, noise(5)), option(19373, noise(4)), option(0x8001, {})})), "");
  EXPECT_THAT(error(option(9, {20})),
              StartsWith("its timestamps have a resolution that does not exist (if_tsresol 20)"));
  EXPECT_THAT(error(option(9, {0x80 | 64})), HasSubstr("(if_tsresol 192)"));
  EXPECT_THAT(error(option(9, {9, 9})), StartsWith("its if_tsresol option has 2 bytes, not 1"));
  EXPECT_THAT(error(option(9, {})), StartsWith("its if_tsresol option has 0 bytes, not 1"));
  EXPECT_THAT(error(list({nanoseconds, nanoseconds})), StartsWith("it has two if_tsresol options"));
  EXPECT_THAT(error(option(14, noise(4))), StartsWith("its if_tsoffset option has 4 bytes, not 8"));
  EXPECT_THAT(error(list({option(14, noise(8)), option(14, noise(8))})), StartsWith("it has two if_tsoffset options"));
  EXPECT_THAT(error({2, 0, 5, 0, 1, 2, 3, 4}), StartsWith("its option 2 has no room for 5 bytes"));
  EXPECT_THAT(error({2, 0, 0xff, 0xff}), StartsWith("its option 2 has no room for 65535 bytes"));
  EXPECT_EQ(walk(PcapngWriter().section().block(1, noise(4)).bytes()).error.substr(0, 33),
            "it is too short for an interface;");
}

// Blocks of all sizes over the borders of what is read at once.
TEST(PcapngWalk, BlocksOverTheBordersOfWhatIsRead) {
  PcapngWriter writer;
  writer.section().interface(1, 0, 9);
  std::vector<std::size_t> sizes;
  for (unsigned i = 0; i < 1500; ++i) sizes.push_back(i * 7919 % (i % 9 == 0 ? 9000 : 1500));
  for (const std::size_t size : {262'144, 300'000, 1'000'000, 0, 1, 16'000'000, 5, 262'115, 262'116, 262'117}) {
    sizes.push_back(size);
  }
  for (unsigned i = 0; i < sizes.size(); ++i) {
    writer.packet(0, i, noise(sizes[i], i));
    if (i % 100 == 0) writer.name_resolution().block(5, noise(sizes[i], i));
  }
  for (const std::size_t piece : {SIZE_MAX, 65536UZ, 65537UZ}) {
    const Walked found = walk(writer.bytes(), piece);
    EXPECT_EQ(found.error, "");
    ASSERT_EQ(found.packets.size(), sizes.size());
    for (unsigned i = 0; i < sizes.size(); ++i) ASSERT_TRUE(found.packets[i].bytes == noise(sizes[i], i)) << i;
  }
}

PcapngWriter one_of_each(bool big_endian) {
  PcapngWriter writer(big_endian);
  writer.section().interface(1, 0, 9, 3).name_resolution().packet(0, 1, noise(9), writer.option(1, noise(3)));
  writer.simple_packet(noise(6)).obsolete_packet(0, 2, noise(5)).block(5, noise(8));
  writer.other_byte_order().section(0).interface(113, 65535).packet(0, 3, noise(7));
  return writer;
}

// Where the blocks begin.
std::vector<std::size_t> block_begins(const Bytes& bytes, bool big_endian) {
  std::vector<std::size_t> begins;
  for (std::size_t at = 0; at < bytes.size();) {
    begins.push_back(at);
    if (begins.size() > 1 && bytes[at] == 0x0a) big_endian = !big_endian;  // of one_of_each
    at += big_endian ? bytes[at + 7] : bytes[at + 4];
  }
  return begins;
}

TEST(PcapngWalk, ACutAtAnyByteKeepsTheWholePacketsBefore) {
  for (const bool big_endian : {false, true}) {
    const Bytes whole = one_of_each(big_endian).bytes();
    const Walked all = walk(whole);
    ASSERT_EQ(all.packets.size(), 4);
    EXPECT_EQ(all.error, "");
    const std::vector<std::size_t> begins = block_begins(whole, big_endian);
    ASSERT_EQ(begins.size(), 10);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto next = std::ranges::upper_bound(begins, size);
      const std::size_t begin = *std::prev(next);
      const Walked found = walk(first(whole, size), 1 + size % 13);
      EXPECT_EQ(found.error.empty(), size == begin) << size << ": " << found.error;
      EXPECT_EQ(found.block_begin, static_cast<std::int64_t>(begin)) << size;
      EXPECT_EQ(found.block_number, static_cast<std::uint64_t>(next - begins.begin())) << size;
      // The packets are the blocks 4, 5, 6 and 10.
      const auto blocks = static_cast<std::size_t>(next - begins.begin() - 1);
      ASSERT_EQ(found.packets.size(), std::clamp<std::size_t>(blocks, 3, 6) - 3) << size;
      EXPECT_TRUE(std::equal(found.packets.begin(), found.packets.end(), all.packets.begin())) << size;
    }
  }
}

// Every 32 bits of a capture by turns, of which some are lengths.
TEST(PcapngWalk, HostileNumbersAreReadWithinBounds) {
  for (const bool big_endian : {false, true}) {
    const Bytes whole = one_of_each(big_endian).bytes();
    const Walked all = walk(whole);
    for (std::size_t at = 0; at + 4 <= whole.size(); at += 2) {
      for (const std::uint32_t value :
           {0U,          1U,          3U,          4U,  8U,    11U,      12U,       13U,
            16U,         20U,         28U,         32U, 1000U, 1U << 20, 16U << 20, (16U << 20) + 4,
            0x7fffffffU, 0x80000000U, 0xfffffffcU, ~0U}) {
        for (const bool swapped : {false, true}) {
          Bytes hostile = whole;
          const std::uint32_t stored = swapped ? __builtin_bswap32(value) : value;
          std::memcpy(hostile.data() + at, &stored, sizeof stored);
          const Walked found = walk(hostile);
          EXPECT_LE(found.packets.size(), all.packets.size() + 1);  // a type may have become a packet's
          EXPECT_LE(found.block_begin, static_cast<std::int64_t>(hostile.size()));
          EXPECT_EQ(walk(hostile, 5).packets, found.packets);
        }
      }
    }
  }
}

TEST(PcapngWalk, WhatIsDamagedIsNamed) {
  const auto error = [](const PcapngWriter& writer) { return walk(writer.bytes()).error; };
  const auto begun = [] {
    PcapngWriter writer;
    writer.section().interface(1, 0).packet(0, 1, noise(4));
    return writer;
  };
  const std::string damaged = "; the file is damaged from here on, take a fresh copy";
  EXPECT_EQ(error(begun().packet(1, 1, noise(4))),
            "its packet is of interface 1, and its section has declared 1 interface so far" + damaged);
  EXPECT_EQ(error(PcapngWriter().section().simple_packet(noise(4))),
            "its packet is of interface 0, and its section has declared 0 interfaces so far" + damaged);
  EXPECT_EQ(error(begun().packet(0, 1, 9, 9, noise(8))), "a frame of 9 bytes does not fit into its 40 bytes" + damaged);
  EXPECT_EQ(error(begun().packet(0, 1, ~0U, 9, noise(8))),
            "a frame of 4294967295 bytes does not fit into its 40 bytes" + damaged);
  EXPECT_EQ(error(begun().simple_packet(9, noise(8))), "a frame of 9 bytes does not fit into its 24 bytes" + damaged);
  EXPECT_EQ(error(begun().block(6, noise(16))), "its 28 bytes are too few for a packet" + damaged);
  EXPECT_EQ(error(begun().block(3, {})), "its 12 bytes are too few for a packet" + damaged);
  EXPECT_EQ(
      error(begun().section(-1, 1, 1)),
      "it begins a section of version 1.1, and 1.0 is read; if the file is not that new it is damaged, take a fresh "
      "copy");
  EXPECT_THAT(error(begun().section(-1, 2, 0)), HasSubstr("version 2.0"));
  EXPECT_EQ(error(begun().section(-1, 1, 2)), "");
  EXPECT_EQ(error(begun().block(0x0a0d0d0a, noise(16))),
            "it begins like a section, but has no byte-order magic" + damaged);
  EXPECT_EQ(error(begun().raw({9, 0, 0, 0, 11, 0, 0, 0, 0, 0, 0, 0})), "its length of 11 bytes is wrong" + damaged);
  EXPECT_EQ(error(begun().raw({9, 0, 0, 0, 14, 0, 0, 0, 0, 0, 14, 0, 0, 0})),
            "its length of 14 bytes is wrong" + damaged);
  EXPECT_EQ(error(begun().raw({9, 0, 0, 0, 12, 0, 0, 0, 16, 0, 0, 0})),
            "its length is 12 bytes at its begin and 16 at its end" + damaged);
  EXPECT_EQ(error(begun().raw({6, 0, 0, 0, 4, 0, 0, 1, 0, 0, 0, 0})),
            "its length of 16777220 bytes is wrong" + damaged);
  EXPECT_THAT(error(begun().raw({6, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0})),
              StartsWith("the file ends in the middle of a block"));
}

TEST(PcapngWalk, ASectionHasABoundedNumberOfInterfaces) {
  PcapngWriter one;
  one.section();
  Bytes many = one.bytes();
  const Bytes interface = PcapngWriter().interface_with(1, {}).bytes();
  for (std::size_t i = 0; i <= PcapngWalk::kMostInterfaces; ++i) append(many, interface);
  const Walked found = walk(many);
  EXPECT_EQ(found.error, "its section has 1,048,576 interfaces before it, and no more are read");
  EXPECT_EQ(found.block_begin, static_cast<std::int64_t>(many.size() - interface.size()));
}

TEST(PcapngWalk, NflogFramesAreInThisMachinesByteOrderAsLibpcapShowsThem) {
  const TempFolder folder;
  for (const bool big_endian : {false, true}) {
    for (const std::uint8_t version : {0, 1}) {
      PcapngWriter writer(big_endian);
      writer.section().interface(239, 0);
      // Family, version, resource; parts of 8, 5 (padded to 8) and more bytes than there are.
      const auto half = [&](std::uint8_t number) { return big_endian ? Bytes{0, number} : Bytes{number, 0}; };
      Bytes frame = {2, version, 0, 7};
      for (const std::uint8_t size : {8, 5, 200}) append(append(append(frame, half(size)), half(9)), noise(4));
      for (std::size_t cut = 0; cut <= frame.size(); ++cut) writer.packet(0, cut, first(frame, cut));
      const Walked found = walk(writer.bytes());
      EXPECT_EQ(found.packets.size(), frame.size() + 1);
      EXPECT_EQ(expect_as_libpcap(folder.write("nflog", writer.bytes()), found), "");
    }
  }
}

// On every pcapng capture of the public ones: what libpcap reads of it, byte for byte.
TEST(PcapngWalk, PublicCapturesAreReadAsByLibpcap) {
  const std::filesystem::path shared = FLOWGAUGE_SHARED_DIR;
  if (!std::filesystem::is_directory(shared / "captures")) GTEST_SKIP() << "no captures at " << shared;
  std::size_t whole = 0;
  std::size_t in_part = 0;
  for (const char* folder : {"captures", "captures2", "cases"}) {
    for (const auto& entry : std::filesystem::directory_iterator(shared / folder)) {
      if (!entry.is_regular_file()) continue;
      const Bytes bytes = read_file(entry.path());
      if (capture_format({reinterpret_cast<const char*>(bytes.data()), bytes.size()}) !=
          flowgauge::CaptureFormat::kPcapng)
        continue;
      ++(expect_as_libpcap(entry.path(), walk(bytes)).empty() ? whole : in_part);
    }
  }
  EXPECT_GT(whole, 20);
  EXPECT_GT(in_part, 10);
}

}  // namespace
}  // namespace flowgauge::test
