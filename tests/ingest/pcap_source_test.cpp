#include "core/ingest/pcap_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "tests/ingest/ingest_support.h"

namespace flowgauge::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Bytes capture(const std::vector<std::pair<std::int64_t, Bytes>>& frames, std::uint32_t link_type = 1) {
  CaptureWriter writer({.link_type = link_type});
  for (const auto& [time, bytes] : frames) writer.add(time, bytes);
  return writer.bytes();
}

Bytes tcp_frame() { return frame().eth().ipv4("10.0.0.1", "10.0.0.2").tcp(1000, 443).flags("S").bytes(); }
Bytes arp_frame() { return frame().eth().next(0x0806).payload(28).bytes(); }

// Only the reasons that occurred.
std::map<std::string, std::uint64_t> reasons(const Ledger& ledger) {
  std::map<std::string, std::uint64_t> reasons;
  for (int i = PACKET_ACCEPTED + 1; i < PACKET_REASON_COUNT; ++i) {
    if (ledger.by_reason[i] > 0) reasons[std::string(reason_name(static_cast<packet_reason>(i)))] = ledger.by_reason[i];
  }
  return reasons;
}

TEST(PcapSource, FilesAreOneStreamWithOneFrameCount) {
  const TempFolder folder;
  const SourceRun found = run(
      {folder.write("a", capture({{5 * kSecond, udp_frame(1)}, {6 * kSecond, arp_frame()}})),
       folder.write("b", gzip(capture({{1 * kSecond, udp_frame(2)}}))),
       folder.write("c", zstd(PcapngWriter().section().interface(1, 65535, 9).packet(0, 77, tcp_frame()).bytes())),
       folder.write("d", capture({{8 * kSecond, frame().sll().ipv4("1.1.1.1", "2.2.2.2").udp(7, 8).bytes()}}, 113))});
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_THAT(found.warnings, IsEmpty());
  EXPECT_THAT(found.frames, ElementsAre(0, 2, 3, 4));
  EXPECT_THAT(found.times(), ElementsAre(5 * kSecond, 1 * kSecond, 77, 8 * kSecond));
  EXPECT_EQ(found.events[0].src_port, 1);
  EXPECT_EQ(found.events[1].src_port, 2);
  EXPECT_EQ(found.events[2].dst_port, 443);
  EXPECT_EQ(found.events[3].src_port, 7);
  EXPECT_EQ(found.ledger.frames_read, 5);
  EXPECT_THAT(reasons(found.ledger), ElementsAre(std::pair("not_ip", 1)));
  EXPECT_EQ(found.progress.bytes_read, found.progress.bytes_total);
  EXPECT_GT(found.progress.bytes_total, 0);
}

TEST(PcapSource, CallersFieldsAreSetInReusedBlocks) {
  const TempFolder folder;
  const auto list = expand_inputs(std::vector{folder.write("a", capture({{1, udp_frame(1)}}))});
  auto source = PcapSource::create({.inputs = list->inputs});
  EventBlock block;
  block.events.resize(kBlockEvents);
  for (packet_event& event : block.events) std::memset(static_cast<void*>(&event), 0xff, sizeof event);
  block.frames = {9, 9};
  block.payload = {1};
  block.payload_begin = {0};
  EXPECT_EQ((*source)->read(block), SourceState::kEnd);
  ASSERT_EQ(block.events.size(), 1);
  EXPECT_EQ(block.events[0].interface, 0);
  EXPECT_EQ(block.events[0].key_interface, 0);
  EXPECT_EQ(block.events[0].partition, 0);
  EXPECT_EQ(block.events[0].payload_captured_bytes, 0);
  EXPECT_THAT(block.frames, ElementsAre(0));
  EXPECT_THAT(block.payload, IsEmpty());
  EXPECT_THAT(block.payload_begin, IsEmpty());
}

