#include "core/live/pcap/pcap_port.h"

#include "core/base/try.h"

namespace flowgauge {

Result<void> PcapPort::read_from(const FollowedInterface& followed, const LiveOptions& options,
                                 std::uint64_t buffer_bytes) {
  if (interface) {
    if (hardware_type != followed.now.hardware_type)
      return fail(ExitCode::kInput,
                  "interface {} is of another kind than before, and is not captured; start flowgauge again for it",
                  followed.name);
    TRY(interface->move_to(followed.now.index));
  } else {
    auto opened =
        TRY(PcapInterface::open({followed.now.name, options.ingress_only, options.promiscuous, buffer_bytes}));
    if (!options.filter.empty())
      filter = std::make_unique<FrameFilter>(TRY(FrameFilter::compile(options.filter, opened.link_type())));
    interface.emplace(std::move(opened));
  }
  hardware_type = followed.now.hardware_type;
  kernel_index = followed.now.index;
  lost = false;
  return {};
}

}  // namespace flowgauge
