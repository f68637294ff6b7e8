// The tables of a module as bytes of a process that nobody vouches for: an input is its memory, at the beginning the
// module. Whatever pointers and counts lead to, a copy of it or a refusal comes of it.
#include <algorithm>
#include <cstring>

#include "core/base/shown_text.h"
#include "core/plugin/module_rules.h"
#include "tests/fuzz/target.h"

namespace {

using flowgauge::test::must_hold;

constexpr std::uintptr_t kBegin = 0x100000;  // as tests/fuzz/seeds.py has it

bool is_shown(const std::string& text) { return flowgauge::shown_text(text) == text; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  flowgauge::MemoryReader reader([&](std::uintptr_t address, flowgauge::ReadPage& page) {
    if (address < kBegin || address - kBegin >= size) return false;
    page.fill(0);
    std::memcpy(page.data(), data + (address - kBegin), std::min(page.size(), size - (address - kBegin)));
    return true;
  });
  const auto module = flowgauge::read_module(kBegin, reader, "x.so");
  if (!module) {
    const std::string& message = module.error().message;
    must_hold(message.starts_with("x.so: ") && is_shown(message), "a refusal is one sentence about the file");
    return 0;
  }
  must_hold(is_shown((*module)->version) && is_shown((*module)->licence), "no text steers a terminal");
  for (const flowgauge::Feature& feature : (*module)->features)
    must_hold(!feature.columns.empty() && is_shown(feature.name), "a feature has a name and columns");
  for (const flowgauge::Schema& schema : (*module)->schemas) must_hold(is_shown(schema.name), "a schema has a name");
  for (const flowgauge::Sink& sink : (*module)->sinks) must_hold(is_shown(sink.name), "a sink has a name");
  flowgauge::test::note_taken();
  return 0;
}
