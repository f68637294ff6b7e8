// handshake: how long the two sides of a TCP connection take to answer each other while it opens, as seen
// from where the packets were captured.
#include <flowgauge/sdk.hpp>

namespace {

constexpr std::uint8_t kSynFlag = 2;
constexpr std::uint8_t kAckFlag = 16;
constexpr std::int64_t kNsPerMs = 1'000'000;

enum class Stage : std::uint8_t { kNothingSeen, kSyn, kSynAck, kOpen };

struct Handshake {
  static constexpr fg::About kAbout{
      .name = "handshake", .version = "1.0", .doc = "Answer times of both sides while a TCP connection opens."};
  static constexpr fg::Column kColumns[] = {
      fg::Column{"server", "From the source's last SYN to the SYN-ACK, null without one", FG_U64, FG_UNIT_NS,
                 FG_REVEALS_NOTHING}
          .nullable(),
      fg::Column{"client", "From the SYN-ACK to the source's ACK, null without one", FG_U64, FG_UNIT_NS,
                 FG_REVEALS_NOTHING}
          .nullable(),
      {"syns", "SYNs of the source before the first SYN-ACK", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
  };
  static constexpr fg::Option kOptions[] = {
      {"longest_ms", "What takes longer than this is no answer", FG_U64, FG_UNIT_MS, "3000"},
  };
  struct Config {
    std::int64_t longest_ns;
    explicit Config(const fg::Options<Handshake>& options)
        : longest_ns(static_cast<std::int64_t>(options.get<"longest_ms">()) * kNsPerMs) {}
  };

  // The state of one flow. It begins as zero bytes and stays where it is.
  std::int64_t waiting_since_ns;  // the last SYN, then the SYN-ACK; since the flow's start
  std::int64_t server_ns;
  std::int64_t client_ns;
  std::uint32_t syns;
  Stage stage;

  void update(const fg::Packet& packet, fg::Direction direction) {
    const bool syn = (packet.tcp_flags & kSynFlag) != 0;
    const bool ack = (packet.tcp_flags & kAckFlag) != 0;
    if (direction == fg::kForward && syn && !ack && stage <= Stage::kSyn) {
      stage = Stage::kSyn;
      waiting_since_ns = packet.time_ns;
      ++syns;
    } else if (direction == fg::kBackward && syn && ack && stage == Stage::kSyn) {
      stage = Stage::kSynAck;
      server_ns = packet.time_ns - waiting_since_ns;
      waiting_since_ns = packet.time_ns;
    } else if (direction == fg::kForward && ack && !syn && stage == Stage::kSynAck) {
      stage = Stage::kOpen;
      client_ns = packet.time_ns - waiting_since_ns;
    }
  }

  void emit(fg::Row<Handshake>& row, const fg::Flow&, const Config& config) const {
    // Timestamps may run back: that is no answer either. A cell that is not set stays null.
    const auto is_answer = [&](std::int64_t ns) { return ns >= 0 && ns <= config.longest_ns; };
    if (stage >= Stage::kSynAck && is_answer(server_ns)) row.set<"server">(static_cast<std::uint64_t>(server_ns));
    if (stage == Stage::kOpen && is_answer(client_ns)) row.set<"client">(static_cast<std::uint64_t>(client_ns));
    row.set<"syns">(syns);
  }
};
static_assert(sizeof(Handshake) == 32, "of memory per flow");

}  // namespace

FG_MODULE("handshake", "1.0", "Apache-2.0", fg::Features<Handshake>, fg::Schemas<>);