TEST(PcapSource, BlocksHoldAtMostTheirNumberOfEvents) {
  const TempFolder folder;
  CaptureWriter writer;
  const Bytes frame = udp_frame();
  for (std::size_t i = 0; i < 2 * kBlockEvents + 1; ++i) writer.add(static_cast<std::int64_t>(i) * 1000, frame);
  const SourceRun found = run(std::vector{folder.write("a", writer.bytes())});
  EXPECT_EQ(found.blocks, 3);
  ASSERT_EQ(found.frames.size(), 2 * kBlockEvents + 1);
  for (std::size_t i = 0; i < found.frames.size(); ++i) {
    ASSERT_EQ(found.frames[i], i);
    ASSERT_EQ(found.events[i].timestamp_ns, static_cast<std::int64_t>(i) * 1000);
  }
}

TEST(PcapSource, ABlockEndsBeforeIgnoredFramesMakeItLong) {
  const TempFolder folder;
  CaptureWriter writer;
  for (std::size_t i = 0; i < 5 * kBlockEvents; ++i) writer.add(0, arp_frame());
  const SourceRun found = run(std::vector{folder.write("a", writer.bytes())});
  EXPECT_EQ(found.blocks, 2);
  EXPECT_EQ(found.ledger.by_reason[PACKET_NOT_IP], 5 * kBlockEvents);
}

TEST(PcapSource, StopsAfterMaxPacketsOfTheRun) {
  const TempFolder folder;
  const std::string one = folder.write("a", capture({{1, arp_frame()}, {2000, udp_frame(2)}, {3000, udp_frame(3)}}));
  for (const std::uint64_t limit : {1, 2, 3, 4, 5, 6, 7}) {
    const SourceRun found = run({one, one}, {.max_packets = limit});
    EXPECT_EQ(found.ledger.frames_read, std::min<std::uint64_t>(limit, 6));
    EXPECT_THAT(found.problems, IsEmpty());
  }
  EXPECT_THAT(run({one, one}, {.max_packets = 5}).frames, ElementsAre(1, 2, 4));
}

TEST(PcapSource, MaxPacketsStopsBeforeDamageBehindIt) {
  const TempFolder folder;
  Bytes cut = capture({{1, udp_frame()}, {2, udp_frame()}});
  cut.pop_back();
  const std::string path = folder.write("a", cut);
  EXPECT_THAT(run({path}, {.max_packets = 1}).problems, IsEmpty());
  EXPECT_EQ(run({path}, {.max_packets = 2}).problems.size(), 1);
}

TEST(PcapSource, FilteredFramesAreCountedFirst) {
  const TempFolder folder;
  PcapngWriter late;
  late.section().interface(1, 65535, 0);
  late.packet(0, ~0ULL >> 1, udp_frame()).packet(0, ~0ULL >> 1, tcp_frame());  // both with a bad timestamp
  const SourceRun found =
      run({folder.write("a", capture({{1, udp_frame()}, {2000, tcp_frame()}, {3, arp_frame()}})),
           folder.write("b", late.bytes()),
           folder.write("c", capture({{4, frame().raw().ipv4("1.1.1.1", "2.2.2.2").tcp(5, 443).bytes()}}, 101))},
          {.filter = "tcp port 443"});
  EXPECT_THAT(found.frames, ElementsAre(1, 5));
  EXPECT_THAT(reasons(found.ledger), ElementsAre(std::pair("bad_timestamp", 1), std::pair("filtered", 3)));
}

TEST(PcapSource, AFilterThatNothingPassesSaysWhichFormWould) {
  const TempFolder folder;
  const Bytes tagged = frame().eth().vlan(5).ipv4("1.1.1.1", "2.2.2.2").tcp(5, 443).bytes();
  const std::string first = folder.write("a", capture({{1, tagged}, {2, arp_frame()}}));
  const std::string second = folder.write("b", capture({{3, tagged}}));
  EXPECT_THAT(run({first, second}, {.filter = "tcp port 443"}).warnings,
              ElementsAre(HasSubstr("--filter 'vlan and tcp port 443' matches 2 of the first 3 frames")));
  EXPECT_THAT(run({first, second}, {.filter = "tcp port 443 or arp"}).warnings, IsEmpty()) << "one frame passes";
  EXPECT_THAT(run({first, second}, {.filter = "vlan and tcp port 443"}).warnings, IsEmpty());
  EXPECT_THAT(run({first, second}, {.filter = "tcp port 80"}).warnings, IsEmpty()) << "no form would pass any";
}

