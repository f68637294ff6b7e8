#include "core/plugin/elf_peek.h"

#include <elf.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {
namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
#else
#error "say which ELF machine this is"
#endif

constexpr std::size_t kLeastModuleBytes = offsetof(fg_module, schemas) + sizeof(void*);  // of ABI 1.0
constexpr std::string_view kGiveModule = "give a shared object built with flowgauge_add_plugin()";
constexpr std::uint32_t kLongestChain = 1u << 16;  // symbols in one bucket; ends a ring in a hostile table
constexpr std::uint32_t kMostSegments = 256;       // a linker makes some ten; each address is looked for in all

// A file as the dynamic linker maps it. Every read says whether it lies within the bytes.
class ElfImage {
 public:
  explicit ElfImage(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  template <class T>
  [[nodiscard]] std::optional<T> at(std::uint64_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof(T));
    return value;
  }

  // What stands at a virtual address, if the file gives its contents.
  template <class T>
  [[nodiscard]] std::optional<T> mapped(std::uint64_t address) const {
    const auto offset = offset_of(address, sizeof(T));
    return offset ? at<T>(*offset) : std::nullopt;
  }

  [[nodiscard]] bool text_is(std::uint64_t address, std::string_view text) const {
    const auto offset = offset_of(address, text.size() + 1);
    return offset && *offset <= bytes_.size() && bytes_.size() - *offset > text.size() &&
           std::memcmp(bytes_.data() + *offset, text.data(), text.size()) == 0 && bytes_[*offset + text.size()] == 0;
  }

  void add_segment(const Elf64_Phdr& segment) { segments_.push_back(segment); }

 private:
  [[nodiscard]] std::optional<std::uint64_t> offset_of(std::uint64_t address, std::uint64_t size) const {
    for (const Elf64_Phdr& segment : segments_) {
      if (address < segment.p_vaddr) continue;
      const std::uint64_t distance = address - segment.p_vaddr;
      if (distance > segment.p_filesz || segment.p_filesz - distance < size) continue;
      if (segment.p_offset > bytes_.size()) continue;
      return segment.p_offset + distance;
    }
    return std::nullopt;
  }

  std::span<const std::uint8_t> bytes_;
  std::vector<Elf64_Phdr> segments_;
};

struct DynamicTables {
  std::uint64_t symbols = 0;
  std::uint64_t names = 0;
  std::uint64_t gnu_hash = 0;
  std::uint64_t hash = 0;
};

bool is_symbol(const ElfImage& image, const DynamicTables& tables, std::uint64_t index, std::string_view name,
               Elf64_Sym& symbol) {
  const auto candidate = image.mapped<Elf64_Sym>(tables.symbols + index * sizeof(Elf64_Sym));
  if (!candidate || candidate->st_shndx == SHN_UNDEF) return false;
  symbol = *candidate;
  return image.text_is(tables.names + symbol.st_name, name);
}

// The table of --hash-style=gnu: {buckets, first symbol, bloom words, shift}, bloom filter, buckets, chains.
std::optional<Elf64_Sym> find_by_gnu_hash(const ElfImage& image, const DynamicTables& tables, std::string_view name) {
  std::uint32_t hash = 5381;
  for (const char letter : name) hash = hash * 33 + static_cast<unsigned char>(letter);
  const auto bucket_count = image.mapped<std::uint32_t>(tables.gnu_hash);
  const auto first_symbol = image.mapped<std::uint32_t>(tables.gnu_hash + 4);
  const auto bloom_words = image.mapped<std::uint32_t>(tables.gnu_hash + 8);
  if (!bucket_count || *bucket_count == 0 || !first_symbol || !bloom_words) return std::nullopt;
  const std::uint64_t buckets = tables.gnu_hash + 16 + std::uint64_t{*bloom_words} * 8;
  const std::uint64_t chains = buckets + std::uint64_t{*bucket_count} * 4;
  const auto begin = image.mapped<std::uint32_t>(buckets + std::uint64_t{hash % *bucket_count} * 4);
  if (!begin || *begin < *first_symbol) return std::nullopt;
  for (std::uint64_t index = *begin; index - *begin < kLongestChain; ++index) {
    const auto chain = image.mapped<std::uint32_t>(chains + (index - *first_symbol) * 4);
    if (!chain) return std::nullopt;
    Elf64_Sym symbol;
    if ((*chain | 1u) == (hash | 1u) && is_symbol(image, tables, index, name, symbol)) return symbol;
    if ((*chain & 1u) != 0) return std::nullopt;  // the last of its bucket
  }
  return std::nullopt;
}

// The table of --hash-style=sysv: {buckets, chains}, buckets, chains; as many chains as symbols.
std::optional<Elf64_Sym> find_by_hash(const ElfImage& image, const DynamicTables& tables, std::string_view name) {
  std::uint32_t hash = 0;  // System V ABI, "Hash Table"
  for (const char letter : name) {
    hash = (hash << 4U) + static_cast<unsigned char>(letter);
    hash = (hash ^ (hash & 0xf0000000U) >> 24U) & 0x0fffffffU;
  }
  const auto bucket_count = image.mapped<std::uint32_t>(tables.hash);
  if (!bucket_count || *bucket_count == 0) return std::nullopt;
  const std::uint64_t buckets = tables.hash + 8;
  const std::uint64_t chains = buckets + std::uint64_t{*bucket_count} * 4;
  auto index = image.mapped<std::uint32_t>(buckets + std::uint64_t{hash % *bucket_count} * 4);
  for (std::uint32_t steps = 0; index && *index != STN_UNDEF && steps < kLongestChain; ++steps) {
    Elf64_Sym symbol;
    if (is_symbol(image, tables, *index, name, symbol)) return symbol;
    index = image.mapped<std::uint32_t>(chains + std::uint64_t{*index} * 4);
  }
  return std::nullopt;
}

