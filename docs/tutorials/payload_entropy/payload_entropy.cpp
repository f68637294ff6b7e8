// payload_entropy: how evenly the byte values of a flow's payload are spread. Text has 4 to 5 bits a byte, what is
// compressed or encrypted nearly 8.
#include <cmath>
#include <flowgauge/sdk.hpp>

namespace {

struct PayloadEntropy {
  static constexpr fg::About kAbout{.name = "payload_entropy",
                                    .version = "1.0",
                                    .doc = "Shannon entropy of the bytes at the beginning of a flow's payloads.",
                                    .needs = FG_NEEDS_PAYLOAD,
                                    .payload_bytes = 256};
  static constexpr fg::Column kColumns[] = {
      fg::Column{"entropy", "Bits a byte, 0 to 8; null without payload", FG_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING}
          .nullable(),
      {"bytes", "Payload bytes that were counted", FG_U64, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
  };

  // The state of one flow: how often each byte value came, and how many there were.
  std::uint16_t counts[256];
  std::uint16_t bytes;
  static constexpr std::uint16_t kMostBytes = 65535;  // what a count can hold

  void update(const fg::PacketOf<PayloadEntropy>& packet, fg::Direction) {
    for (const std::uint8_t byte : packet.payload()) {
      if (bytes == kMostBytes) return;
      ++counts[byte];
      ++bytes;
    }
  }

  void emit(fg::Row<PayloadEntropy>& row, const fg::Flow&) const {
    row.set<"bytes">(bytes);
    if (bytes > 0 && row.wants<"entropy">()) row.set<"entropy">(entropy());
  }

 private:
  [[nodiscard]] double entropy() const {
    double bits = 0;
    for (const std::uint16_t count : counts) {
      const double share = static_cast<double>(count) / bytes;
      if (count > 0) bits -= share * std::log2(share);
    }
    // The last digits of log2 differ from one C library to another; those of a table should not.
    return std::round(bits * 1e6) / 1e6;
  }
};
static_assert(sizeof(PayloadEntropy) == 514, "of memory per flow");

}  // namespace

FG_MODULE("payload_entropy", "1.0", "Apache-2.0", fg::Features<PayloadEntropy>, fg::Schemas<>);