TEST(PcapSource, AnInvalidFilterIsRefusedWithLibpcapsText) {
  const TempFolder folder;
  const std::string path = folder.write("a", capture({{1, udp_frame()}}));
  const SourceRun found = run({path}, {.filter = "tcp prot 443"});
  EXPECT_THAT(found.codes, ElementsAre(ExitCode::kUsage));
  EXPECT_THAT(found.problems[0], HasSubstr("filter 'tcp prot 443' is not valid for link type 1 EN10MB (Ethernet): "));
  EXPECT_THAT(found.problems[0], HasSubstr("syntax error"));
}

TEST(PcapSource, AFilterThatOneLinkTypeCannotHaveIsRefusedBeforeTheRun) {
  const TempFolder folder;
  const SourceRun found =
      run({folder.write("a", capture({{1, udp_frame()}})),
           folder.write("b", capture({{1, frame().raw().ipv4("1.1.1.1", "2.2.2.2").udp(5, 6).bytes()}}, 101))},
          {.filter = "ether src 02:00:00:00:00:01"});
  EXPECT_THAT(found.codes, ElementsAre(ExitCode::kUsage));
  EXPECT_THAT(found.problems, ElementsAre(HasSubstr("is not valid for link type 12 RAW (Raw IP)")));
}

TEST(PcapSource, AnUnsupportedLinkTypeIsCountedAndNamedOnce) {
  const TempFolder folder;
  const std::string one = folder.write("a", capture({{1, Bytes(60)}, {2, Bytes(60)}}, 117));
  const std::string two = folder.write("b", capture({{1, Bytes(60)}}, 147));
  const SourceRun found = run({one, folder.write("c", capture({{1, udp_frame()}})), one, two});
  EXPECT_THAT(reasons(found.ledger), ElementsAre(std::pair("unsupported_link_type", 5)));
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_THAT(
      found.warnings,
      ElementsAre(one + ": link type 117 PFLOG (OpenBSD pflog file) is not supported; its frames are counted as "
                        "unsupported_link_type and make no flows",
                  HasSubstr(two + ": link type 147 is not supported")));
}

// One pcapng capture of Ethernet, raw IP, a link type that nobody knows, and Ethernet again.
Bytes mixed_capture() {
  PcapngWriter writer;
  writer.section().interface(1, 0).interface(101, 0).interface(147, 0);
  writer.packet(0, 1, tcp_frame()).packet(1, 2, frame().raw().ipv4("1.1.1.1", "2.2.2.2").tcp(5, 443).bytes());
  writer.packet(2, 3, Bytes(60)).packet(0, 4, udp_frame());
  return writer.bytes();
}

TEST(PcapSource, LinkTypesAreOfTheFrameNotOfTheFile) {
  const TempFolder folder;
  const std::string path = folder.write("a", mixed_capture());
  const SourceRun found = run({path, path});
  EXPECT_THAT(found.frames, ElementsAre(0, 1, 3, 4, 5, 7));
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_THAT(reasons(found.ledger), ElementsAre(std::pair("unsupported_link_type", 2)));
  EXPECT_THAT(
      found.warnings,
      ElementsAre(path + ": link type 147 is not supported; its frames are counted as unsupported_link_type and "
                         "make no flows"));
}

TEST(PcapSource, AFilterIsCompiledForEachLinkType) {
  const TempFolder folder;
  PcapngWriter writer;
  writer.section().interface(1, 0).interface(101, 0);
  for (int i = 0; i < 2; ++i) {
    writer.packet(0, 1, tcp_frame()).packet(1, 2, frame().raw().ipv4("1.1.1.1", "2.2.2.2").tcp(5, 443).bytes());
    writer.packet(1, 3, frame().raw().ipv4("1.1.1.1", "2.2.2.2").tcp(5, 80).bytes()).packet(0, 4, udp_frame());
  }
  const SourceRun found = run({folder.write("a", writer.bytes())}, {.filter = "tcp port 443"});
  EXPECT_THAT(found.frames, ElementsAre(0, 1, 4, 5));
  EXPECT_THAT(reasons(found.ledger), ElementsAre(std::pair("filtered", 4)));
  EXPECT_THAT(found.warnings, IsEmpty());
}