std::optional<Elf64_Sym> find_symbol(const ElfImage& image, const DynamicTables& tables, std::string_view name) {
  if (tables.gnu_hash != 0) return find_by_gnu_hash(image, tables, name);
  if (tables.hash != 0) return find_by_hash(image, tables, name);
  return std::nullopt;
}

// The last entry of a tag counts, as for the dynamic linker.
DynamicTables read_dynamic(const ElfImage& image, const Elf64_Phdr& segment) {
  DynamicTables tables;
  for (std::uint64_t at = 0; at + sizeof(Elf64_Dyn) <= segment.p_filesz; at += sizeof(Elf64_Dyn)) {
    const auto entry = image.mapped<Elf64_Dyn>(segment.p_vaddr + at);
    if (!entry || entry->d_tag == DT_NULL) break;
    if (entry->d_tag == DT_SYMTAB) tables.symbols = entry->d_un.d_ptr;
    if (entry->d_tag == DT_STRTAB) tables.names = entry->d_un.d_ptr;
    if (entry->d_tag == DT_GNU_HASH) tables.gnu_hash = entry->d_un.d_ptr;
    if (entry->d_tag == DT_HASH) tables.hash = entry->d_un.d_ptr;
  }
  return tables;
}

}  // namespace

Result<ModuleHead> peek_module(std::span<const std::uint8_t> bytes, const std::string& path) {
  if (bytes.empty()) return fail(ExitCode::kPlugin, "{}: is empty; {}", path, kGiveModule);
  ElfImage image(bytes);
  if (bytes.size() < SELFMAG || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0)
    return fail(ExitCode::kPlugin, "{}: is not an ELF file; {}", path, kGiveModule);
  const auto header = image.at<Elf64_Ehdr>(0);
  if (!header)
    return fail(ExitCode::kPlugin, "{}: is cut short within its ELF header; copy or build the file again", path);
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB ||
      header->e_machine != kMachine)
    return fail(ExitCode::kPlugin,
                "{}: is built for another kind of machine (ELF machine {}, this one is {}); build it here", path,
                header->e_machine, kMachine);
  if (header->e_type != ET_DYN)
    return fail(ExitCode::kPlugin, "{}: is an ELF file, but not a shared object; {}", path, kGiveModule);

  if (header->e_phnum > kMostSegments)
    return fail(ExitCode::kPlugin, "{}: has {} ELF segments, more than {}; {}", path, header->e_phnum, kMostSegments,
                kGiveModule);
  std::optional<Elf64_Phdr> dynamic;
  for (std::uint64_t i = 0; i < header->e_phnum; ++i) {
    const auto segment = image.at<Elf64_Phdr>(header->e_phoff + i * sizeof(Elf64_Phdr));
    if (!segment)
      return fail(ExitCode::kPlugin, "{}: is cut short within its ELF segments; copy or build the file again", path);
    if (segment->p_type == PT_DYNAMIC) dynamic = segment;
    if (segment->p_type != PT_LOAD) continue;
    if (segment->p_offset > bytes.size() || bytes.size() - segment->p_offset < segment->p_filesz)
      return fail(ExitCode::kPlugin, "{}: is cut short within its ELF segments; copy or build the file again", path);
    image.add_segment(*segment);
  }
  const DynamicTables tables = dynamic ? read_dynamic(image, *dynamic) : DynamicTables{};
  const auto symbol = find_symbol(image, tables, FG_MODULE_SYMBOL);
  if (!symbol) {
    for (int major = 2; major <= 9; ++major) {
      if (find_symbol(image, tables, "fg_module_v" + std::to_string(major)))
        return fail(ExitCode::kPlugin,
                    "{}: is built for plugin ABI {}, this flowgauge runs plugin ABI 1; use a flowgauge of that "
                    "generation, or build the plugin with this one's SDK",
                    path, major);
    }
    return fail(ExitCode::kPlugin, "{}: has no symbol '{}', so it is not a flowgauge plugin; {}", path,
                FG_MODULE_SYMBOL, kGiveModule);
  }
  if (ELF64_ST_TYPE(symbol->st_info) != STT_OBJECT)
    return fail(ExitCode::kPlugin, "{}: its symbol '{}' is not data; define it as a constant fg_module", path,
                FG_MODULE_SYMBOL);
  const auto head = image.mapped<ModuleHead>(symbol->st_value);
  if (!head)
    return fail(ExitCode::kPlugin,
                "{}: its symbol '{}' has no contents in the file; give the fg_module its values there", path,
                FG_MODULE_SYMBOL);
  if (head->min_host_minor > FG_ABI_MINOR)
    return fail(ExitCode::kPlugin,
                "{}: needs a host with plugin ABI 1.{} or later, this flowgauge has 1.{}; use a newer flowgauge, or an "
                "older version of the plugin",
                path, head->min_host_minor, FG_ABI_MINOR);
  if (head->struct_size < kLeastModuleBytes)
    return fail(ExitCode::kPlugin, "{}: its fg_module has struct_size {}, ABI 1.0 has {}; set it to sizeof(fg_module)",
                path, head->struct_size, kLeastModuleBytes);
  if (head->struct_size > symbol->st_size)
    return fail(ExitCode::kPlugin,
                "{}: its fg_module says struct_size {}, but the symbol has {} bytes; set it to sizeof(fg_module)", path,
                head->struct_size, symbol->st_size);
  if (!image.mapped<std::array<std::uint8_t, kLeastModuleBytes>>(symbol->st_value))
    return fail(ExitCode::kPlugin, "{}: its fg_module ends behind the file's contents; copy or build the file again",
                path);
  return *head;
}

}  // namespace flowgauge
