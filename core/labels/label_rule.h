// What a label file says, as plain data (docs/labels.md).
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace flowgauge {

// An address, or all that begin with the same bits. IPv4 and IPv6 are apart: 10.0.0.1 is not ::ffff:10.0.0.1.
struct Prefix {
  std::array<std::uint8_t, 16> address{};  // network order, IPv4 in the first 4 bytes; bits beyond `bits` are 0
  std::uint8_t bits = 0;
  std::uint8_t ip_version = 4;

  [[nodiscard]] bool is_host() const { return bits == (ip_version == 4 ? 32 : 128); }
  bool operator==(const Prefix&) const = default;
};

struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;  // part of it
  bool operator==(const PortRange&) const = default;
};

// Conditions on one end of a flow. An empty list asks for nothing; of several values one must hold.
struct EndConditions {
  std::vector<Prefix> addresses;
  std::vector<PortRange> ports;
};

struct LabelRule {
  enum class Direction {
    kEither,  // source and destination may be swapped, both at once
    kAsSent,  // source is the flow's source
  };

  std::int64_t begin_ns = std::numeric_limits<std::int64_t>::min();  // since the epoch
  std::int64_t end_ns = std::numeric_limits<std::int64_t>::max();    // not part of it
  EndConditions source;
  EndConditions destination;
  EndConditions any;           // one of both ends meets it, addresses and ports each by themselves
  std::bitset<256> protocols;  // none set: all
  Direction direction = Direction::kEither;
  std::vector<std::string> texts;  // one for each label column
  int line = 0;                    // where it begins in its file
};

struct LabelFile {
  std::string path;
  std::string sha256;                // of the file
  std::vector<std::string> columns;  // names, at least one
  std::vector<LabelRule> rules;      // the first that matches counts
};

}  // namespace flowgauge
