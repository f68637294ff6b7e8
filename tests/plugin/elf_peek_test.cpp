// Files that are no plugins, or damaged ones: a sentence each, and no read beyond the bytes.
#include "core/plugin/elf_peek.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "core/sdk/flowgauge/plugin.h"
#include "tests/plugin/temporary_folder.h"

namespace flowgauge {
namespace {

using FileBytes = std::vector<std::uint8_t>;

FileBytes good() { return test::contents_of(test::broken_plugin("nothing")); }

template <class T>
void put(FileBytes& bytes, std::size_t offset, T value) {
  ASSERT_LE(offset + sizeof(T), bytes.size());
  std::memcpy(bytes.data() + offset, &value, sizeof(T));
}

template <class T>
T get(const FileBytes& bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

std::string refusal(const FileBytes& bytes) {
  const auto head = peek_module(bytes, "x.so");
  return head ? "none" : head.error().message;
}

TEST(ElfPeek, ReadsTheHead) {
  const auto head = peek_module(good(), "x.so");
  ASSERT_TRUE(head) << head.error().message;
  EXPECT_EQ(*head, (ModuleHead{sizeof(fg_module), 0}));
}

TEST(ElfPeek, DoesNotNeedSectionHeaders) {
  FileBytes bytes = good();
  auto header = get<Elf64_Ehdr>(bytes, 0);
  bytes.resize(header.e_shoff);  // where ld puts them: at the end
  header.e_shoff = 0;
  header.e_shnum = header.e_shstrndx = 0;
  put(bytes, 0, header);
  EXPECT_EQ(refusal(bytes), "none");
}

TEST(ElfPeek, WhatIsNoPluginIsToldApart) {
  const std::string give = "; give a shared object built with flowgauge_add_plugin()";
  EXPECT_EQ(refusal({}), "x.so: is empty" + give);
  const std::string text = "features:\n  - iat\n";
  EXPECT_EQ(refusal(FileBytes(text.begin(), text.end())), "x.so: is not an ELF file" + give);
  FileBytes magic = good();
  magic.resize(4);
  EXPECT_EQ(refusal(magic), "x.so: is cut short within its ELF header; copy or build the file again");
  FileBytes machine = good();
  put<Elf64_Half>(machine, offsetof(Elf64_Ehdr, e_machine), EM_PPC64);
  EXPECT_EQ(refusal(machine).substr(0, 69), "x.so: is built for another kind of machine (ELF machine 21, this one ");
  FileBytes narrow = good();
  narrow[EI_CLASS] = ELFCLASS32;
  EXPECT_NE(refusal(narrow).find("another kind of machine"), std::string::npos);
  FileBytes big_endian = good();
  big_endian[EI_DATA] = ELFDATA2MSB;
  EXPECT_NE(refusal(big_endian).find("another kind of machine"), std::string::npos);
  FileBytes object = good();
  put<Elf64_Half>(object, offsetof(Elf64_Ehdr, e_type), ET_REL);
  EXPECT_EQ(refusal(object), "x.so: is an ELF file, but not a shared object" + give);
}

// Each address is looked for in all segments, and a file may have 65,535.
TEST(ElfPeek, MoreSegmentsThanALinkerMakesAreRefused) {
  FileBytes bytes = good();
  put<Elf64_Half>(bytes, offsetof(Elf64_Ehdr, e_phnum), 257);
  EXPECT_EQ(refusal(bytes),
            "x.so: has 257 ELF segments, more than 256; give a shared object built with flowgauge_add_plugin()");
}

// The symbol moves towards the end of each segment, and over it.
TEST(ElfPeek, ATableThatTheFileHoldsInPartIsRefused) {
  const FileBytes whole = good();
  std::size_t symbol_at = 0;
  while (true) {
    const auto symbol = get<Elf64_Sym>(whole, symbol_at);
    if (symbol.st_info == ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT) && symbol.st_size == sizeof(fg_module)) break;
    symbol_at += 8;
    ASSERT_LE(symbol_at + sizeof symbol, whole.size());
  }
  const auto header = get<Elf64_Ehdr>(whole, 0);
  std::set<std::string> refusals;
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    const auto segment = get<Elf64_Phdr>(whole, header.e_phoff + i * sizeof(Elf64_Phdr));
    for (std::uint64_t left = 0; segment.p_type == PT_LOAD && left < sizeof(fg_module); left += 4) {
      FileBytes bytes = whole;
      put<Elf64_Addr>(bytes, symbol_at + offsetof(Elf64_Sym, st_value), segment.p_vaddr + segment.p_filesz - left);
      // A head that passes for one, where it lies.
      if (left >= sizeof(ModuleHead))
        put(bytes, segment.p_offset + segment.p_filesz - left, ModuleHead{sizeof(fg_module), 0});
      refusals.insert(refusal(bytes));
    }
  }
  EXPECT_TRUE(refusals.contains("x.so: its fg_module ends behind the file's contents; copy or build the file again"));
  EXPECT_TRUE(refusals.contains(
      "x.so: its symbol 'fg_module_v1' has no contents in the file; give the fg_module its values there"));
}

// Every beginning of a good file: the segments end where the section headers begin, or a little before.
TEST(ElfPeek, EveryCutFileIsRefused) {
  const FileBytes whole = good();
  std::size_t loaded_bytes = 0;
  const auto header = get<Elf64_Ehdr>(whole, 0);
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    const auto segment = get<Elf64_Phdr>(whole, header.e_phoff + i * sizeof(Elf64_Phdr));
    if (segment.p_type == PT_LOAD)
      loaded_bytes = std::max<std::size_t>(loaded_bytes, segment.p_offset + segment.p_filesz);
  }
  ASSERT_GT(loaded_bytes, 1000u);
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    // A copy of the exact size, so that a sanitizer sees a read beyond its end.
    const FileBytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    ASSERT_EQ(peek_module(cut, "x.so").has_value(), size >= loaded_bytes) << size;
  }
}

// Hostile numbers everywhere: whatever comes out, it comes to an end and reads nothing outside.
TEST(ElfPeek, AnyBytesAreSurvived) {
  const FileBytes whole = good();
  const auto header = get<Elf64_Ehdr>(whole, 0);
  std::size_t refused = 0;
  for (std::size_t at = 0; at + 8 <= whole.size() && at < header.e_shoff; at += 4) {
    for (const std::uint64_t value : {std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{0x7fffffffffffffff},
                                      std::uint64_t{whole.size()}, std::uint64_t{0x100000001}}) {
      FileBytes bytes = whole;
      put(bytes, at, value);
      refused += peek_module(bytes, "x.so").has_value() ? 0 : 1;
    }
  }
  EXPECT_GT(refused, 100u);
}

}  // namespace
}  // namespace flowgauge
