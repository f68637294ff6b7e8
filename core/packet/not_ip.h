// What the frames are that are counted as not_ip, by EtherType or by what else the parser can tell of them.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace flowgauge {

class NotIpKinds {
 public:
  struct Kind {
    std::uint32_t kind = 0;  // an EtherType, or a packet_no_kind (core/packet/parse/parse.h)
    std::uint64_t frames = 0;
  };

  void add(std::uint32_t kind, std::uint64_t frames = 1) { frames_[kind <= kMinEtherType ? 0 : kind] += frames; }
  NotIpKinds& operator+=(const NotIpKinds& other) {
    for (const auto& [kind, frames] : other.frames_) frames_[kind] += frames;
    return *this;
  }

  // The most frames first, of equal ones the lower kind. At most 65,536 and a few.
  [[nodiscard]] std::vector<Kind> commonest() const;

 private:
  static constexpr std::uint32_t kMinEtherType = 0x5ff;  // up to here a length: one kind, 0

  boost::unordered_flat_map<std::uint32_t, std::uint64_t> frames_;
};

// "ARP", "0x8909", "802.11 protected": the name, where it has one that is widely known.
[[nodiscard]] std::string not_ip_name(std::uint32_t kind);

}  // namespace flowgauge
