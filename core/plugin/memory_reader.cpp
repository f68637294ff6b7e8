#include "core/plugin/memory_reader.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/base/handle.h"

namespace flowgauge {

const ReadPage* MemoryReader::page_at(std::uintptr_t address) {
  const auto [entry, is_new] = pages_.try_emplace(address);
  if (is_new) {
    auto page = std::make_unique<ReadPage>();
    if (fetch_(address, *page)) entry->second = std::move(page);
  }
  return entry->second.get();
}

bool MemoryReader::read(std::uintptr_t from, void* to, std::size_t size_bytes) {
  auto* at = static_cast<unsigned char*>(to);
  while (size_bytes > 0) {
    const std::size_t offset = from % kReadPageBytes;
    const ReadPage* page = page_at(from - offset);
    if (page == nullptr) return false;
    const std::size_t bytes = std::min(size_bytes, kReadPageBytes - offset);
    std::memcpy(at, page->data() + offset, bytes);
    at += bytes;
    from += bytes;  // behind the last page lies address 0, where there is none
    size_bytes -= bytes;
  }
  return true;
}

std::optional<std::string> MemoryReader::read_text(std::uintptr_t from, std::size_t most) {
  std::string text;
  while (text.size() < most) {
    const std::size_t offset = from % kReadPageBytes;
    const ReadPage* page = page_at(from - offset);
    if (page == nullptr) return std::nullopt;
    const std::size_t bytes = std::min(most - text.size(), kReadPageBytes - offset);
    const auto* begin = reinterpret_cast<const char*>(page->data() + offset);
    const std::size_t length = ::strnlen(begin, bytes);
    text.append(begin, length);
    if (length < bytes) return text;
    from += bytes;
  }
  return text;
}

MemoryReader::Fetch pages_of_this_process() {
  // A file in memory takes what can be read, and says what cannot. By number: a sanitizer would judge the pages.
  auto file = std::make_shared<FileDescriptor>(::memfd_create("flowgauge-page", MFD_CLOEXEC));
  return [file](std::uintptr_t address, ReadPage& page) {
    if (::syscall(SYS_pwrite64, file->get(), address, page.size(), 0) != static_cast<long>(page.size())) return false;
    return ::pread(file->get(), page.data(), page.size(), 0) == static_cast<ssize_t>(page.size());
  };
}

}  // namespace flowgauge
