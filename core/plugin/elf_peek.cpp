#include "core/plugin/elf_peek.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "core/base/try.h"
#include "core/plugin/elf_image.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {
namespace {

constexpr std::size_t kLeastModuleBytes = offsetof(fg_module, schemas) + sizeof(void*);  // of ABI 1.0
constexpr std::string_view kGiveModule = "give a shared object built with flowgauge_add_plugin()";
constexpr std::uint32_t kLongestChain = 1u << 16;  // symbols in one bucket; ends a ring in a hostile table

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
DynamicTables read_dynamic(const ElfImage& image) {
  DynamicTables tables;
  for (const Elf64_Dyn& entry : image.dynamic()) {
    if (entry.d_tag == DT_SYMTAB) tables.symbols = entry.d_un.d_ptr;
    if (entry.d_tag == DT_STRTAB) tables.names = entry.d_un.d_ptr;
    if (entry.d_tag == DT_GNU_HASH) tables.gnu_hash = entry.d_un.d_ptr;
    if (entry.d_tag == DT_HASH) tables.hash = entry.d_un.d_ptr;
  }
  return tables;
}

}  // namespace

Result<ModuleHead> peek_module(std::span<const std::uint8_t> bytes, const std::string& path) {
  const ElfImage image = TRY(ElfImage::read(bytes, path, kGiveModule));
  const DynamicTables tables = read_dynamic(image);
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
