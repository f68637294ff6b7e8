#include "core/plugin/elf_image.h"

#include <algorithm>

namespace flowgauge {
namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
#else
#error "say which ELF machine this is"
#endif

constexpr std::uint32_t kMostSegments = 256;       // a linker makes some ten; each address is looked for in all
constexpr std::size_t kMostDynamicEntries = 4096;  // and some thirty of these
constexpr std::size_t kLongestText = 16'384;       // of a name, or a list of folders

std::unexpected<Error> cut_short(const std::string& path, std::string_view where) {
  return fail(ExitCode::kPlugin, "{}: is cut short within its ELF {}; copy or build the file again", path, where);
}

}  // namespace

Result<ElfImage> ElfImage::read(std::span<const std::uint8_t> bytes, const std::string& path,
                                std::string_view instead) {
  if (bytes.empty()) return fail(ExitCode::kPlugin, "{}: is empty; {}", path, instead);
  ElfImage image(bytes);
  if (bytes.size() < SELFMAG || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0)
    return fail(ExitCode::kPlugin, "{}: is not an ELF file; {}", path, instead);
  const auto header = image.at<Elf64_Ehdr>(0);
  if (!header) return cut_short(path, "header");
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
      header->e_machine != kMachine)
    return fail(ExitCode::kPlugin,
                "{}: is built for another kind of machine (ELF machine {}, this one is {}); build it here", path,
                header->e_machine, kMachine);
  if (header->e_type != ET_DYN)
    return fail(ExitCode::kPlugin, "{}: is an ELF file, but not a shared object; {}", path, instead);

  if (header->e_phnum > kMostSegments)
    return fail(ExitCode::kPlugin, "{}: has {} ELF segments, more than {}; {}", path, header->e_phnum, kMostSegments,
                instead);
  // No entry for the stack means that it shall be executable, on x86-64.
  bool has_plain_stack = false;
  for (std::uint64_t i = 0; i < header->e_phnum; ++i) {
    const auto segment = image.at<Elf64_Phdr>(header->e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment) return cut_short(path, "segments");
    if (segment->p_type == PT_DYNAMIC) image.dynamic_ = segment;
    if (segment->p_type == PT_GNU_STACK) has_plain_stack = (segment->p_flags & PF_X) == 0;
    if (segment->p_type != PT_LOAD) continue;
    if (segment->p_offset > bytes.size() || bytes.size() - segment->p_offset < segment->p_filesz)
      return cut_short(path, "segments");
    image.segments_.push_back(*segment);
  }
  if (!has_plain_stack)
    return fail(ExitCode::kPlugin,
                "{}: asks for an executable stack, for the whole process; link it with -Wl,-z,noexecstack, and give "
                "assembler files a .note.GNU-stack section",
                path);
  return image;
}

bool ElfImage::text_is(std::uint64_t address, std::string_view text) const {
  const auto offset = offset_of(address, text.size() + 1);
  return offset && *offset <= bytes_.size() && bytes_.size() - *offset > text.size() &&
         std::memcmp(bytes_.data() + *offset, text.data(), text.size()) == 0 && bytes_[*offset + text.size()] == 0;
}

std::optional<std::string> ElfImage::text_at(std::uint64_t address) const {
  const auto offset = offset_of(address, 1);
  if (!offset || *offset >= bytes_.size()) return std::nullopt;
  const auto rest = bytes_.subspan(*offset, std::min(kLongestText, bytes_.size() - *offset));
  const auto end = std::ranges::find(rest, 0);
  if (end == rest.end()) return std::nullopt;
  return std::string(rest.begin(), end);
}

std::vector<Elf64_Dyn> ElfImage::dynamic() const {
  std::vector<Elf64_Dyn> entries;
  for (std::uint64_t at = 0; dynamic_ && at + sizeof(Elf64_Dyn) <= dynamic_->p_filesz; at += sizeof(Elf64_Dyn)) {
    const auto entry = mapped<Elf64_Dyn>(dynamic_->p_vaddr + at);
    if (!entry || entry->d_tag == DT_NULL || entries.size() == kMostDynamicEntries) break;
    entries.push_back(*entry);
  }
  return entries;
}

std::optional<std::uint64_t> ElfImage::offset_of(std::uint64_t address, std::uint64_t size) const {
  for (const Elf64_Phdr& segment : segments_) {
    if (address < segment.p_vaddr) continue;
    const std::uint64_t distance = address - segment.p_vaddr;
    if (distance > segment.p_filesz || segment.p_filesz - distance < size) continue;
    if (segment.p_offset > bytes_.size()) continue;
    return segment.p_offset + distance;
  }
  return std::nullopt;
}

}  // namespace flowgauge
