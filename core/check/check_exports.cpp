// exports: what the file offers to the dynamic linker. None of its code runs.
#include <elf.h>
#include <fmt/format.h>

#include <array>
#include <cstring>
#include <optional>
#include <string_view>

#include "core/base/text.h"
#include "core/check/checks.h"
#include "core/plugin/elf_peek.h"
#include "core/plugin/trust.h"

namespace flowgauge {
namespace {

using Bytes = std::span<const std::uint8_t>;

// What older linkers add by themselves.
constexpr std::array<std::string_view, 5> kOfLinker = {"_init", "_fini", "_edata", "_end", "__bss_start"};
constexpr std::size_t kMostNamed = 3;

template <class T>
std::optional<T> at(Bytes bytes, std::uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

std::optional<std::string_view> text_at(Bytes bytes, std::uint64_t offset) {
  if (offset >= bytes.size()) return std::nullopt;
  const std::string_view rest(reinterpret_cast<const char*>(bytes.data()) + offset, bytes.size() - offset);
  const std::size_t end = rest.find('\0');
  return end == std::string_view::npos ? std::nullopt : std::optional(rest.substr(0, end));
}

// Nothing if the file has no section headers.
std::optional<std::vector<std::string>> exported_symbols(Bytes bytes) {
  const auto header = at<Elf64_Ehdr>(bytes, 0);
  if (!header || header->e_shentsize != sizeof(Elf64_Shdr)) return std::nullopt;
  const auto section_at = [&](std::uint64_t index) {
    return at<Elf64_Shdr>(bytes, header->e_shoff + index * sizeof(Elf64_Shdr));
  };
  for (std::uint64_t i = 0; i < header->e_shnum; ++i) {
    const auto section = section_at(i);
    if (!section || section->sh_type != SHT_DYNSYM) continue;
    const auto names = section_at(section->sh_link);
    if (!names) return std::nullopt;
    std::vector<std::string> symbols;
    for (std::uint64_t offset = 0; offset < section->sh_size; offset += sizeof(Elf64_Sym)) {
      const auto symbol = at<Elf64_Sym>(bytes, section->sh_offset + offset);
      if (!symbol) return std::nullopt;
      const auto visibility = ELF64_ST_VISIBILITY(symbol->st_other);
      if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx == SHN_ABS) continue;
      if (ELF64_ST_BIND(symbol->st_info) == STB_LOCAL || visibility == STV_HIDDEN || visibility == STV_INTERNAL)
        continue;
      if (const auto name = text_at(bytes, names->sh_offset + symbol->st_name)) symbols.emplace_back(*name);
    }
    return symbols;
  }
  return std::nullopt;
}

}  // namespace

Verdict check_exports(const std::string& path, TrustRule trust) {
  const auto file = open_trusted(path, trust);
  if (!file) return failed(file.error().message);
  const auto bytes = read_all(*file);
  if (!bytes) return failed(bytes.error().message);
  if (const auto head = peek_module(*bytes, path); !head) return failed(head.error().message);
  auto symbols = exported_symbols(*bytes);
  if (!symbols) return skipped("its section headers are stripped, so that its symbols cannot be counted");
  std::erase_if(*symbols, [](const std::string& name) {
    return name == FG_MODULE_SYMBOL || std::find(kOfLinker.begin(), kOfLinker.end(), name) != kOfLinker.end();
  });
  if (symbols->empty()) return passed();
  const std::size_t count = symbols->size();
  symbols->resize(std::min(count, kMostNamed));
  return failed(
      fmt::format("it exports {} symbols besides {} ({}{}); link it with flowgauge_add_plugin(), or with its "
                  "version script",
                  count, FG_MODULE_SYMBOL, join(*symbols), count > kMostNamed ? ", ..." : ""));
}

}  // namespace flowgauge
