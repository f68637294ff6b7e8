// A plugin file before any of it is loaded: its head, and the libraries that it needs.
#include <algorithm>
#include <string>

#include "core/plugin/elf_peek.h"
#include "core/plugin/library_needs.h"
#include "core/sdk/flowgauge/plugin.h"
#include "tests/fuzz/target.h"

namespace {

using flowgauge::test::must_hold;

bool is_refusal(const flowgauge::Error& error) {
  return error.message.starts_with("x.so: ") && flowgauge::test::is_one_line(error.message);
}

bool is_folder(const std::string& path) { return path.starts_with('/') && path.find('$') == std::string::npos; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto image = flowgauge::ElfImage::read({data, size}, "x.so", "give another");
  if (!image) {
    must_hold(is_refusal(image.error()), "a refusal is one sentence about the file");
    return 0;
  }
  const auto needs = flowgauge::needs_of(*image, "/of/it");
  must_hold(std::ranges::all_of(needs.rpath, is_folder) && std::ranges::all_of(needs.runpath, is_folder),
            "libraries are looked for in folders that are known");
  const auto head = flowgauge::peek_module({data, size}, "x.so");
  if (!head) {
    must_hold(is_refusal(head.error()), "a refusal is one sentence about the file");
    return 0;
  }
  must_hold(head->min_host_minor <= FG_ABI_MINOR, "what needs a later host is refused");
  must_hold(size > sizeof(fg_module) / 2, "the table lies in the file");
  flowgauge::test::note_taken();
  return 0;
}
