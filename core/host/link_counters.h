// What the kernel and the network card count of an interface, and what they lost before any program saw it. No
// privilege needed.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/handle.h"

namespace flowgauge {

// Since they were looked at for the first time.
struct LinkCounters {
  std::string interface;
  std::uint64_t rx_packets = 0;
  std::uint64_t rx_bytes = 0;
  std::uint64_t tx_packets = 0;
  std::uint64_t tx_bytes = 0;
  std::uint64_t rx_dropped = 0;    // by the driver or the kernel; among them frames that no protocol of the host wanted
  std::uint64_t rx_missed = 0;     // the card had no room (rx_missed_errors)
  std::uint64_t rx_no_buffer = 0;  // the host gave the card no room (rx_fifo_errors, rx_over_errors)

  LinkCounters& operator+=(const LinkCounters& other);
  bool operator==(const LinkCounters&) const = default;
};

// Any thread may call any function.
class LinkCounterWatch {
 public:
  // It stays in the network namespace of the thread that makes it.
  LinkCounterWatch();

  // Of these interfaces, by their names, since each was named for the first time; one system call or two for each. Each
  // is followed by its index, whatever it is called later, and one that is made anew under its name goes on. Those that
  // were never there are left out.
  [[nodiscard]] std::vector<LinkCounters> read(std::span<const std::string> interfaces);

 private:
  struct Watched {
    std::string name;
    int index = 0;                     // 0: it was not there
    std::optional<LinkCounters> last;  // as the kernel has them
    LinkCounters total;
  };

  Watched& watched(const std::string& name);
  void look_at(Watched& watched);

  std::mutex mutex_;
  FileDescriptor socket_;
  std::vector<Watched> watched_;
};

// What `now` has more than `last`. A counter that went back began again at 0.
[[nodiscard]] LinkCounters counted_since(const LinkCounters& last, const LinkCounters& now);

// Packets that the kernel dropped since it could not keep up with those that came in, on all processors and interfaces
// together, since the machine was started (/proc/net/softnet_stat). None: not told.
[[nodiscard]] std::optional<std::uint64_t> read_softnet_dropped();
// Of the file's text.
[[nodiscard]] std::optional<std::uint64_t> softnet_dropped_in(std::string_view text);

}  // namespace flowgauge
