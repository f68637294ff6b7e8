#include "core/live/pcap/pcap_interface.h"

#include <net/ethernet.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include "core/base/nanoseconds.h"
#include "core/base/text.h"
#include "core/host/privileges.h"
#include "core/live/live_source.h"
#include "core/packet/parse/parse.h"

namespace flowgauge {
namespace {

// libpcap's largest: the headers of a packet may begin anywhere, and super-packets are long.
constexpr int kSnapshotBytes = 262144;

std::unexpected<Error> activation_error(const std::string& name, int status, pcap_t* pcap) {
  const std::string_view detail = pcap_geterr(pcap);
  switch (status) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
      return fail(ExitCode::kInput, "interface {}: there is none of this name; `ip -br link` lists those there are",
                  name);
    case PCAP_ERROR_IFACE_NOT_UP:
      return fail(ExitCode::kInput, "interface {}: is down; bring it up with `ip link set {} up`", name,
                  shell_word(name));
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
      return std::unexpected(
          privilege_error(CaptureMethod::kPcap, fmt::format("open {}: {}", name, pcap_statustostr(status))));
    default:
      return fail(ExitCode::kInput, "interface {}: cannot be read: {}", name,
                  detail.empty() ? std::string_view(pcap_statustostr(status)) : detail);
  }
}

}  // namespace

Result<PcapInterface> PcapInterface::open(const PcapInterfaceOptions& options) {
  const std::string& name = options.name;
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  PcapHandle pcap(pcap_create(name.c_str(), error.data()));
  if (pcap == nullptr) return fail(ExitCode::kInput, "interface {}: cannot be read: {}", name, error.data());
  pcap_set_snaplen(pcap.get(), kSnapshotBytes);
  pcap_set_promisc(pcap.get(), options.promiscuous ? 1 : 0);
  pcap_set_immediate_mode(pcap.get(), 0);
  pcap_set_timeout(pcap.get(), static_cast<int>(kPcapBatchNs / 1'000'000));
  constexpr std::uint64_t kMost = std::numeric_limits<int>::max();
  pcap_set_buffer_size(pcap.get(), static_cast<int>(std::min(options.buffer_bytes, kMost)));
  pcap_set_tstamp_precision(pcap.get(), PCAP_TSTAMP_PRECISION_NANO);  // microseconds where it is not offered
  if (const int status = pcap_activate(pcap.get()); status < 0) return activation_error(name, status, pcap.get());
  if (pcap_setnonblock(pcap.get(), 1, error.data()) != 0)
    return fail(ExitCode::kInput, "interface {}: cannot be read: {}", name, error.data());
  // Of the loopback interface libpcap shows each packet once whatever the direction.
  if (options.ingress_only && pcap_setdirection(pcap.get(), PCAP_D_IN) != 0)
    return fail(ExitCode::kInput, "interface {}: incoming packets alone cannot be read: {}; leave out --ingress-only",
                name, pcap_geterr(pcap.get()));
  const int link_type = pcap_datalink(pcap.get());
  if (packet_link_type_supported(static_cast<std::uint32_t>(link_type)) == 0)
    return fail(ExitCode::kInput, "interface {}: link type {} is not supported", name, link_type_text(link_type));
  return PcapInterface(name, std::move(pcap), options.promiscuous);
}

PcapInterface::PcapInterface(std::string name, PcapHandle pcap, bool promiscuous)
    : name_(std::move(name)),
      pcap_(std::move(pcap)),
      link_type_(pcap_datalink(pcap_.get())),
      ns_per_subsecond_(pcap_get_tstamp_precision(pcap_.get()) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000),
      promiscuous_(promiscuous) {}

// libpcap has no call for it: its socket is bound anew.
Result<void> PcapInterface::move_to(std::uint32_t interface_index) {
  const int socket = pcap_fileno(pcap_.get());
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(interface_index);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail(ExitCode::kInput, "interface {}: cannot be read again: {}", name_, std::strerror(errno));
  packet_mreq request{};
  request.mr_ifindex = address.sll_ifindex;
  request.mr_type = PACKET_MR_PROMISC;
  if (promiscuous_) (void)::setsockopt(socket, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof request);
  int pending = 0;  // that the interface before is gone
  ::socklen_t bytes = sizeof pending;
  (void)::getsockopt(socket, SOL_SOCKET, SO_ERROR, &pending, &bytes);
  lost_ = false;
  problem_.clear();
  return {};
}

PcapInterface::ReadState PcapInterface::next(Frame& frame) {
  if (lost_) return ReadState::kLost;
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  const int status = pcap_next_ex(pcap_.get(), &header, &bytes);
  if (status == 0) return ReadState::kEmpty;
  if (status != 1) [[unlikely]] {
    lost_ = true;
    problem_ = pcap_geterr(pcap_.get());
    return ReadState::kLost;
  }
  frame.bytes = bytes;
  frame.captured_bytes = header->caplen;
  frame.wire_bytes = header->len;
  frame.timestamp_ns = std::int64_t{header->ts.tv_sec} * kNsPerSecond + header->ts.tv_usec * ns_per_subsecond_;
  frame.timestamp_valid = true;
  frame.link_type = link_type_;
  frame.interface = 0;
  frame.interface_name = 0;
  return ReadState::kFrame;
}

std::uint64_t PcapInterface::dropped() {
  pcap_stat statistics{};
  if (pcap_stats(pcap_.get(), &statistics) == 0)
    dropped_ += static_cast<std::uint32_t>(statistics.ps_drop - std::exchange(drops_counted_, statistics.ps_drop));
  return dropped_;
}

}  // namespace flowgauge
