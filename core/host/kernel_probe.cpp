#include "core/host/kernel_probe.h"

#include <linux/bpf.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <fstream>
#include <span>

#include "core/base/handle.h"
#include "core/host/clsact_probe.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kTcxIngress = 46;  // BPF_TCX_INGRESS, which headers older than Linux 6.6 do not have

int bpf(bpf_cmd command, bpf_attr& attributes) {
  return static_cast<int>(syscall(SYS_bpf, command, &attributes, sizeof attributes));
}

// The answer of a call that gives a descriptor or -1.
Probe answer_of(int result) { return result >= 0 ? Probe{Answer::kYes, 0} : Probe{Answer::kNo, errno}; }

int load_program(std::span<const bpf_insn> instructions) {
  constexpr const char* kLicence = "GPL";
  bpf_attr attributes{};
  attributes.prog_type = BPF_PROG_TYPE_SCHED_CLS;
  attributes.insns = reinterpret_cast<std::uint64_t>(instructions.data());
  attributes.insn_cnt = static_cast<std::uint32_t>(instructions.size());
  attributes.license = reinterpret_cast<std::uint64_t>(kLicence);
  return bpf(BPF_PROG_LOAD, attributes);
}

constexpr bpf_insn kCallTaiClock{
    .code = BPF_JMP | BPF_CALL, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = BPF_FUNC_ktime_get_tai_ns};
constexpr bpf_insn kReturnNext{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = -1};
constexpr bpf_insn kExit{.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0};

Probe probe_map(bpf_map_type type, std::uint32_t key_bytes, std::uint32_t entries, std::uint32_t flags) {
  bpf_attr attributes{};
  attributes.map_type = type;
  attributes.key_size = key_bytes;
  attributes.value_size = key_bytes == 0 ? 0 : 8;
  attributes.max_entries = entries;
  attributes.map_flags = flags;
  const FileDescriptor map(bpf(BPF_MAP_CREATE, attributes));
  return answer_of(map.get());
}

// A kernel with TCX looks for the interface, of which there is none; an older one does not know the place to attach to.
Probe probe_tcx(int program_fd) {
  bpf_attr attributes{};
  attributes.link_create.prog_fd = static_cast<std::uint32_t>(program_fd);
  attributes.link_create.target_ifindex = INT_MAX;
  attributes.link_create.attach_type = static_cast<bpf_attach_type>(kTcxIngress);
  const FileDescriptor link(bpf(BPF_LINK_CREATE, attributes));
  return link || errno == ENODEV ? Probe{Answer::kYes, 0} : Probe{Answer::kNo, errno};
}

}  // namespace

KernelSupport probe_kernel() {
  KernelSupport support;
  const std::array<bpf_insn, 2> smallest{kReturnNext, kExit};
  const FileDescriptor program(load_program(smallest));
  support.program = answer_of(program.get());
  if (program) {
    support.tcx = probe_tcx(program.get());
    const std::array<bpf_insn, 3> with_clock{kCallTaiClock, kReturnNext, kExit};
    support.tai_clock = answer_of(FileDescriptor(load_program(with_clock)).get());
  }
  support.clsact = probe_clsact(program.get());
  support.ring_buffer = probe_map(BPF_MAP_TYPE_RINGBUF, 0, static_cast<std::uint32_t>(sysconf(_SC_PAGESIZE)), 0);
  support.mapped_maps = probe_map(BPF_MAP_TYPE_ARRAY, 4, 1, BPF_F_MMAPABLE);
  // Protocol 0: no packet ever comes to it.
  support.packet_socket = answer_of(FileDescriptor(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)).get());
  return support;
}

std::optional<int> unprivileged_bpf_disabled() {
  std::ifstream file("/proc/sys/kernel/unprivileged_bpf_disabled");
  int value = 0;
  return file >> value ? std::optional(value) : std::nullopt;
}

std::string kernel_release() {
  utsname names{};
  return uname(&names) == 0 ? names.release : "unknown";
}

}  // namespace flowgauge
