#include "tests/bench/traffic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "core/base/handle.h"

namespace flowgauge::bench {
namespace {

// splitmix64 (Steele, Lea, Flood 2014): small, seedable, good enough to choose packets with.
class Random {
 public:
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(next() % bound); }
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  bool chance(double probability) { return unit() < probability; }

 private:
  std::uint64_t state_ = 20260803;
};

struct Flow {
  std::array<std::uint32_t, 2> address;
  std::array<std::uint16_t, 2> port;
  std::array<std::uint32_t, 2> seq;
  std::uint32_t left;  // packets to come
  std::uint32_t sent;
  bool tcp;
  bool ipv6;
  bool vlan;
};

class Frame {
 public:
  void put8(unsigned value) { bytes_[size_++] = static_cast<std::uint8_t>(value); }
  void put16(unsigned value) {
    put8(value >> 8);
    put8(value & 0xFF);
  }
  void put32(std::uint32_t value) {
    put16(value >> 16);
    put16(value & 0xFFFF);
  }
  void fill(std::size_t count, std::uint8_t value) {
    std::memset(bytes_.data() + size_, value, count);
    size_ += count;
  }
  void clear() { size_ = 0; }
  [[nodiscard]] const std::uint8_t* data() const { return bytes_.data(); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::array<std::uint8_t, 2048> bytes_{};
  std::size_t size_ = 0;
};

constexpr std::array<std::uint16_t, 8> kServices = {443, 443, 443, 80, 53, 22, 8080, 123};

class Traffic {
 public:
  explicit Traffic(const TrafficShape& shape) : flows_(shape.flows_at_once) {
    for (Flow& flow : flows_) begin(flow);
  }

  // The next packet's frame and time in microseconds.
  std::uint64_t next(Frame& frame) {
    if (train_ == 0) choose();
    --train_;
    now_us_ += random_.below(21);
    write(flows_[current_], frame);
    return now_us_;
  }

