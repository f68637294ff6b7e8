#include "core/host/offloads.h"

#include <fmt/format.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <string_view>

#include "core/base/handle.h"
#include "core/base/text.h"

namespace flowgauge {
namespace {

// One ethtool command whose answer is a C struct with an array behind it: room for both, zeroed.
template <class Head>
class EthtoolAnswer {
 public:
  explicit EthtoolAnswer(std::size_t tail_bytes) : words_((sizeof(Head) + tail_bytes + 7) / 8) {
    new (words_.data()) Head{};
  }
  Head* operator->() { return reinterpret_cast<Head*>(words_.data()); }
  [[nodiscard]] void* data() { return words_.data(); }

 private:
  std::vector<std::uint64_t> words_;
};

class Ethtool {
 public:
  Ethtool(const FileDescriptor& socket, const std::string& interface) : socket_(socket) {
    interface.copy(request_.ifr_name, IFNAMSIZ - 1);
  }

  bool ask(void* answer) {
    request_.ifr_data = static_cast<char*>(answer);
    return ioctl(socket_.get(), SIOCETHTOOL, &request_) == 0;
  }

  std::size_t feature_count() {
    EthtoolAnswer<ethtool_sset_info> info(sizeof(std::uint32_t));
    info->cmd = ETHTOOL_GSSET_INFO;
    info->sset_mask = std::uint64_t{1} << ETH_SS_FEATURES;
    if (!ask(info.data()) || info->sset_mask == 0) return 0;
    return info->data[0];
  }

 private:
  const FileDescriptor& socket_;
  ifreq request_{};
};

// By the kernel's names of features; those of TSO are several, by kinds of TCP.
void note(Offloads& offloads, std::string_view name) {
  if (name == "rx-gro") offloads.gro = true;
  if (name == "rx-gro-hw") offloads.gro_hardware = true;
  if (name == "rx-lro") offloads.lro = true;
  if (name == "tx-generic-segmentation") offloads.gso = true;
  if (name.starts_with("tx-tcp") && name.ends_with("-segmentation")) offloads.tso = true;
}

constexpr std::string_view kMeaning =
    "a super-packet counts as one packet, with the length of all, so that counts, lengths and gaps are not those of "
    "the wire";

}  // namespace

Result<Offloads> read_offloads(const std::string& interface) {
  const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  Ethtool ethtool(socket, interface);
  const std::size_t count = ethtool.feature_count();
  if (!socket || count == 0) {
    return fail(ExitCode::kInput, "interface {} does not tell its offloads: {}", interface, std::strerror(errno));
  }
  EthtoolAnswer<ethtool_gstrings> names(count * ETH_GSTRING_LEN);
  names->cmd = ETHTOOL_GSTRINGS;
  names->string_set = ETH_SS_FEATURES;
  names->len = static_cast<std::uint32_t>(count);
  EthtoolAnswer<ethtool_gfeatures> states((count + 31) / 32 * sizeof(ethtool_get_features_block));
  states->cmd = ETHTOOL_GFEATURES;
  states->size = static_cast<std::uint32_t>((count + 31) / 32);
  if (!ethtool.ask(names.data()) || !ethtool.ask(states.data())) {
    return fail(ExitCode::kInput, "interface {} does not tell its offloads: {}", interface, std::strerror(errno));
  }
  Offloads offloads;
  for (std::size_t i = 0; i < count; ++i) {
    if ((states->features[i / 32].active >> (i % 32) & 1) == 0) continue;
    const char* name = reinterpret_cast<const char*>(names->data + i * ETH_GSTRING_LEN);
    note(offloads, std::string_view(name, strnlen(name, ETH_GSTRING_LEN)));
  }
  return offloads;
}

std::vector<std::string> names_of(const Offloads& offloads, WatchedTraffic traffic) {
  const bool egress = traffic == WatchedTraffic::kBothDirections;
  std::vector<std::string> names;
  if (offloads.gro) names.emplace_back("gro");
  if (offloads.gso && egress) names.emplace_back("gso");
  if (offloads.tso && egress) names.emplace_back("tso");
  if (offloads.lro) names.emplace_back("lro");
  if (offloads.gro_hardware) names.emplace_back("rx-gro-hw");
  return names;
}

std::string ethtool_line(const std::string& interface, const Offloads& offloads, WatchedTraffic traffic) {
  const std::vector<std::string> names = names_of(offloads, traffic);
  if (names.empty()) return {};
  return fmt::format("ethtool -K {} {} off", shell_word(interface), join(names, " off "));
}

std::string egress_line(const Interface& interface, WatchedTraffic traffic) {
  if (traffic == WatchedTraffic::kIngress || interface.gso_max_segments <= 1) return {};
  return fmt::format("ip link set dev {} gso_max_segs 1", shell_word(interface.name));
}

WatchedTraffic relevant_traffic(const Interface& interface, WatchedTraffic traffic) {
  return interface.hardware_type == ARPHRD_LOOPBACK ? WatchedTraffic::kBothDirections : traffic;
}

std::string offload_warning(const Interface& interface, const Offloads& offloads, WatchedTraffic watched) {
  const WatchedTraffic traffic = relevant_traffic(interface, watched);
  const std::vector<std::string> names = names_of(offloads, traffic);
  const std::string outgoing = egress_line(interface, traffic);
  if (names.empty() && outgoing.empty()) return {};
  if (names.empty()) {
    return fmt::format(
        "interface {}: TCP that this host sends itself is seen in super-packets; {}; for single packets: '{}'",
        interface.name, kMeaning, outgoing);
  }
  return fmt::format("interface {} joins packets ({}); {}; turn it off with '{}'{}", interface.name, join(names),
                     kMeaning, ethtool_line(interface.name, offloads, traffic),
                     outgoing.empty() ? "" : fmt::format(", and for TCP that this host sends itself '{}'", outgoing));
}

}  // namespace flowgauge
