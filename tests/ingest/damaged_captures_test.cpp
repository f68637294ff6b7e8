// Every way in which a capture can be damaged or refused has its sentence; what came before the damage is read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/ingest/capture_file.h"
#include "tests/ingest/classic_capture.h"
#include "tests/ingest/ingest_support.h"

namespace flowgauge::test {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// Three packets of 52 bytes at 24, 92 and 160; 228 bytes in all.
Bytes three_packets() {
  CaptureWriter writer;
  for (const std::int64_t second : {1, 2, 3}) writer.add(second * kSecond, udp_frame());
  return writer.bytes();
}

struct DamageCase {
  const char* name;
  Bytes bytes;
  std::size_t packets;
  std::string problem;  // "FILE" stands for the path
};

std::ostream& operator<<(std::ostream& out, const DamageCase& damage) { return out << damage.name; }

class DamagedCapture : public testing::TestWithParam<DamageCase> {};

TEST_P(DamagedCapture, IsReadUpToTheDamageAndNamed) {
  const TempFolder folder;
  const DamageCase& damage = GetParam();
  const std::string path = folder.write("x", damage.bytes);
  std::string problem = damage.problem;
  for (std::size_t at = 0; (at = problem.find("FILE", at)) != std::string::npos;) {
    problem.replace(at, 4, path);
    at += path.size();
  }
  const SourceRun found = run(std::vector{path});
  EXPECT_THAT(found.problems, ElementsAre(problem));
  EXPECT_THAT(found.codes, ElementsAre(ExitCode::kInput));
  EXPECT_EQ(found.ledger.frames_read, damage.packets);
}

Bytes with_record(std::uint32_t captured_bytes, std::uint32_t snaplen_bytes = 262144) {
  CaptureWriter writer({.snaplen_bytes = snaplen_bytes});
  writer.add(1 * kSecond, udp_frame());
  writer.add_record(2, 0, captured_bytes, captured_bytes, udp_frame());
  return writer.bytes();
}

Bytes pcap_version(std::uint8_t major, std::uint8_t minor) {
  Bytes bytes = three_packets();
  bytes[4] = major;
  bytes[6] = minor;
  return bytes;
}

PcapngWriter pcapng() {
  PcapngWriter writer;
  writer.section().interface(1, 65535);
  return writer;
}

// Section 28 bytes, interface 32; a packet of 52 bytes is a block of 84.
Bytes pcapng_with(PcapngWriter& (*more)(PcapngWriter&)) {
  PcapngWriter writer = pcapng();
  writer.packet(0, 1, udp_frame()).name_resolution();
  return more(writer).bytes();
}

const std::string kCutAdvice =
    "; if it was still being written or copied, read it again when that is done. "
    "The packets before it are used";

INSTANTIATE_TEST_SUITE_P(
    Captures, DamagedCapture,
    testing::Values(
        DamageCase{"cut_in_packet", first(three_packets(), 227), 2,
                   "FILE: packet 3 at byte 160 cannot be read: the file ends in the middle of a packet (truncated dump "
                   "file; tried to read 52 captured bytes, only got 51)" +
                       kCutAdvice},
        DamageCase{"cut_in_record_header", first(three_packets(), 160 + 15), 2,
                   "FILE: packet 3 at byte 160 cannot be read: the file ends in the middle of a packet header "
                   "(truncated dump file; tried to read 16 header bytes, only got 15)" +
                       kCutAdvice},
        DamageCase{
            "cut_after_one_byte", first(three_packets(), 25), 0,
            "FILE: packet 1 at byte 24 cannot be read: the file ends in the middle of a packet header (truncated "
            "dump file; tried to read 16 header bytes, only got 1)" +
                kCutAdvice},
        DamageCase{"cut_file_header", first(three_packets(), 23), 0,
                   "cannot read FILE: the file ends in its header; take a fresh copy"},
        DamageCase{"lying_length", with_record(262145), 1,
                   "FILE: packet 2 at byte 92 cannot be read: its length field is wrong (invalid packet capture length "
                   "262145, bigger than snaplen of 262144); the file is damaged from here on, take a fresh copy. The "
                   "packets before it are used"},
        DamageCase{"longest_length_that_ends_too_early", with_record(262144), 1,
                   "FILE: packet 2 at byte 92 cannot be read: the file ends in the middle of a packet (truncated dump "
                   "file; tried to read 262144 captured bytes, only got 52)" +
                       kCutAdvice},
        DamageCase{
            "old_version", pcap_version(1, 0), 0,
            "cannot read FILE: its header has a version that libpcap no longer reads (archaic pcap savefile format); "
            "if the file is not that old it is damaged, take a fresh copy"},
        DamageCase{"new_version", pcap_version(2, 5), 0,
                   "cannot read FILE: libpcap does not know its version (unsupported pcap savefile version 2.5); "
                   "`editcap FILE OUT.pcap` may convert it"},
        DamageCase{
            "pcapng_unknown_interface",
            pcapng_with([](PcapngWriter& w) -> PcapngWriter& { return w.packet(7, 1, udp_frame()); }), 1,
            "FILE: block 5 at byte 160, behind packet 1, cannot be read: its packet is of interface 7, and its section "
            "has declared 1 interface so far; the file is damaged from here on, take a fresh copy. The packets before "
            "it are used"},
        DamageCase{"pcapng_cut",
                   [] {
                     const Bytes whole =
                         pcapng_with([](PcapngWriter& w) -> PcapngWriter& { return w.packet(0, 2, udp_frame()); });
                     return first(whole, whole.size() - 3);
                   }(),
                   1,
                   "FILE: block 5 at byte 160, behind packet 1, cannot be read: the file ends in the middle of a block "
                   "(84 bytes, 3 are missing)" +
                       kCutAdvice},
        DamageCase{"pcapng_begin_alone", first(pcapng().bytes(), 20), 0,
                   "FILE: block 1 at byte 0, behind packet 0, cannot be read: the file ends in the middle of a block "
                   "(28 bytes, 8 are missing)" +
                       kCutAdvice},
        DamageCase{"text", text("time,source,destination\n"), 0,
                   "FILE is not a capture: it begins neither like pcap nor like pcapng; if it is a capture of another "
                   "kind, `editcap FILE OUT.pcapng` may convert it"},
        DamageCase{"three_bytes",
                   {0xd4, 0xc3, 0xb2},
                   0,
                   "FILE is not a capture: it begins neither like pcap nor like pcapng; if it is a capture of another "
                   "kind, `editcap FILE OUT.pcapng` may convert it"},
        DamageCase{"empty", {}, 0, "FILE is empty: no capture was written to it"},
        DamageCase{"compressed_text", gzip(text("text")), 0,
                   "FILE is not a capture: it begins neither like pcap nor like pcapng; if it is a capture of another "
                   "kind, `editcap FILE OUT.pcapng` may convert it"},
        DamageCase{"compressed_nothing", zstd({}), 0, "FILE is empty: no capture was written to it"},
        DamageCase{
            "zip", text("PK\x03\x04 and so on"), 0,
            "FILE is compressed with zip, which is not read here: decompress it first, or use gzip, zstd, bzip2, "
            "xz or lz4"},
        DamageCase{"bzip2_begin_alone", text("BZh91AY&SY"), 0,
                   "cannot read FILE: its bzip2 data ends in the middle; take a fresh copy"},
        DamageCase{"gzip_header_alone", first(gzip(three_packets()), 10), 0,
                   "cannot read FILE: its gzip data ends in the middle; take a fresh copy"}),
    [](const auto& which) { return which.param.name; });

Bytes joined(Bytes bytes, const Bytes& more) { return append(bytes, more); }

const std::string kJoined =
    "another capture begins here, as where two were joined by `cat`; give both files, or join them by `mergecap -w "
    "OUT.pcapng FILE1 FILE2`. The packets before it are used";

// The first is read; the message says what the file looks like.
TEST(DamagedCaptures, TwoCapturesJoinedByCatAreNamed) {
  const TempFolder folder;
  const std::string path = folder.path("x");
  for (const std::uint32_t magic : kMagics) {
    for (const bool big_endian : {false, true}) {
      const FileHeader header{.magic = magic, .big_endian = big_endian};
      for (const std::uint32_t other_magic : kMagics) {
        for (const bool other_big_endian : {false, true}) {
          Bytes bytes = Capture(header).record(noise(60)).record(noise(0)).record(noise(61)).bytes();
          const std::size_t size = bytes.size();
          append(bytes, Capture({.magic = other_magic, .big_endian = other_big_endian}).record(noise(60)).bytes());
          folder.write("x", bytes);
          const SourceRun found = run(std::vector{path});
          EXPECT_EQ(found.ledger.frames_read, 3);
          EXPECT_THAT(found.problems,
                      ElementsAre(fmt::format("{}: packet 4 at byte {} cannot be read: {}", path, size, kJoined)));
        }
      }
      // pcapng behind it.
      folder.write("x", joined(Capture(header).record(noise(60)).bytes(), pcapng().bytes()));
      EXPECT_THAT(run(std::vector{path}).problems, ElementsAre(EndsWith(kJoined)));
      // It behind pcapng.
      PcapngWriter writer = pcapng();
      writer.packet(0, 1, udp_frame()).raw(Capture(header).record(noise(60)).bytes());
      folder.write("x", writer.bytes());
      const SourceRun behind = run(std::vector{path});
      EXPECT_EQ(behind.ledger.frames_read, 1);
      EXPECT_THAT(behind.problems,
                  ElementsAre(path + ": block 4 at byte 144, behind packet 1, cannot be read: " + kJoined));
    }
  }
}

TEST(DamagedCaptures, TwoPcapngCapturesJoinedByCatAreOne) {
  const TempFolder folder;
  PcapngWriter writer = pcapng();
  writer.packet(0, 1, udp_frame());
  const std::string path = folder.write("x", joined(writer.bytes(), writer.bytes()));
  const SourceRun found = run(std::vector{path});
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_EQ(found.ledger.frames_read, 2);
}

// As much as a header of one has in common with a record of a real packet.
TEST(DamagedCaptures, ARecordThatLooksLikeAHeaderInPartIsARecord) {
  const TempFolder folder;
  Capture capture({.magic = kMicroseconds});
  capture.record(kMicroseconds, 4, 0, 60, {}).record(kMicroseconds, 0x00040002, 60, 60, noise(60));
  capture.record(kNanoseconds, 0x00040002, 0, 60, {}).record(0x0a0d0d0a, 60, 0, 0, {});
  const SourceRun found = run(std::vector{folder.write("x", capture.bytes())});
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_EQ(found.ledger.frames_read, 4);
}

std::string only_zeros(const std::string& count) {
  return "only zeros follow, " + count +
         " bytes of them, as in a file that was given its size before it was written, or where the disk was full or "
         "the "
         "machine went down; if packets are missing, take another copy. The packets before it are used";
}

TEST(DamagedCaptures, ZerosBehindTheLastRecordAreNamedAndNoFrames) {
  const TempFolder folder;
  const std::string path = folder.path("x");
  const std::pair<std::size_t, std::string> sizes[] = {{24, "24"}, {4096, "4,096"}, {3'000'001, "3,000,001"}};
  for (const auto& [size, text] : sizes) {
    for (const std::uint32_t magic : kMagics) {
      folder.write("x", joined(Capture({.magic = magic}).record(noise(60)).bytes(), Bytes(size)));
      const SourceRun found = run(std::vector{path});
      EXPECT_EQ(found.ledger.frames_read, 1);
      EXPECT_THAT(found.problems, ElementsAre(EndsWith(" cannot be read: " + only_zeros(text))));
      EXPECT_THAT(found.codes, ElementsAre(ExitCode::kInput));
    }
    PcapngWriter writer = pcapng();
    folder.write("x", writer.packet(0, 1, udp_frame()).raw(Bytes(size)).bytes());
    const SourceRun found = run(std::vector{path});
    EXPECT_EQ(found.ledger.frames_read, 1);
    EXPECT_THAT(found.problems,
                ElementsAre(path + ": block 4 at byte 144, behind packet 1, cannot be read: " + only_zeros(text)));
  }
  // A file header alone, as of a capture that lost its first packets.
  folder.write("x", joined(CaptureWriter().bytes(), Bytes(1000)));
  EXPECT_THAT(run(std::vector{path}).problems,
              ElementsAre(path + ": packet 1 at byte 24 cannot be read: " + only_zeros("1,000")));
}

TEST(DamagedCaptures, ZerosBeforeOtherBytes) {
  const TempFolder folder;
  const std::string path = folder.path("x");
  // A few are records of no byte, as to libpcap.
  Capture capture({});
  capture.record(0, 0, 0, 0, {}).record(0, 0, 0, 0, {}).record(noise(60)).record(0, 0, 0, 60, {});
  folder.write("x", capture.bytes());
  EXPECT_EQ(run(std::vector{path}).ledger.frames_read, 4);
  EXPECT_THAT(run(std::vector{path}).problems, IsEmpty());
  // Many are none.
  Bytes many = Capture({}).record(noise(60)).bytes();
  append(append(many, Bytes(65536)), Bytes{1, 2, 3, 4});
  folder.write("x", many);
  EXPECT_EQ(run(std::vector{path}).ledger.frames_read, 1);
  EXPECT_THAT(run(std::vector{path}).problems,
              ElementsAre(path + ": packet 2 at byte 100 cannot be read: 65,536 zero bytes stand here, and other bytes "
                                 "behind them; the file is damaged from here on, take a fresh copy. The packets before "
                                 "it are used"));
}

TEST(DamagedCaptures, ACutCompressionSaysSoAndGivesThePacketsBefore) {
  const TempFolder folder;
  CaptureWriter writer;
  for (int i = 0; i < 2000; ++i) {
    writer.add(i * kSecond, udp_frame(static_cast<std::uint16_t>(i * 7919), static_cast<std::uint32_t>(i % 97)));
  }
  for (const auto& [name, compress] : compressors()) {
    const Bytes stored = compress(writer.bytes());
    const std::string path = folder.write("cut", first(stored, stored.size() - 5));
    const SourceRun found = run(std::vector{path});
    ASSERT_EQ(found.problems.size(), 1);
    EXPECT_THAT(found.problems[0], StartsWith(path + ": packet "));
    EXPECT_THAT(found.problems[0], HasSubstr(" of the decompressed content cannot be read: its "));
    EXPECT_THAT(found.problems[0],
                EndsWith(" data ends in the middle; take a fresh copy of the file. The packets before it are used"));
    EXPECT_LE(found.ledger.frames_read, 2000);
  }
  // gzip without its last 5 bytes lacks the checksum only: all packets are there, and still the cut is told.
  EXPECT_EQ(run(std::vector{folder.write("cut", first(gzip(writer.bytes()), gzip(writer.bytes()).size() - 5))})
                .ledger.frames_read,
            2000);
}

TEST(DamagedCaptures, TheNextInputIsReadAfterADamagedOne) {
  const TempFolder folder;
  const SourceRun found = run({folder.write("a", first(three_packets(), 200)), folder.write("b", three_packets()),
                               folder.write("c", pcap_version(2, 9)), folder.write("d", first(three_packets(), 30)),
                               folder.write("e", three_packets())});
  EXPECT_EQ(found.ledger.frames_read, 2 + 3 + 3);
  EXPECT_THAT(found.problems, ElementsAre(HasSubstr("/a: packet 3 at byte 160"), HasSubstr("/c: libpcap does not know"),
                                          HasSubstr("/d: packet 1 at byte 24")));
  EXPECT_THAT(found.frames, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
  EXPECT_EQ(found.progress.bytes_read, found.progress.bytes_total);
}

TEST(DamagedCaptures, NoFrameComesBehindTheDamage) {
  const TempFolder folder;
  // A lying length, then a whole record: walked by ourselves, and in a version that libpcap walks.
  for (const std::uint8_t minor : {4, 3}) {
    Bytes bytes = with_record(262145);
    append(bytes, Bytes(200));
    bytes[6] = minor;
    auto capture = CaptureFile::open(folder.write("x", bytes), {});
    ASSERT_TRUE(capture);
    Frame frame{};
    ASSERT_EQ(capture->next(frame), CaptureFile::ReadState::kFrame);
    ASSERT_EQ(capture->next(frame), CaptureFile::ReadState::kDamaged);
    const std::string problem = capture->problem();
    for (int again = 0; again < 3; ++again) {
      EXPECT_EQ(capture->next(frame), CaptureFile::ReadState::kDamaged) << "version 2." << int{minor};
    }
    EXPECT_EQ(capture->problem(), problem);
  }
}

TEST(DamagedCaptures, AHeaderWithoutPacketsIsNoDamage) {
  const TempFolder folder;
  const SourceRun found = run({folder.write("a", CaptureWriter().bytes()), folder.write("b", pcapng().bytes())});
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_EQ(found.ledger.frames_read, 0);
}

}  // namespace
}  // namespace flowgauge::test
