#include "tests/live/sender/replay.h"

#include <pcap/pcap.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <memory>
#include <span>
#include <utility>

#include "core/base/handle.h"
#include "core/base/try.h"
#include "tests/live/sender/wire.h"

namespace flowgauge {
namespace {

constexpr std::size_t kShortest = 14;         // bytes of an Ethernet header
constexpr std::size_t kLongest = 65535 + 14;  // the greatest MTU of a veth interface, and the header
constexpr std::int64_t kBetweenCapturesNs = 1'000'000;

using PcapHandle = std::unique_ptr<pcap_t, Closer<pcap_close>>;

struct Frame {
  std::int64_t due_ns;
  std::size_t place;
  int wire;
  std::vector<std::uint8_t> bytes;
};

struct Load {
  std::vector<Frame> frames;
  std::size_t left_out = 0;
  std::int64_t end_ns = 0;
};

// `far` and `near`: sockets of the wire's two ends.
Result<void> load(const std::string& path, int far, int near, Load& out) {
  char message[PCAP_ERRBUF_SIZE];
  const PcapHandle capture(pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, message));
  if (!capture) return fail(ExitCode::kInput, "{}: {}", path, message);
  if (pcap_datalink(capture.get()) != DLT_EN10MB)
    return fail(ExitCode::kInput, "{}: its frames have no Ethernet header", path);
  const std::int64_t begin = out.end_ns + kBetweenCapturesNs;
  std::int64_t first = -1;
  std::vector<std::uint8_t> first_sender;
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  while (pcap_next_ex(capture.get(), &header, &bytes) == 1) {
    if (header->caplen < kShortest || header->caplen > kLongest) {
      ++out.left_out;
      continue;
    }
    const std::int64_t time = header->ts.tv_sec * 1'000'000'000 + header->ts.tv_usec;
    const std::span frame(bytes, header->caplen);
    if (first < 0) {
      first = time;
      first_sender.assign(frame.begin() + 6, frame.begin() + 12);
    }
    const bool from_far = std::equal(first_sender.begin(), first_sender.end(), frame.begin() + 6);
    out.end_ns = std::max(out.end_ns, begin + time - first);  // frames stay in the file's order, whatever their times
    out.frames.push_back({out.end_ns, 0, from_far ? far : near, {frame.begin(), frame.end()}});
  }
  return {};
}

Result<void> send(const Frame& frame) {
  while (::send(frame.wire, frame.bytes.data(), frame.bytes.size(), 0) < 0) {
    if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR) {
      return fail(ExitCode::kInput, "a frame of {} bytes cannot be sent: {}", frame.bytes.size(), std::strerror(errno));
    }
  }
  return {};
}

}  // namespace

Result<void> replay(const ReplayPlan& plan) {
  if (auto stayed = stay_on_cpu(plan.cpu); !stayed) return stayed;
  std::vector<FileDescriptor> sockets;
  std::vector<Frame> frames;
  for (std::size_t wire = 0; wire < plan.wires.size(); ++wire) {
    auto far = TRY(open_wire(plan.far, fmt::format("flow-p{}", wire), Egress::kThroughHooks));
    auto near = TRY(open_wire(plan.near, fmt::format("flow-t{}", wire), Egress::kThroughHooks));
    Load of_wire;
    for (const std::string& capture : plan.wires[wire]) {
      if (auto loaded = load(capture, far.get(), near.get(), of_wire); !loaded) return loaded;
    }
    fmt::print("wire {}: {} frames, {} left out\n", wire, of_wire.frames.size(), of_wire.left_out);
    std::move(of_wire.frames.begin(), of_wire.frames.end(), std::back_inserter(frames));
    sockets.push_back(std::move(far));
    sockets.push_back(std::move(near));
  }
  // Of one wire in the order they are in.
  for (std::size_t i = 0; i < frames.size(); ++i) frames[i].place = i;
  std::ranges::sort(frames, {}, [](const Frame& frame) { return std::pair(frame.due_ns, frame.place); });
  std::fflush(stdout);
  std::string go;
  if (!std::getline(std::cin, go)) return fail(ExitCode::kInput, "nobody gave the word to begin");
  const std::int64_t begin = monotonic_ns();
  for (const Frame& frame : frames) {
    sleep_until_ns(begin + frame.due_ns);
    if (auto sent = send(frame); !sent) return sent;
  }
  return {};
}

}  // namespace flowgauge
