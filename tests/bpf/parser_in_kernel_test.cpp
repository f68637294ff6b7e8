// The parser under the verifier, and its events compared with those of user space, frame by frame.
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>

#include "core/packet/ledger.h"
#include "core/packet/parse/parse.h"
#include "tests/bpf/check_program.h"
#include "tests/support/event_text.h"
#include "tests/support/link_frames.h"
#include "tests/support/sample_frames.h"

namespace flowgauge::test {
namespace {

// A frame's reason and, where it is accepted, its whole event.
std::string outcome(packet_reason reason, const packet_event& event) {
  std::string text(reason_name(reason));
  if (reason == PACKET_ACCEPTED) text.append(1, '\n').append(event_text(event));
  return text;
}

// What the kernel is to say: what user space does, but for link types that it leaves out.
std::string in_user_space(const Bytes& frame, std::uint32_t link_type, const packet_parse_config& config) {
  packet_event event{};
  const auto size = static_cast<std::uint32_t>(frame.size());
  if (only_in_files(link_type)) return outcome(PACKET_UNSUPPORTED_LINK_TYPE, event);
  const packet_reason reason = packet_parse(&config, frame.data(), size, size, link_type, &event);
  return outcome(reason, event);
}

class ParserInKernel : public testing::Test {
 protected:
  static void SetUpTestSuite() { program_ = CheckProgram::load(PARSE_CHECK_OBJECT, why_); }
  static void TearDownTestSuite() { program_.reset(); }

  void SetUp() override {
    if (program_) return;
    if (why_.by_privilege) GTEST_SKIP() << "this machine may not load kernel programs: " << why_.text;
    FAIL() << "the kernel refuses the parser: " << why_.text;
  }

  // How many frames the kernel took; the rest has no test run.
  static int compare(const char* program, const Bytes& frame, const std::string& name, std::uint32_t link_type,
                     const packet_parse_config& config) {
    const auto result = program_->run(program, frame);
    if (!result) return 0;
    EXPECT_EQ(outcome(result->reason, result->event), in_user_space(frame, link_type, config))
        << program << ", " << name << ", " << frame.size() << " bytes";
    return 1;
  }

