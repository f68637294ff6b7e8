#include "core/plugin/static_memory.h"

#include <link.h>

#include <functional>

namespace flowgauge {
namespace {

using Object = std::function<bool(const dl_phdr_info&)>;  // true: no further

void each_object(const Object& object) {
  ::dl_iterate_phdr([](dl_phdr_info* info, std::size_t,
                       void* context) -> int { return (*static_cast<const Object*>(context))(*info) ? 1 : 0; },
                    const_cast<Object*>(&object));
}

}  // namespace

void StaticMemory::add(const void* address, std::uint32_t unwanted_flags) {
  each_object([&](const dl_phdr_info& info) {
    std::vector<Range> found;
    bool is_it = false;
    for (std::size_t i = 0; i < info.dlpi_phnum; ++i) {
      const ElfW(Phdr)& segment = info.dlpi_phdr[i];
      if (segment.p_type != PT_LOAD) continue;
      const Range range{static_cast<std::uintptr_t>(info.dlpi_addr + segment.p_vaddr), segment.p_memsz,
                        (segment.p_flags & PF_W) == 0};
      is_it |= reinterpret_cast<std::uintptr_t>(address) - range.begin < range.size_bytes;
      if ((segment.p_flags & PF_R) != 0 && (segment.p_flags & unwanted_flags) == 0) found.push_back(range);
    }
    if (is_it) ranges_.insert(ranges_.end(), found.begin(), found.end());
    return is_it;
  });
}

void StaticMemory::add_object_of(const void* address) { add(address, 0); }
void StaticMemory::add_constants_of(const void* address) { add(address, PF_W); }

}  // namespace flowgauge
