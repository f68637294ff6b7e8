// One network interface, read through libpcap without ever waiting. Single-threaded.
// A frame's bytes stay valid until the next call of next().
#pragma once

#include <pcap/pcap.h>

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/ingest/capture_file.h"

namespace flowgauge {

struct PcapInterfaceOptions {
  std::string name;
  bool ingress_only = false;
  bool promiscuous = true;
  std::uint64_t buffer_bytes = 0;
};

inline constexpr std::int64_t kPcapBatchNs = 10'000'000;  // how long the kernel gathers frames before it shows them

class PcapInterface {
 public:
  enum class ReadState { kFrame, kEmpty, kLost };

  // Fails with a whole message: kPrivilege, or kInput for
  // an interface that is not there, not up, or of a link type that is not supported.
  [[nodiscard]] static Result<PcapInterface> open(const PcapInterfaceOptions& options);

  // kLost: gone, or not readable any more; problem() says why. Only move_to() ends that. An interface that is down
  // is empty until it is up again.
  [[nodiscard]] ReadState next(Frame& frame);

  // Reads another interface from now on, of the same kind. Needs no privilege, and kLost is over.
  [[nodiscard]] Result<void> move_to(std::uint32_t interface_index);

  [[nodiscard]] int link_type() const { return link_type_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }
  // For poll(); -1 if the device has none.
  [[nodiscard]] int descriptor() const { return pcap_get_selectable_fd(pcap_.get()); }
  // Frames that the kernel had no room for, so far.
  [[nodiscard]] std::uint64_t dropped();

 private:
  using PcapHandle = std::unique_ptr<pcap_t, Closer<pcap_close>>;

  PcapInterface(std::string name, PcapHandle pcap, bool promiscuous);

  std::string name_;
  PcapHandle pcap_;
  int link_type_;
  std::int64_t ns_per_subsecond_;
  bool promiscuous_;
  bool lost_ = false;
  std::string problem_;
  std::uint64_t dropped_ = 0;
  std::uint32_t drops_counted_ = 0;  // libpcap's counter, which wraps
};

}  // namespace flowgauge
