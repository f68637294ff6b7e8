#include "core/check/call_watch.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string_view>
#include <utility>

namespace flowgauge {
namespace {

const char* g_clock = nullptr;  // the function that was called last

time_t watched_time(time_t* now) {
  g_clock = "time";
  return ::time(now);
}
int watched_clock_gettime(clockid_t clock, timespec* now) {
  g_clock = "clock_gettime";
  return ::clock_gettime(clock, now);
}
int watched_gettimeofday(timeval* now, void*) {
  g_clock = "gettimeofday";
  return ::gettimeofday(now, nullptr);
}
int watched_timespec_get(timespec* now, int base) {
  g_clock = "timespec_get";
  return std::timespec_get(now, base);
}
clock_t watched_clock() {
  g_clock = "clock";
  return ::clock();
}
auto watched_system_now() {
  g_clock = "std::chrono::system_clock";
  return std::chrono::system_clock::now();
}
auto watched_steady_now() {
  g_clock = "std::chrono::steady_clock";
  return std::chrono::steady_clock::now();
}

struct Watched {
  std::string_view symbol;
  void* instead;
};
template <class Function>
Watched watched(std::string_view symbol, Function* instead) {
  return {symbol, reinterpret_cast<void*>(instead)};
}
const std::array kWatched = {
    watched("time", watched_time),
    watched("clock_gettime", watched_clock_gettime),
    watched("gettimeofday", watched_gettimeofday),
    watched("timespec_get", watched_timespec_get),
    watched("clock", watched_clock),
    watched("_ZNSt6chrono3_V212system_clock3nowEv", watched_system_now),
    watched("_ZNSt6chrono3_V212steady_clock3nowEv", watched_steady_now),
};

#if defined(__aarch64__)
constexpr std::array<std::uint32_t, 3> kOfSymbols = {R_AARCH64_JUMP_SLOT, R_AARCH64_GLOB_DAT, R_AARCH64_ABS64};
#else
constexpr std::array<std::uint32_t, 3> kOfSymbols = {R_X86_64_JUMP_SLOT, R_X86_64_GLOB_DAT, R_X86_64_64};
#endif

// An address as ELF has it, a number.
template <class T>
T* at_address(std::uint64_t address) {
  return reinterpret_cast<T*>(address);  // NOLINT(performance-no-int-to-ptr)
}

// The linker has made addresses of them, but where the table is read-only.
template <class T>
const T* table_at(const link_map& object, std::uint64_t pointer) {
  return at_address<const T>(pointer < object.l_addr ? object.l_addr + pointer : pointer);
}

const ElfW(Dyn) * entry_of(const link_map& object, std::int64_t tag) {
  for (const ElfW(Dyn)* entry = object.l_ld; entry->d_tag != DT_NULL; ++entry)
    if (entry->d_tag == tag) return entry;
  return nullptr;
}

// Tables of addresses are read-only once a library is loaded.
void write_slot(void** slot, void* value) {
  const auto page_bytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  void* const page = at_address<void>(reinterpret_cast<std::uintptr_t>(slot) / page_bytes * page_bytes);
  if (::mprotect(page, page_bytes, PROT_READ | PROT_WRITE) == 0) *slot = value;
}

std::int64_t size_of(int file) {
  struct stat status {};
  return ::fstat(file, &status) == 0 ? status.st_size : 0;
}

// "the first words of it"
std::string beginning_of(int file, std::int64_t from) {
  std::array<char, 60> text{};
  const ssize_t bytes = ::pread(file, text.data(), text.size(), from);
  std::string line(text.data(), bytes > 0 ? static_cast<std::size_t>(bytes) : 0);
  line.resize(std::min(line.find('\n'), line.size()));
  std::ranges::replace_if(
      line, [](unsigned char letter) { return letter < 0x20 || letter > 0x7e; }, '?');
  return line;
}

}  // namespace

CallWatch::CallWatch(const void* address)
    : printed_(::memfd_create("printed", MFD_CLOEXEC)), output_(::dup(STDOUT_FILENO)), errors_(::dup(STDERR_FILENO)) {
  Dl_info info{};
  link_map* object = nullptr;
  if (::dladdr1(address, &info, reinterpret_cast<void**>(&object), RTLD_DL_LINKMAP) != 0 && object != nullptr)
    replace_imports(*object);
  std::fflush(nullptr);
  if (printed_) {
    ::dup2(printed_.get(), STDOUT_FILENO);
    ::dup2(printed_.get(), STDERR_FILENO);
  }
  g_clock = nullptr;
}

CallWatch::~CallWatch() {
  std::fflush(nullptr);
  ::dup2(output_.get(), STDOUT_FILENO);
  ::dup2(errors_.get(), STDERR_FILENO);
  for (const Replaced& one : replaced_) write_slot(one.slot, one.before);
}

void CallWatch::replace_imports(const link_map& object) {
  struct Table {
    std::int64_t begin, size;
  };
  for (const Table table : {Table{DT_RELA, DT_RELASZ}, Table{DT_JMPREL, DT_PLTRELSZ}}) {
    const auto* begin = entry_of(object, table.begin);
    const auto* size = entry_of(object, table.size);
    if (begin != nullptr && size != nullptr)
      replace(object, table_at<ElfW(Rela)>(object, begin->d_un.d_ptr), size->d_un.d_val / sizeof(ElfW(Rela)));
  }
}

void CallWatch::replace(const link_map& object, const ElfW(Rela) * relocations, std::size_t count) {
  const auto* symbols_at = entry_of(object, DT_SYMTAB);
  const auto* names_at = entry_of(object, DT_STRTAB);
  if (symbols_at == nullptr || names_at == nullptr) return;
  const auto* symbols = table_at<ElfW(Sym)>(object, symbols_at->d_un.d_ptr);
  const auto* names = table_at<char>(object, names_at->d_un.d_ptr);
  for (std::size_t i = 0; i < count; ++i) {
    const auto type = static_cast<std::uint32_t>(ELF64_R_TYPE(relocations[i].r_info));
    if (std::ranges::find(kOfSymbols, type) == kOfSymbols.end()) continue;
    const ElfW(Sym)& symbol = symbols[ELF64_R_SYM(relocations[i].r_info)];
    const auto known = std::ranges::find(kWatched, std::string_view(names + symbol.st_name), &Watched::symbol);
    if (known == kWatched.end() || symbol.st_shndx != SHN_UNDEF) continue;
    auto** const slot = at_address<void*>(object.l_addr + relocations[i].r_offset);
    replaced_.push_back({slot, *slot});
    write_slot(slot, known->instead);
  }
}

Finding CallWatch::seen() {
  std::fflush(nullptr);
  const char* const clock = std::exchange(g_clock, nullptr);
  const std::int64_t from = std::exchange(told_bytes_, size_of(printed_.get()));
  if (clock != nullptr) return fmt::format("reads the clock ({}); all time comes from packets", clock);
  if (told_bytes_ > from)
    return fmt::format("prints '{}'; say what must be said through the host's log, in create",
                       beginning_of(printed_.get(), from));
  return {};
}

}  // namespace flowgauge