TEST(PcapSource, FramesThatCannotHaveTheFilterDoNotMatch) {
  const TempFolder folder;
  PcapngWriter writer;
  writer.section().interface(1, 0).interface(101, 0);
  writer.packet(0, 1, udp_frame()).packet(1, 2, frame().raw().ipv4("1.1.1.1", "2.2.2.2").udp(5, 6).bytes());
  writer.packet(0, 3, udp_frame()).packet(1, 4, frame().raw().ipv4("1.1.1.1", "2.2.2.2").udp(5, 6).bytes());
  const std::string path = folder.write("a", writer.bytes());
  const SourceRun found = run({path, path}, {.filter = "not ether src 06:06:06:06:06:06"});
  EXPECT_THAT(found.frames, ElementsAre(0, 2, 4, 6));
  EXPECT_THAT(found.problems, IsEmpty());
  ASSERT_EQ(found.warnings.size(), 1);
  EXPECT_THAT(found.warnings[0],
              HasSubstr(path + ": filter 'not ether src 06:06:06:06:06:06' is not valid for link type 12 RAW"));
  EXPECT_THAT(found.warnings[0], testing::EndsWith("; its frames of that type are counted as filtered"));
}

TEST(PcapSource, PacketsWithoutATimeAreCountedAndTold) {
  const TempFolder folder;
  PcapngWriter writer;
  writer.section().interface(1, 0).packet(0, 7, udp_frame(1)).simple_packet(udp_frame(2)).simple_packet(udp_frame(3));
  const std::string two = folder.write("two", writer.bytes());
  const std::string one =
      folder.write("one", PcapngWriter().section().interface(1, 0).simple_packet(udp_frame()).bytes());
  const SourceRun found = run({two, one});
  EXPECT_THAT(found.times(), ElementsAre(7000, 7000, 7000, 0));
  EXPECT_EQ(found.ledger.untimed_frames, 3);
  EXPECT_THAT(found.warnings,
              ElementsAre(two + ": 2 packets have no time of their own (simple packet blocks); each takes that of the "
                                "packet before it",
                          one + ": 1 packet has no time of its own (simple packet blocks); it takes that of the packet "
                                "before it"));
  // Told, too, where the run ends before the file does.
  const SourceRun cut = run({two}, {.max_packets = 2});
  EXPECT_EQ(cut.ledger.untimed_frames, 1);
  EXPECT_EQ(cut.warnings.size(), 1);
}

TEST(PcapSource, LaterFragmentsTakeTheirPortsAcrossFiles) {
  const TempFolder folder;
  const Bytes head =
      frame().eth().ipv4("10.0.0.1", "10.0.0.2").id(7).fragment(0, true).udp(1000, 53).payload(24).bytes();
  const Bytes tail = frame().eth().ipv4("10.0.0.1", "10.0.0.2").id(7).fragment(32, false).other(17).payload(40).bytes();
  const std::string a = folder.write("a", capture({{1 * kSecond, tail}, {1 * kSecond, head}}));
  const std::string b = folder.write("b", capture({{61 * kSecond, tail}, {62 * kSecond, tail}}));
  const SourceRun found = run({a, b});
  ASSERT_EQ(found.events.size(), 4);
  EXPECT_EQ(found.events[0].src_port, 0);  // its first is not known yet
  EXPECT_EQ(found.events[1].src_port, 1000);
  EXPECT_EQ(found.events[2].src_port, 1000);  // 60 s of clock later
  EXPECT_EQ(found.events[2].dst_port, 53);
  EXPECT_EQ(found.events[3].src_port, 0);  // forgotten

  PcapSourceOptions drop;
  drop.parse.drop_later_fragments = 1;
  EXPECT_THAT(reasons(run({a, b}, std::move(drop)).ledger), ElementsAre(std::pair("fragment", 3)));
}

