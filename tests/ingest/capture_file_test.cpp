#include "core/ingest/capture_file.h"

#include <gtest/gtest.h>

#include "tests/ingest/ingest_support.h"

namespace flowgauge::test {
namespace {

using Format = flowgauge::test::CaptureFormat;

struct Read {
  std::vector<std::int64_t> times;
  std::vector<std::uint32_t> captured;
  std::vector<std::uint32_t> wire;
  std::vector<bool> valid;
  std::string end;     // "", "end", or the problem
  int link_type = -1;  // of the last frame
};

Read read_file(const std::string& path) {
  Read read;
  auto capture = CaptureFile::open(path, {});
  if (!capture) {
    read.end = capture.error().message;
    return read;
  }
  Frame frame;
  CaptureFile::ReadState state;
  while ((state = capture->next(frame)) == CaptureFile::ReadState::kFrame) {
    read.times.push_back(frame.timestamp_ns);
    read.captured.push_back(frame.captured_bytes);
    read.wire.push_back(frame.wire_bytes);
    read.valid.push_back(frame.timestamp_valid);
    read.link_type = frame.link_type;
  }
  read.end = state == CaptureFile::ReadState::kEnd ? "end" : capture->problem();
  return read;
}

Read read_bytes(const Bytes& bytes) {
  const TempFolder folder;
  return read_file(folder.write("capture", bytes));
}

struct PcapCase {
  const char* name;
  Format format;
  std::int64_t resolution_ns;
};

class ClassicPcap : public testing::TestWithParam<PcapCase> {};

TEST_P(ClassicPcap, TimestampsAreUnsignedAndSubSecondsCarryOver) {
  const auto& [name, format, unit] = GetParam();
  CaptureWriter writer(format);
  const Bytes frame = udp_frame();
  const auto size = static_cast<std::uint32_t>(frame.size());
  struct {
    std::uint32_t seconds, sub_seconds;
  } const stamps[] = {{0, 0},          {1, 2},          {0x7fffffff, 999'999},   {0x80000000, 0},  {0xffffffff, 5},
                      {10, 1'000'000}, {10, 2'147'484}, {10, 0x7fffffff},        {10, 0x80000000}, {10, 0xffffffff},
                      {10, 4'294'968}, {10, 4'294'967}, {0xffffffff, 0xffffffff}};
  std::vector<std::int64_t> expected;
  for (const auto& [seconds, sub_seconds] : stamps) {
    writer.add_record(seconds, sub_seconds, size, size, frame);
    expected.push_back(seconds * kSecond + sub_seconds * unit);
  }
  const Read read = read_bytes(writer.bytes());
  EXPECT_EQ(read.times, expected);
  EXPECT_EQ(read.end, "end");
  EXPECT_EQ(read.valid, std::vector<bool>(expected.size(), true));
}

INSTANTIATE_TEST_SUITE_P(Magics, ClassicPcap,
                         testing::Values(PcapCase{"micro_le", {.big_endian = false}, 1000},
                                         PcapCase{"micro_be", {.big_endian = true}, 1000},
                                         PcapCase{"nano_le", {.big_endian = false, .nanoseconds = true}, 1},
                                         PcapCase{"nano_be", {.big_endian = true, .nanoseconds = true}, 1}),
                         [](const auto& which) { return which.param.name; });

// The "modified" format: magic 0xa1b2cd34, 8 more bytes (interface, protocol, packet type, padding) a record.
Bytes patched_capture(bool big_endian, std::size_t records) {
  const CaptureWriter plain({.big_endian = big_endian});
  Bytes bytes = plain.bytes();
  const Bytes magic = big_endian ? Bytes{0xa1, 0xb2, 0xcd, 0x34} : Bytes{0x34, 0xcd, 0xb2, 0xa1};
  std::copy(magic.begin(), magic.end(), bytes.begin());
  for (std::size_t i = 0; i < records; ++i) {
    CaptureWriter one({.big_endian = big_endian});
    one.add(static_cast<std::int64_t>(i + 1) * kSecond, udp_frame());
    Bytes record(one.bytes().begin() + 24, one.bytes().end());
    record.insert(record.begin() + 16, 8, 0xee);
    append(bytes, record);
  }
  return bytes;
}

TEST(CaptureFile, ReadsTheModifiedFormatInBothByteOrders) {
  for (const bool big_endian : {false, true}) {
    const Bytes bytes = patched_capture(big_endian, 3);
    const Read read = read_bytes(bytes);
    EXPECT_EQ(read.times, (std::vector<std::int64_t>{1 * kSecond, 2 * kSecond, 3 * kSecond}));
    EXPECT_EQ(read.end, "end");
    // Offsets count its longer header: 24 + 2 * (24 + 52).
    const Read cut = read_bytes(first(bytes, bytes.size() - 1));
    EXPECT_NE(cut.end.find("packet 3 at byte 176 cannot be read"), std::string::npos) << cut.end;
  }
}

TEST(CaptureFile, KeepsLengthsAndZeroLengthFrames) {
  CaptureWriter writer;
  writer.add(1 * kSecond, udp_frame(), 1500).add(2 * kSecond, {}, 0).add(3 * kSecond, {}, 60).add(4 * kSecond, {7});
  const Read read = read_bytes(writer.bytes());
  EXPECT_EQ(read.captured, (std::vector<std::uint32_t>{52, 0, 0, 1}));
  EXPECT_EQ(read.wire, (std::vector<std::uint32_t>{1500, 0, 60, 1}));
  EXPECT_EQ(read.end, "end");
}

TEST(CaptureFile, ARecordLongerThanTheSnapshotIsCutAndTheOffsetsStayRight) {
  CaptureWriter writer({.snaplen_bytes = 40});
  writer.add(1 * kSecond, udp_frame()).add(2 * kSecond, udp_frame());
  const Read read = read_bytes(writer.bytes());
  EXPECT_EQ(read.captured, (std::vector<std::uint32_t>{40, 40}));
  EXPECT_EQ(read.wire, (std::vector<std::uint32_t>{52, 52}));
  const Read cut = read_bytes(first(writer.bytes(), writer.bytes().size() - 20));
  EXPECT_NE(cut.end.find("packet 2 at byte 92 cannot be read"), std::string::npos) << cut.end;
}

TEST(CaptureFile, ReadsPcapngResolutionsAndOffsetsInBothByteOrders) {
  for (const bool big_endian : {false, true}) {
    PcapngWriter writer(big_endian);
    writer.section().interface(1, 65535, 6).interface(1, 65535, 9).interface(1, 65535, 0x80 | 10);
    writer.interface(1, 65535, 0, -5).interface(1, 65535, 12);
    const Bytes frame = udp_frame();
    writer.packet(0, 1'500'000, frame).packet(1, 1'500'000, frame).name_resolution().packet(2, 1536, frame);
    writer.packet(3, 3, frame).packet(4, 1'999'999'999'999, frame).simple_packet(frame);
    const Read read = read_bytes(writer.bytes());
    EXPECT_EQ(read.times, (std::vector<std::int64_t>{1'500'000'000, 1'500'000, 1'500'000'000, -2 * kSecond,
                                                     1'999'999'999, 1'999'999'999}));
    EXPECT_EQ(read.end, "end");
  }
}

TEST(CaptureFile, APcapngTimestampBeyondTheRangeIsInvalid) {
  PcapngWriter writer;
  writer.section().interface(1, 65535, 0).interface(1, 65535, 9).interface(1, 65535, 0, -4'611'686'018 - 1);
  const Bytes frame = udp_frame();
  constexpr std::uint64_t furthest = 1ULL << 62;  // ns: 4,611,686,018.427387904 s
  writer.packet(0, 4'611'686'018, frame).packet(0, 4'611'686'019, frame).packet(0, ~0ULL >> 1, frame);
  writer.packet(1, furthest - 1, frame).packet(1, furthest, frame).packet(1, ~0ULL, frame);
  writer.packet(2, 1, frame).packet(2, 0, frame);
  const Read read = read_bytes(writer.bytes());
  EXPECT_EQ(read.valid, (std::vector<bool>{true, false, false, true, false, false, true, false}));
  EXPECT_EQ(read.times[0], 4'611'686'018 * kSecond);
  EXPECT_EQ(read.times[3], static_cast<std::int64_t>(furthest - 1));
  EXPECT_EQ(read.times[6], -4'611'686'018 * kSecond);
}

TEST(CaptureFile, NamesLinkTypes) {
  EXPECT_EQ(link_type_text(1), "1 EN10MB (Ethernet)");
  EXPECT_EQ(link_type_text(9999), "9999");
  CaptureWriter writer({.link_type = 276});
  writer.add(1 * kSecond, {});
  EXPECT_EQ(read_bytes(writer.bytes()).link_type, 276);
}

}  // namespace
}  // namespace flowgauge::test