 private:
  void begin(Flow& flow) {
    flow.address = {0x0A000000U | random_.below(1U << 24), 0x20000000U + random_.below(1U << 30)};
    flow.port = {static_cast<std::uint16_t>(32768 + random_.below(28000)), kServices[random_.below(8)]};
    flow.seq = {static_cast<std::uint32_t>(random_.next()), static_cast<std::uint32_t>(random_.next())};
    flow.left = static_cast<std::uint32_t>(std::min(200'000.0, 3.0 / std::pow(1.0 - random_.unit(), 1 / 1.15)));
    flow.sent = 0;
    flow.tcp = random_.chance(0.6);
    flow.ipv6 = random_.chance(0.1);
    flow.vlan = random_.chance(0.05);
  }

  // Half of the picks by Zipf's law over the flows, half uniformly; short trains of packets.
  void choose() {
    const auto count = static_cast<std::uint32_t>(flows_.size());
    const auto zipf = static_cast<std::uint32_t>(std::exp(random_.unit() * std::log(static_cast<double>(count)))) - 1;
    current_ = random_.chance(0.5) ? std::min(zipf, count - 1) : random_.below(count);
    train_ = 1 + static_cast<std::uint32_t>(-2.0 * std::log(1.0 - random_.unit()));
  }

  void write(Flow& flow, Frame& frame) {
    const bool first = flow.sent == 0;
    const bool last = flow.left <= 1;
    const unsigned side = first ? 0 : flow.sent == 1 ? 1 : random_.below(3) == 0 ? 0 : 1;
    unsigned flags = first ? 0x02 : flow.sent == 1 ? 0x12 : last ? 0x14 : 0x10;
    std::uint32_t payload = random_.below(100) < 60 ? random_.below(1449) : 0;
    if (flow.tcp && flags != 0x10) payload = 0;
    if (payload > 0) flags |= 0x08;
    frame.clear();
    ethernet(flow, frame);
    network(flow, side, (flow.tcp ? 20 : 8) + payload, frame);
    transport(flow, side, flags, payload, frame);
    frame.fill(payload, 0x55);
    flow.seq[side] += payload + ((flags & 0x02) != 0 ? 1 : 0);
    ++flow.sent;
    if (last)
      begin(flow);
    else
      --flow.left;
  }

  static void ethernet(const Flow& flow, Frame& frame) {
    frame.fill(6, 2);
    frame.fill(6, 4);
    if (flow.vlan) frame.put32(0x81000000U | 42);
    frame.put16(flow.ipv6 ? 0x86DD : 0x0800);
  }

  static void network(const Flow& flow, unsigned side, std::uint32_t inside, Frame& frame) {
    const std::uint8_t protocol = flow.tcp ? 6 : 17;
    if (flow.ipv6) {
      frame.put32(0x60000000U);
      frame.put16(inside);
      frame.put8(protocol);
      frame.put8(64);
      for (const unsigned end : {side, 1 - side}) {
        frame.put32(0x20010DB8U);
        frame.fill(8, 0);
        frame.put32(flow.address[end]);
      }
      return;
    }
    frame.put16(0x4500);
    frame.put16(inside + 20);
    frame.put32(0);
    frame.put8(64);
    frame.put8(protocol);
    frame.put16(0);
    frame.put32(flow.address[side]);
    frame.put32(flow.address[1 - side]);
  }

  static void transport(const Flow& flow, unsigned side, unsigned flags, std::uint32_t payload, Frame& frame) {
    frame.put16(flow.port[side]);
    frame.put16(flow.port[1 - side]);
    if (!flow.tcp) {
      frame.put16(payload + 8);
      frame.put16(0);
      return;
    }
    frame.put32(flow.seq[side]);
    frame.put32(flow.seq[1 - side]);
    frame.put16(0x5000 | flags);
    frame.put16(512);
    frame.put32(0);
  }

  Random random_;
  std::vector<Flow> flows_;
  std::uint64_t now_us_ = 1'700'000'000'000'000;
  std::uint32_t current_ = 0;
  std::uint32_t train_ = 0;
};

using File = std::unique_ptr<std::FILE, Closer<std::fclose>>;

bool put(std::FILE* file, const void* bytes, std::size_t size) { return std::fwrite(bytes, 1, size, file) == size; }

bool begin_pcap(std::FILE* file, const TrafficShape& shape) {
  const std::array<std::uint32_t, 6> header = {0xA1B2C3D4, 4U << 16 | 2, 0, 0, shape.snaplen_bytes, 1};
  return put(file, header.data(), sizeof header);
}

bool put_record(std::FILE* file, std::uint64_t time_us, std::uint32_t captured, const Frame& frame) {
  const std::array<std::uint32_t, 4> record = {static_cast<std::uint32_t>(time_us / 1'000'000),
                                               static_cast<std::uint32_t>(time_us % 1'000'000), captured,
                                               static_cast<std::uint32_t>(frame.size())};
  return put(file, record.data(), sizeof record) && put(file, frame.data(), captured);
}

// A section header and an interface.
bool begin_pcapng(std::FILE* file, const TrafficShape& shape) {
  const std::array<std::uint32_t, 12> blocks = {0x0A0D0D0A, 28, 0x1A2B3C4D,          1, ~0U, ~0U, 28, 1,
                                                20,         1,  shape.snaplen_bytes, 20};
  return put(file, blocks.data(), sizeof blocks);
}

// An enhanced packet block.
bool put_block(std::FILE* file, std::uint64_t time_us, std::uint32_t captured, const Frame& frame) {
  const std::uint32_t padding = -captured % 4;
  const std::uint32_t bytes = 32 + captured + padding;
  const std::array<std::uint32_t, 7> header = {6,
                                               bytes,
                                               0,
                                               static_cast<std::uint32_t>(time_us >> 32),
                                               static_cast<std::uint32_t>(time_us),
                                               captured,
                                               static_cast<std::uint32_t>(frame.size())};
  const std::uint32_t zeros = 0;
  return put(file, header.data(), sizeof header) && put(file, frame.data(), captured) && put(file, &zeros, padding) &&
         put(file, &bytes, sizeof bytes);
}

}  // namespace

bool write_traffic(const std::filesystem::path& path, const TrafficShape& shape) {
  const File file(std::fopen(path.c_str(), "wb"));
  if (file == nullptr) return false;
  const bool pcapng = shape.format == TrafficFormat::kPcapng;
  bool good = pcapng ? begin_pcapng(file.get(), shape) : begin_pcap(file.get(), shape);
  Traffic traffic(shape);
  Frame frame;
  for (std::uint64_t i = 0; i < shape.packets && good; ++i) {
    const std::uint64_t time_us = traffic.next(frame);
    const std::uint32_t captured = std::min(static_cast<std::uint32_t>(frame.size()), shape.snaplen_bytes);
    good = pcapng ? put_block(file.get(), time_us, captured, frame) : put_record(file.get(), time_us, captured, frame);
  }
  return good && std::fflush(file.get()) == 0;
}

}  // namespace flowgauge::bench
