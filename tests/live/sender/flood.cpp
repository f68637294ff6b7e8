#include "tests/live/sender/flood.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

#include "core/base/try.h"

namespace flowgauge {
namespace {

constexpr std::size_t kBatch = 64;
constexpr std::uint32_t kSmallestFrame = 14 + 20 + 8, kSynFrame = 14 + 20 + 20;
constexpr std::uint32_t kPorts = 50'000;  // of one address; then comes the next

using Bytes = std::vector<std::uint8_t>;

void put16(std::uint8_t* at, std::uint32_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
}

void put32(std::uint8_t* at, std::uint32_t value) {
  put16(at, value >> 16);
  put16(at + 2, value);
}

// To a MAC that is no end of the cable: everybody at the interface sees it, and the IP stack leaves it alone.
Bytes empty_frame(const FloodPlan& plan) {
  const bool is_syn = plan.of == FloodOf::kSyn;
  const std::uint32_t bytes = plan.frame_bytes;
  Bytes frame(bytes);
  put16(&frame[0], 0x0200);
  put32(&frame[2], 0x99);
  put16(&frame[6], 0x0200);
  put32(&frame[8], 0x98);
  put16(&frame[12], 0x0800);
  frame[14] = 0x45;
  put16(&frame[16], (is_syn ? kSynFrame : bytes) - 14);  // behind a SYN: padding
  frame[22] = 64;
  frame[23] = is_syn ? 6 : 17;
  if (is_syn) {
    put16(&frame[46], 0x5002);  // five words of header, SYN
  } else {
    put16(&frame[38], bytes - 34);
  }
  return frame;
}

void address(Bytes& frame, std::uint64_t flow, bool back) {
  std::pair<std::uint32_t, std::uint32_t> one{0x0a000000 + static_cast<std::uint32_t>(flow / kPorts),
                                              1024 + static_cast<std::uint32_t>(flow % kPorts)};
  std::pair<std::uint32_t, std::uint32_t> other{0x0b000001, 5000};
  if (back) std::swap(one, other);
  put32(&frame[26], one.first);
  put32(&frame[30], other.first);
  put16(&frame[34], one.second);
  put16(&frame[36], other.second);
}

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

class Batch {
 public:
  explicit Batch(const FloodPlan& plan) : frames_(kBatch, empty_frame(plan)) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      parts_[i] = {frames_[i].data(), frames_[i].size()};
      messages_[i].msg_hdr.msg_iov = &parts_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
  }

  // `first`: number of the batch's first packet in the run.
  void fill(const FloodPlan& plan, std::uint64_t first) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      const std::uint64_t packet = first + i, flow = packet / plan.packets_per_flow;
      address(frames_[i], plan.flows == 0 ? flow : flow % plan.flows, packet % plan.packets_per_flow % 2 == 1);
    }
  }

  Result<void> send(int wire) {
    for (std::size_t done = 0; done < kBatch;) {
      const int sent = ::sendmmsg(wire, &messages_[done], kBatch - done, 0);
      if (sent > 0) done += static_cast<std::size_t>(sent);
      if (sent < 0 && errno != ENOBUFS && errno != EAGAIN && errno != EINTR) {
        return fail(ExitCode::kInput, "cannot send: {}", std::strerror(errno));
      }
    }
    return {};
  }

 private:
  std::vector<Bytes> frames_;
  std::array<iovec, kBatch> parts_{};
  std::array<mmsghdr, kBatch> messages_{};
};

}  // namespace

Result<void> flood(const FloodPlan& plan) {
  const std::uint32_t least = plan.of == FloodOf::kSyn ? kSynFrame : kSmallestFrame;
  if (plan.frame_bytes < least || plan.packets_per_flow == 0) {
    return fail(ExitCode::kUsage, "a frame has at least {} bytes, a flow at least a packet", least);
  }
  if (auto stayed = stay_on_cpu(plan.cpu); !stayed) return stayed;
  auto wire = TRY(open_wire(plan.name_space, plan.interface, plan.egress));
  Batch batch(plan);
  const std::int64_t begin = monotonic_ns(), end = begin + static_cast<std::int64_t>(plan.seconds * 1e9);
  std::uint64_t sent = 0;
  for (std::int64_t now = begin; now < end; now = monotonic_ns()) {
    batch.fill(plan, sent);
    if (auto done = batch.send(wire.get()); !done) return done;
    sent += kBatch;
    if (plan.rate != 0) {
      sleep_until_ns(begin +
                     static_cast<std::int64_t>(static_cast<double>(sent) * 1e9 / static_cast<double>(plan.rate)));
    }
  }
  fmt::print("{{\"sent\": {}, \"seconds\": {:.6f}, \"cpu_seconds\": {:.6f}}}\n", sent,
             static_cast<double>(monotonic_ns() - begin) / 1e9, cpu_seconds());
  return {};
}

}  // namespace flowgauge
