// The head of a plugin file, read from its bytes before any of it is loaded.
#include "core/plugin/elf_peek.h"
#include "core/sdk/flowgauge/plugin.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using flowgauge::test::must_hold;
  const auto head = flowgauge::peek_module({data, size}, "x.so");
  if (head) {
    must_hold(head->min_host_minor <= FG_ABI_MINOR, "what needs a later host is refused");
    must_hold(size > sizeof(fg_module) / 2, "the table lies in the file");
    return 0;
  }
  must_hold(head.error().message.starts_with("x.so: ") && head.error().message.find('\n') == std::string::npos,
            "a refusal is one sentence about the file");
  return 0;
}
