#include "core/app/interface_list.h"

#include <fmt/format.h>
#include <linux/if_arp.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/text.h"
#include "core/live/ebpf/interface_link.h"

namespace flowgauge {
namespace {

using ListRow = std::array<std::string, 5>;

std::string kind_of(const Interface& interface) {
  if (!interface.kind.empty()) return printable(interface.kind);
  switch (interface.hardware_type) {
    case ARPHRD_LOOPBACK:
      return "loopback";
    case ARPHRD_ETHER:
      return "ethernet";
    default:
      return fmt::format("type {}", interface.hardware_type);
  }
}

// "eBPF (TCX), libpcap": the first is what a run takes by itself.
std::string ways_of(const Interface& interface, WorkingMethod method, bool pcap) {
  if (method == WorkingMethod::kNone) return "no privilege";
  if (!interface.up) return "not while it is down";
  std::vector<std::string> ways;
  if (link_of(interface) && method == WorkingMethod::kEbpfTcx) ways.emplace_back("eBPF (TCX)");
  if (link_of(interface) && method == WorkingMethod::kEbpfClsact) ways.emplace_back("eBPF (clsact)");
  if (pcap) ways.emplace_back("libpcap");
  return ways.empty() ? "no way" : join(ways);
}

std::vector<std::string> addresses_of(const Interface& interface, const AddressesByName& addresses) {
  const auto found = addresses.find(interface.name);
  return found == addresses.end() ? std::vector<std::string>{} : found->second;
}

// The more, the likelier it is meant.
int likelihood_of(const Interface& interface, const AddressesByName& addresses) {
  if (interface.hardware_type == ARPHRD_LOOPBACK) return interface.up ? 1 : 0;
  return (interface.up ? 4 : 0) + (addresses_of(interface, addresses).empty() ? 0 : 2);
}

}  // namespace

std::string interface_list(const HostFacts& facts, const AddressesByName& addresses) {
  const Diagnosis diagnosis = diagnose(facts);
  std::vector<ListRow> rows = {{"interface", "state", "kind", "capture by", "addresses"}};
  for (const InterfaceFacts& of : facts.interfaces) {
    const Interface& interface = of.interface;
    rows.push_back({printable(interface.name), interface.up ? "up" : "down", kind_of(interface),
                    ways_of(interface, diagnosis.method, pcap_works(facts)), join(addresses_of(interface, addresses))});
  }
  std::array<std::size_t, 5> widths{};
  for (const ListRow& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const ListRow& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  const bool is_best = diagnosis.method == WorkingMethod::kEbpfTcx || diagnosis.method == WorkingMethod::kEbpfClsact;
  return is_best ? text : text + diagnosis.verdict + "\n";
}

std::string missing_interface_text(const HostFacts& facts, const AddressesByName& addresses) {
  const auto likelier = [&](const InterfaceFacts& one, const InterfaceFacts& other) {
    return likelihood_of(one.interface, addresses) < likelihood_of(other.interface, addresses);
  };
  const auto best = std::ranges::max_element(facts.interfaces, likelier);
  const std::string name = best == facts.interfaces.end() ? "eth0" : shell_word(best->interface.name);
  const bool is_up = best != facts.interfaces.end() && best->interface.up;
  return fmt::format(
      "an interface is missing; name one, as in 'flowgauge realtime {}{}'; see 'flowgauge realtime "
      "--help'",
      name, is_up ? "" : " --wait");
}

}  // namespace flowgauge