TEST(PcapSource, TheClockOfFragmentsNeverRunsBackAndIgnoresOtherFrames) {
  const TempFolder folder;
  const Bytes head =
      frame().eth().ipv4("10.0.0.1", "10.0.0.2").id(7).fragment(0, true).udp(1000, 53).payload(24).bytes();
  const Bytes tail = frame().eth().ipv4("10.0.0.1", "10.0.0.2").id(7).fragment(32, false).other(17).payload(40).bytes();
  const auto ports = [&](const std::vector<std::pair<std::int64_t, Bytes>>& frames) {
    std::vector<int> found;
    const SourceRun whole = run(std::vector{folder.write("a", capture(frames))});
    found.reserve(whole.events.size());
    for (const packet_event& event : whole.events) {
      found.push_back(event.src_port);
    }
    return found;
  };
  // A frame that is ignored moves no clock.
  EXPECT_THAT(ports({{1 * kSecond, head}, {500 * kSecond, arp_frame()}, {2 * kSecond, tail}}), ElementsAre(1000, 1000));
  // A packet that is late by its own time is late by the clock.
  EXPECT_THAT(ports({{1 * kSecond, head}, {500 * kSecond, udp_frame(9)}, {2 * kSecond, tail}}),
              ElementsAre(1000, 9, 0));
}

TEST(PcapSource, CopiesAsMuchPayloadAsAskedFor) {
  const TempFolder folder;
  const std::string path = folder.write(
      "a",
      capture(
          {{1, udp_frame(1, 5)}, {2, udp_frame(2, 0)}, {3, arp_frame()}, {4, udp_frame(3, 3)}, {5, udp_frame(4, 20)}}));
  const SourceRun found = run({path}, {.bytes = {.payload_bytes = 4}});
  using namespace std::string_literals;
  EXPECT_THAT(found.payloads, ElementsAre("\0\1\2\3"s, "", "\0\1\2"s, "\0\1\2\3"s));
  EXPECT_EQ(found.events[3].payload_length_bytes, 20);
  EXPECT_THAT(run({path}).payloads, IsEmpty());
}

TEST(PcapSource, ReadsAPipe) {
  const TempFolder folder;
  const std::string pipe = folder.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const Bytes bytes = gzip(capture({{1 * kSecond, udp_frame(1)}, {2 * kSecond, udp_frame(2)}}));
  std::thread writer([&] {
    std::FILE* file = std::fopen(pipe.c_str(), "wb");
    for (const std::uint8_t byte : bytes) {  // as slowly as it can come
      std::fputc(byte, file);
      std::fflush(file);
    }
    std::fclose(file);
  });
  const SourceRun found = run({pipe});
  writer.join();
  EXPECT_THAT(found.problems, IsEmpty());
  EXPECT_THAT(found.times(), ElementsAre(1 * kSecond, 2 * kSecond));
  EXPECT_EQ(found.progress.bytes_total, 0);
  EXPECT_EQ(found.progress.bytes_read, bytes.size());
}

class StandardInput : public testing::Test {
 protected:
  StandardInput() : saved_(::dup(STDIN_FILENO)) {}
  ~StandardInput() override {
    ::dup2(saved_, STDIN_FILENO);
    ::close(saved_);
  }

