#include "core/host/link_counters.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <expected>
#include <string_view>

#include "core/host/link_query.h"
#include "core/host/netlink.h"

namespace flowgauge {
namespace {

using Member = std::uint64_t LinkCounters::*;
constexpr std::array<Member, 7> kMembers = {
    &LinkCounters::rx_packets, &LinkCounters::rx_bytes,  &LinkCounters::tx_packets,  &LinkCounters::tx_bytes,
    &LinkCounters::rx_dropped, &LinkCounters::rx_missed, &LinkCounters::rx_no_buffer};

LinkCounters counters_in(const rtattr& attribute) {
  rtnl_link_stats64 stats{};
  std::memcpy(&stats, RTA_DATA(&attribute), std::min<std::size_t>(RTA_PAYLOAD(&attribute), sizeof stats));
  LinkCounters counters;
  counters.rx_packets = stats.rx_packets;
  counters.rx_bytes = stats.rx_bytes;
  counters.tx_packets = stats.tx_packets;
  counters.tx_bytes = stats.tx_bytes;
  counters.rx_dropped = stats.rx_dropped;
  counters.rx_missed = stats.rx_missed_errors;
  counters.rx_no_buffer = stats.rx_fifo_errors + stats.rx_over_errors;
  return counters;
}

// Of the interface with that index, or where it is 0 of that name; if there is one. Moves the index on.
std::optional<LinkCounters> query_counters(const FileDescriptor& socket, int& index, const std::string& name) {
  ifinfomsg body{};
  body.ifi_family = AF_UNSPEC;
  body.ifi_index = index;
  netlink::Message<ifinfomsg> request(RTM_GETLINK, 0, body);
  if (index == 0) request.add(IFLA_IFNAME, std::string_view(name));
  if (request.send(socket) != 0) return std::nullopt;
  std::optional<LinkCounters> found;
  const int error = netlink::receive(socket, netlink::Answers::kOne, [&](const nlmsghdr& message) {
    if (message.nlmsg_type != RTM_NEWLINK) return;
    index = netlink::body_of<ifinfomsg>(message).ifi_index;
    netlink::for_each_attribute<ifinfomsg>(message, [&](const rtattr& attribute) {
      if (attribute.rta_type == IFLA_STATS64) found = counters_in(attribute);
    });
  });
  return error == 0 ? found : std::nullopt;
}

}  // namespace

LinkCounters& LinkCounters::operator+=(const LinkCounters& other) {
  for (const Member member : kMembers) this->*member += other.*member;
  return *this;
}

LinkCounters counted_since(const LinkCounters& last, const LinkCounters& now) {
  LinkCounters more;
  for (const Member member : kMembers)
    more.*member = now.*member >= last.*member ? now.*member - last.*member : now.*member;
  return more;
}

LinkCounterWatch::LinkCounterWatch() : socket_(open_link_socket()) {}

std::vector<LinkCounters> LinkCounterWatch::read(std::span<const std::string> interfaces) {
  const std::scoped_lock lock(mutex_);
  std::vector<LinkCounters> all;
  if (!socket_) return all;
  for (const std::string& name : interfaces) {
    Watched& one = watched(name);
    look_at(one);
    if (one.last) all.push_back(one.total);
  }
  return all;
}

LinkCounterWatch::Watched& LinkCounterWatch::watched(const std::string& name) {
  const auto known = std::ranges::find(watched_, name, &Watched::name);
  if (known != watched_.end()) return *known;
  Watched& made = watched_.emplace_back();
  made.name = made.total.interface = name;
  return made;
}

void LinkCounterWatch::look_at(Watched& watched) {
  auto now = query_counters(socket_, watched.index, watched.name);
  if (!now && watched.index != 0) {  // gone; it may be there again under its name
    watched.index = 0;
    now = query_counters(socket_, watched.index, watched.name);
    if (now) watched.last = LinkCounters{};
  }
  if (!now) return;
  if (watched.last) watched.total += counted_since(*watched.last, *now);
  watched.last = now;
}

std::optional<std::uint64_t> softnet_dropped_in(std::string_view text) {
  std::uint64_t dropped = 0;
  bool is_there = false;
  while (!text.empty()) {  // a line for each processor: packets, dropped, ..., in hexadecimal digits
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) continue;
    std::uint32_t count = 0;
    const auto [end, error] = std::from_chars(line.data() + space + 1, line.data() + line.size(), count, 16);
    if (error != std::errc()) return std::nullopt;
    dropped += count;
    is_there = true;
  }
  return is_there ? std::optional(dropped) : std::nullopt;
}

std::optional<std::uint64_t> read_softnet_dropped() {
  const std::unique_ptr<std::FILE, Closer<std::fclose>> file(std::fopen("/proc/net/softnet_stat", "re"));
  if (!file) return std::nullopt;
  std::string text(std::size_t{256} << 10, '\0');  // a line of 130 bytes for each processor
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  return softnet_dropped_in(text);
}

}  // namespace flowgauge
