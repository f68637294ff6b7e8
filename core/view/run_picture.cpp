#include "core/view/run_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>

#include "core/packet/endpoint_class.h"
#include "core/packet/ip_protocol.h"
#include "core/text/address_text.h"

namespace flowgauge {
namespace {

constexpr double kMemorySeconds = 3;        // for which traffic counts in a talker's rate
constexpr double kLeastBits = 1;            // a second; who moves less is forgotten
constexpr std::size_t kMostTalkers = 4096;  // then half of them, with the most, are kept

}  // namespace

std::string name_of(const TrafficKey& key) {
  if (!key.is_service()) {
    std::array<char, kAddressTextBytes> text;
    return {text.data(), write_address(text.data(), key.address.data(), key.ip_version)};
  }
  if (key.port == 0) return ip_protocol_text(key.protocol);
  const std::string_view group = service_group(key.port, key.protocol);
  const std::string port = fmt::format("{}/{}", ip_protocol_text(key.protocol), key.port);
  return group == "other" ? port : fmt::format("{} {}", port, group);
}

std::uint64_t RunPicture::packets_seen() const {
  if (status_.interfaces.empty()) return status_.ledger.frames_read;
  return std::accumulate(status_.interfaces.begin(), status_.interfaces.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const LiveCounters& counters) { return sum + counters.seen; });
}

std::uint64_t RunPicture::packets_lost() const {
  return std::accumulate(
      status_.interfaces.begin(), status_.interfaces.end(), std::uint64_t{0},
      [](std::uint64_t sum, const LiveCounters& counters) { return sum + counters.ring_full + counters.lost_before; });
}

void RunPicture::add(const RunStatus& status) {
  const double seconds = std::chrono::duration<double>(status.elapsed - status_.elapsed).count();
  status_ = status;
  const FlowCounters flows = status.total().flows;
  packets_.add(status.elapsed, packets_seen());
  bits_.add(status.elapsed, flows.bytes * 8);
  lost_.add(status.elapsed, packets_lost());
  new_flows_.add(status.elapsed, flows.flows);
  ended_flows_.add(status.elapsed, std::accumulate(flows.ended.begin(), flows.ended.end(), std::uint64_t{0}));
  if (seconds > 0) add_traffic(status.traffic, seconds);
}

void RunPicture::add_traffic(const Traffic& traffic, double seconds) {
  const double fade = std::exp(-seconds / kMemorySeconds);
  for (auto& [key, bits] : rates_) bits *= fade;
  for (const TrafficShare& share : traffic.shares)
    rates_[share.key] += static_cast<double>(share.bytes) * 8 / seconds * (1 - fade);
  std::erase_if(rates_, [](const auto& rate) { return rate.second < kLeastBits; });
  if (rates_.size() > kMostTalkers) keep_greatest();
}

void RunPicture::keep_greatest() {
  std::vector<double> bits;
  for (const auto& rate : rates_) bits.push_back(rate.second);
  const auto least = bits.begin() + kMostTalkers / 2;
  std::ranges::nth_element(bits, least, std::ranges::greater());
  std::erase_if(rates_, [&](const auto& rate) { return rate.second < *least; });
}

std::vector<TalkerRate> RunPicture::rates_of(Kind kind) const {
  std::vector<TalkerRate> found;
  for (const auto& [key, bits] : rates_)
    if (key.is_service() == (kind == Kind::kService)) found.push_back({key, bits});
  std::ranges::sort(found, [](const TalkerRate& one, const TalkerRate& other) {
    return one.bits != other.bits ? one.bits > other.bits : one.key < other.key;
  });
  return found;
}

}  // namespace flowgauge
