// plain_imitation INTERFACE: the usual live monitor, for comparison. Hooks plain.bpf.c to both directions with
// clsact, waits in ring_buffer__poll, and counts packets and bytes per flow in a hash map. Ends at SIGINT or SIGTERM
// with a line of JSON. It knows no expiry, no tags, no IPv6 and no features: a lower bound of what the usual design
// costs.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <net/if.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <unordered_map>
#include <vector>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/base/try.h"
#include "tests/live/plain_imitation/plain.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kRingBytes = 64U << 20;
constexpr int kPollMs = 100;

volatile std::sig_atomic_t stopped = 0;

struct Key {
  std::uint64_t addresses, ports;
  bool operator==(const Key&) const = default;
};
struct KeyHash {
  std::size_t operator()(const Key& key) const {
    return std::hash<std::uint64_t>{}(key.addresses * 0x9e3779b97f4a7c15U ^ key.ports);
  }
};
struct Count {
  std::uint64_t packets, bytes;
};
using Flows = std::unordered_map<Key, Count, KeyHash>;

int take(void* context, void* data, std::size_t) {
  PlainEvent event;
  std::memcpy(&event, data, sizeof event);
  const bool swap = event.src > event.dst;
  const std::uint32_t low = swap ? event.dst : event.src, high = swap ? event.src : event.dst;
  const std::uint16_t low_port = swap ? event.dst_port : event.src_port,
                      high_port = swap ? event.src_port : event.dst_port;
  const Key key{(std::uint64_t{low} << 32) | high,
                (std::uint64_t{event.protocol} << 32) | (std::uint32_t{low_port} << 16) | high_port};
  Count& count = (*static_cast<Flows*>(context))[key];
  ++count.packets;
  count.bytes += event.length;
  return 0;
}

Result<void> attach(int program, unsigned interface, bpf_tc_attach_point point) {
  bpf_tc_hook hook{};
  hook.sz = sizeof hook;
  hook.ifindex = static_cast<int>(interface);
  hook.attach_point = point;
  bpf_tc_opts options{};
  options.sz = sizeof options;
  options.prog_fd = program;
  const int created = bpf_tc_hook_create(&hook);
  if ((created != 0 && created != -EEXIST) || bpf_tc_attach(&hook, &options) != 0) {
    return fail(ExitCode::kPrivilege, "cannot attach");
  }
  return {};
}

Result<std::vector<FileDescriptor>> add_rings(int outer) {
  std::vector<FileDescriptor> rings;
  for (std::uint32_t i = 0; i < PLAIN_RINGS; ++i) {
    rings.emplace_back(bpf_map_create(BPF_MAP_TYPE_RINGBUF, nullptr, 0, 0, kRingBytes, nullptr));
    const int fd = rings.back().get();
    if (fd < 0 || bpf_map_update_elem(outer, &i, &fd, BPF_ANY) != 0)
      return fail(ExitCode::kPrivilege, "cannot make a ring");
  }
  return rings;
}

PlainCounters counters_of(int map) {
  std::vector<PlainCounters> of_cpus(static_cast<std::size_t>(libbpf_num_possible_cpus()));
  const std::uint32_t zero = 0;
  PlainCounters sum{};
  if (bpf_map_lookup_elem(map, &zero, of_cpus.data()) != 0) return sum;
  for (const PlainCounters& one : of_cpus) {
    sum.seen += one.seen;
    sum.submitted += one.submitted;
    sum.ring_full += one.ring_full;
  }
  return sum;
}

Result<void> run(const char* interface) {
  const std::unique_ptr<bpf_object, Closer<bpf_object__close>> object(bpf_object__open_file(PLAIN_OBJECT, nullptr));
  if (!object || bpf_object__load(object.get()) != 0)
    return fail(ExitCode::kPrivilege, "{}: cannot be loaded", PLAIN_OBJECT);
  const auto map = [&](const char* name) { return bpf_object__find_map_fd_by_name(object.get(), name); };
  const auto rings = TRY(add_rings(map("rings")));
  Flows flows;
  std::unique_ptr<ring_buffer, Closer<ring_buffer__free>> reader;
  for (const FileDescriptor& ring : rings) {
    if (!reader) {
      reader.reset(ring_buffer__new(ring.get(), take, &flows, nullptr));
    } else if (ring_buffer__add(reader.get(), ring.get(), take, &flows) != 0) {
      return fail(ExitCode::kPrivilege, "cannot read a ring");
    }
  }
  if (!reader) return fail(ExitCode::kPrivilege, "cannot read a ring");
  const int program = bpf_program__fd(bpf_object__find_program_by_name(object.get(), "plain"));
  for (const bpf_tc_attach_point point : {BPF_TC_INGRESS, BPF_TC_EGRESS}) {
    if (auto attached = attach(program, if_nametoindex(interface), point); !attached) return attached;
  }
  fmt::print(stderr, "capturing from {}\n", interface);
  while (stopped == 0) ring_buffer__poll(reader.get(), kPollMs);
  ring_buffer__consume(reader.get());
  const PlainCounters sum = counters_of(map("counters"));
  fmt::print("{{\"seen\": {}, \"submitted\": {}, \"ring_full\": {}, \"flows\": {}}}\n", sum.seen, sum.submitted,
             sum.ring_full, flows.size());
  return {};
}

}  // namespace
}  // namespace flowgauge

int main(int count, char** arguments) {
  if (count != 2) return 1;
  struct sigaction action {};
  action.sa_handler = [](int) { flowgauge::stopped = 1; };
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  const auto done = flowgauge::run(arguments[1]);
  if (done) return 0;
  fmt::print(stderr, "plain_imitation: {}\n", done.error().message);
  return static_cast<int>(done.error().code);
}