  // A pipe that holds the bytes (few enough for its buffer) and ends.
  static void give(const Bytes& bytes) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ASSERT_EQ(::write(ends[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    ::close(ends[1]);
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
  }

 private:
  int saved_;
};

TEST_F(StandardInput, IsReadAmongFiles) {
  const TempFolder folder;
  const std::string path = folder.write("a", capture({{1, udp_frame(1)}}));
  give(capture({{2000, udp_frame(2)}, {3000, udp_frame(3)}}));
  const SourceRun found = run({path, "-", path});
  EXPECT_THAT(found.frames, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(found.events[1].src_port, 2);
  EXPECT_THAT(found.problems, IsEmpty());
}

TEST_F(StandardInput, DamageNamesIt) {
  Bytes cut = capture({{1, udp_frame()}, {2, udp_frame()}});
  cut.pop_back();
  give(cut);
  const SourceRun found = run(std::vector<std::string>{"-"});
  EXPECT_EQ(found.ledger.frames_read, 1);
  EXPECT_THAT(found.problems, ElementsAre(HasSubstr("standard input: packet 2 at byte 92 cannot be read")));
}

TEST_F(StandardInput, EmptyOrTextIsNamedInTheRun) {
  give({});
  EXPECT_THAT(run(std::vector<std::string>{"-"}).problems,
              ElementsAre("standard input is empty: no capture was written to it"));
  give(text("hello"));
  EXPECT_THAT(run(std::vector<std::string>{"-"}).problems, ElementsAre(HasSubstr("standard input is not a capture")));
}

TEST_F(StandardInput, AFilterThatItsLinkTypeCannotHaveIsNamedInTheRun) {
  give(capture({{1, frame().raw().ipv4("1.1.1.1", "2.2.2.2").udp(5, 6).bytes()}}, 101));
  const SourceRun found = run({"-"}, {.filter = "ether src 02:00:00:00:00:01"});
  EXPECT_THAT(found.codes, ElementsAre(ExitCode::kUsage));
  EXPECT_THAT(found.problems, ElementsAre(HasSubstr("standard input: filter 'ether src")));
}

TEST(PcapSource, AnInterruptEndsWithTheBlock) {
  const TempFolder folder;
  CaptureWriter writer;
  for (std::size_t i = 0; i < 2 * kBlockEvents; ++i) writer.add(0, udp_frame());
  const auto list = expand_inputs(std::vector{folder.write("a", writer.bytes())});
  auto source = PcapSource::create({.inputs = list->inputs});
  EventBlock block;
  EXPECT_EQ((*source)->read(block), SourceState::kMore);
  EXPECT_EQ(block.events.size(), kBlockEvents);
  (*source)->interrupt();
  EXPECT_EQ((*source)->read(block), SourceState::kEnd);
  EXPECT_TRUE(block.events.empty());
  EXPECT_EQ((*source)->ledger().frames_read, kBlockEvents);
  EXPECT_TRUE((*source)->problems().empty());
}

TEST(PcapSource, AnInterruptEndsTheWaitForASilentPipe) {
  const TempFolder folder;
  const std::string pipe = folder.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::FILE* writer = std::fopen(pipe.c_str(), "r+");  // holds it open
  Bytes bytes = capture({{1, udp_frame()}, {2, udp_frame()}});
  bytes.pop_back();
  std::fwrite(bytes.data(), 1, bytes.size(), writer);
  std::fflush(writer);
  const auto list = expand_inputs(std::vector{pipe});
  auto source = PcapSource::create({.inputs = list->inputs});
  std::thread stopper([&] {
    while ((*source)->progress().bytes_read < bytes.size()) std::this_thread::yield();
    (*source)->interrupt();
  });
  EventBlock block;
  EXPECT_EQ((*source)->read(block), SourceState::kEnd);
  stopper.join();
  std::fclose(writer);
  EXPECT_EQ(block.events.size(), 1);
  EXPECT_TRUE((*source)->problems().empty());  // the half packet was not there yet: no damage
}

TEST(PcapSource, AnInputThatVanishesIsNotedInTheRun) {
  const TempFolder folder;
  const std::string a = folder.write("a", capture({{1, udp_frame()}}));
  const std::string b = folder.write("b", capture({{1, udp_frame()}}));
  const auto list = expand_inputs(std::vector{a, b});
  std::filesystem::remove(a);
  const auto source = PcapSource::create({.inputs = list->inputs});
  const SourceRun found = run(**source);
  EXPECT_THAT(found.problems, ElementsAre(HasSubstr("cannot open " + a)));
  EXPECT_EQ(found.ledger.frames_read, 1);
}

}  // namespace
}  // namespace flowgauge::test