  static inline std::unique_ptr<CheckProgram> program_;
  static inline CheckProgram::Refusal why_;
};

TEST_F(ParserInKernel, VerifierGoesThroughFewInstructions) {
  // The kernel's limit is 1,000,000. Later compilers may need 1.7 times what clang 14 does.
  for (const char* program : {"parse_xdp", "parse_tc", "parse_tc_copy"}) {
    const std::uint32_t count = program_->verified_instructions(program);
    RecordProperty(std::string(program) + "_verified_instructions", static_cast<int>(count));
    std::printf("%s: %u instructions verified\n", program, count);
    EXPECT_GT(count, 0U) << program;
    EXPECT_LT(count, 700'000U) << program;
  }
}

TEST_F(ParserInKernel, EveryKindOfFrameGivesTheSameEvent) {
  const packet_parse_config config = packet_parse_defaults();
  int compared = 0;
  int frames = 0;
  for (const SampleFrame& sample : sample_frames()) {
    program_->configure(config, sample.link_type);
    ++frames;
    for (const char* program : {"parse_xdp", "parse_tc", "parse_tc_copy"}) {
      compared += compare(program, sample.bytes, sample.name, sample.link_type, config);
    }
  }
  // A test run of tc refuses frames that say IP and are shorter than its header, and below 14 bytes any.
  EXPECT_GT(compared, 5 * frames / 2);
}

TEST_F(ParserInKernel, EveryCutOfEveryFrameGivesTheSameEvent) {
  const packet_parse_config config = packet_parse_defaults();
  int compared = 0;
  for (const SampleFrame& sample : sample_frames()) {
    program_->configure(config, sample.link_type);
    for (std::size_t size = 14; size < sample.bytes.size(); ++size) {
      const Bytes cut(sample.bytes.begin(), sample.bytes.begin() + static_cast<std::ptrdiff_t>(size));
      compared += compare("parse_xdp", cut, sample.name, sample.link_type, config);
      compared += compare("parse_tc_copy", cut, sample.name, sample.link_type, config);
    }
  }
  EXPECT_GT(compared, 15'000);
}

TEST_F(ParserInKernel, ChangedFramesGiveTheSameEvent) {
  const packet_parse_config config = packet_parse_defaults();
  std::mt19937_64 random(1);  // the same frames in every run
  const auto below = [&random](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
  for (const SampleFrame& sample : sample_frames()) {
    program_->configure(config, sample.link_type);
    for (int round = 0; round < 200; ++round) {
      Bytes changed = sample.bytes;
      for (std::size_t count = 1 + below(4); count > 0; --count) {
        changed[below(changed.size())] = static_cast<std::uint8_t>(below(256));
      }
      const std::size_t cut = below(3) * below(20);
      changed.resize(changed.size() < 14 + cut ? 14 : changed.size() - cut);
      compare("parse_xdp", changed, sample.name, sample.link_type, config);
      compare("parse_tc", changed, sample.name, sample.link_type, config);
    }
  }
}

TEST_F(ParserInKernel, ConfigurationMeansTheSame) {
  packet_parse_config config = packet_parse_defaults();
  config.decapsulate_inner = 0;
  config.drop_later_fragments = 1;
  packet_accept_no_protocol(&config);
  for (const std::uint8_t protocol : {6, 47, 132}) packet_accept_protocol(&config, protocol);
  for (const SampleFrame& sample : sample_frames()) {
    program_->configure(config, sample.link_type);
    compare("parse_xdp", sample.bytes, sample.name, sample.link_type, config);
    compare("parse_tc", sample.bytes, sample.name, sample.link_type, config);
  }
}

TEST_F(ParserInKernel, ListsOfPortsAndCookiesMeanTheSame) {
  packet_parse_config config = packet_parse_defaults();
  config.l2tpv3_cookie_bytes = 8;
  config.vxlan_ports[0] = 48879;
  config.vxlan_ports[7] = 1701;  // before what the port is else
  config.geneve_ports[0] = 0;
  config.gtpu_ports[3] = 9;
  packet_note_ports(&config);
  int opened = 0;
  const auto both = [&](const Bytes& frame, const std::string& name, std::uint32_t link_type) {
    for (const char* program : {"parse_xdp", "parse_tc", "parse_tc_copy"}) {
      compare(program, frame, name, link_type, config);
    }
    const auto result = program_->run("parse_xdp", frame);
    if (result && result->reason == PACKET_ACCEPTED && result->event.tunnel_type != PACKET_TUNNEL_NONE) ++opened;
  };
  program_->configure(config, 1);
  const auto inside = [](FrameBuilder outer) {
    return outer.ipv4("10.1.0.1", "10.1.0.2").udp(1, 2).payload(9).bytes();
  };
  const auto udp = [](std::uint16_t port) { return frame().eth().ipv4("10.0.0.1", "10.0.0.2").udp(700, port); };
  both(inside(udp(48879).vxlan(5).eth()), "listed", 1);
  both(inside(udp(1701).vxlan(5).eth()), "listed before its own", 1);
  both(inside(udp(9).gtpu(5)), "GTP-U", 1);
  both(inside(frame().eth().ipv4("10.0.0.1", "10.0.0.2").l2tpv3(7, 8).eth()), "cookie", 1);
  EXPECT_EQ(opened, 4);
  both(inside(udp(4789).vxlan(5).eth()), "not listed", 1);
  both(inside(udp(6081).geneve(5)), "not listed", 1);
  both(inside(udp(0).vxlan(5).eth()), "port 0", 1);
  EXPECT_EQ(opened, 4);
  for (const SampleFrame& sample : sample_frames()) {
    program_->configure(config, sample.link_type);
    both(sample.bytes, sample.name, sample.link_type);
  }
}

TEST_F(ParserInKernel, LongHeadersAreReachedDirectly) {
  // Extension headers of 2,048 bytes: offsets far beyond a page's first bytes, where the frame is one piece.
  FrameBuilder builder = frame().eth().ipv6("2001:db8::1", "2001:db8::2").extension(60, 1024).extension(43, 1024);
  const Bytes bytes = builder.extension(60, 1024).udp(1, 2).payload(20).bytes();
  const packet_parse_config config = packet_parse_defaults();
  program_->configure(config, 1);
  EXPECT_EQ(compare("parse_xdp", bytes, "long headers", 1, config), 1);
  EXPECT_EQ(compare("parse_tc", bytes, "long headers", 1, config), 1);
}

TEST_F(ParserInKernel, HeadersBeyondTheLinearPartAreCopied) {
  const packet_parse_config config = packet_parse_defaults();
  int copied = 0;
  int direct = 0;
  for (const SampleFrame& sample : sample_frames()) {
    program_->configure(config, sample.link_type);
    for (std::uint32_t linear = 14; linear < sample.bytes.size(); linear += 7) {
      const auto result = program_->run("parse_tc", sample.bytes, linear);
      if (!result) continue;
      (result->was_copied ? copied : direct) += 1;
      EXPECT_EQ(outcome(result->reason, result->event), in_user_space(sample.bytes, sample.link_type, config))
          << sample.name << ", " << linear << " of " << sample.bytes.size() << " bytes linear";
    }
  }
  if (copied + direct == 0) GTEST_SKIP() << "this kernel makes no socket buffer with a non-linear part for a test run";
  EXPECT_GT(copied, 100);
  EXPECT_GT(direct, 100);
}

}  // namespace
}  // namespace flowgauge::test
