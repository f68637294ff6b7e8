// tcp_flags: packets with each TCP flag, per direction. Packets without a TCP header (other protocols,
// later fragments) carry no flags and count nowhere.
#include <array>
#include <flowgauge/sdk.hpp>

namespace {

constexpr int kFlags = 8;  // FIN SYN RST PSH ACK URG ECE CWR, as the bits of the header from the lowest

// "UAPRSF" with a '.' for each flag that was never seen, for all 64 sets of the low six flags.
constexpr int kTextSize = 6;
constexpr auto kTexts = [] {
  std::array<std::array<char, kTextSize>, 64> texts{};
  for (unsigned set = 0; set < texts.size(); ++set) {
    for (int bit = 0; bit < kTextSize; ++bit)
      texts[set][kTextSize - 1 - bit] = (set >> bit & 1U) != 0 ? "FSRPAU"[bit] : '.';
  }
  return texts;
}();

struct TcpFlags {
  static constexpr fg::About kAbout{.name = "tcp_flags",
                                    .version = "1.0",
                                    .doc = "Packets with each TCP flag, per direction and in all.",
                                    .source = "semantics 5; RFC 9293 3.1, RFC 3168"};
  static constexpr fg::Column kColumns[] = {
      {"fwd_fin", "Packets of the source side with FIN", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_syn", "Packets of the source side with SYN", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_rst", "Packets of the source side with RST", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_psh", "Packets of the source side with PSH", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_ack", "Packets of the source side with ACK", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_urg", "Packets of the source side with URG", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_cwr", "Packets of the source side with CWR", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_ece", "Packets of the source side with ECE", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_fin", "Packets of the other side with FIN", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_syn", "Packets of the other side with SYN", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_rst", "Packets of the other side with RST", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_psh", "Packets of the other side with PSH", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_ack", "Packets of the other side with ACK", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_urg", "Packets of the other side with URG", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_cwr", "Packets of the other side with CWR", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_ece", "Packets of the other side with ECE", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"all_fin", "Packets with FIN", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"all_syn", "Packets with SYN", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"all_rst", "Packets with RST", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"all_psh", "Packets with PSH", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"all_ack", "Packets with ACK", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"all_urg", "Packets with URG", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"all_cwr", "Packets with CWR", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"all_ece", "Packets with ECE", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"text", "The letters UAPRSF of the flags seen, a dot for each never seen", FG_STRING, FG_UNIT_NONE,
       FG_REVEALS_NOTHING},
  };

  fg::Counters40<kFlags> by_direction[2];

  void update(const fg::Packet& packet, fg::Direction direction) {
    by_direction[direction].add_bits(packet.tcp_flags, packet.direction_index);
  }

  void emit(fg::Row<TcpFlags>& row, const fg::Flow&) const {
    set_all<0, "fwd_fin", "bwd_fin", "all_fin">(row);
    set_all<1, "fwd_syn", "bwd_syn", "all_syn">(row);
    set_all<2, "fwd_rst", "bwd_rst", "all_rst">(row);
    set_all<3, "fwd_psh", "bwd_psh", "all_psh">(row);
    set_all<4, "fwd_ack", "bwd_ack", "all_ack">(row);
    set_all<5, "fwd_urg", "bwd_urg", "all_urg">(row);
    set_all<6, "fwd_ece", "bwd_ece", "all_ece">(row);
    set_all<7, "fwd_cwr", "bwd_cwr", "all_cwr">(row);
    const auto& text = kTexts[seen()];
    row.set<"text">(fg_string{text.data(), text.size()});
  }

 private:
  template <int Bit, fg::Name Fwd, fg::Name Bwd, fg::Name All>
  void set_all(fg::Row<TcpFlags>& row) const {
    const std::uint64_t fwd = by_direction[fg::kForward].count(Bit);
    const std::uint64_t bwd = by_direction[fg::kBackward].count(Bit);
    row.set<Fwd>(fwd);
    row.set<Bwd>(bwd);
    row.set<All>(fwd + bwd);
  }

  [[nodiscard]] unsigned seen() const {
    unsigned set = 0;
    for (int bit = 0; bit < kTextSize; ++bit) {
      const bool any = by_direction[fg::kForward].count(bit) + by_direction[fg::kBackward].count(bit) > 0;
      set |= static_cast<unsigned>(any) << bit;
    }
    return set;
  }
};
static_assert(sizeof(TcpFlags) == 80, "half of it is touched by a packet");

}  // namespace

FG_MODULE("tcp_flags", "1.0", "Apache-2.0", fg::Features<TcpFlags>, fg::Schemas<>);
