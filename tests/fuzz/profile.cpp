// Profiles. One that is read has a canonical form, which is read as the same profile. Any tree that a file has is
// written as the editor does, and read as the same tree.
#include "core/profile/canonical.h"
#include "core/profile/profile_reader.h"
#include "core/profile/yaml_node.h"
#include "core/profile/yaml_text.h"
#include "tests/fuzz/target.h"

namespace {

using flowgauge::test::must_hold;

void write_as_the_editor(const std::string& text) {
  const auto tree = flowgauge::parse_yaml(text, "x.yaml", "profile");
  if (!tree || tree->kind != flowgauge::YamlNode::Kind::kMap) return;
  const std::string written = flowgauge::yaml_text(*tree);
  if (written.empty()) return;
  const auto again = flowgauge::parse_yaml(written, "x.yaml", "profile");
  if (!again || !flowgauge::is_same(*again, *tree)) std::fprintf(stderr, "%s\n", written.c_str());
  must_hold(again && flowgauge::is_same(*again, *tree), "what is written is read as it was");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (text.find("extends") != std::string::npos) return -1;  // would read other files
  write_as_the_editor(text);
  const auto profile = flowgauge::parse_profile(text, "x.yaml", {});
  if (!profile) {
    must_hold(profile.error().message.starts_with("x.yaml"), "a refusal begins with its place");
    return 0;
  }
  const std::string canonical = flowgauge::describe(*profile);
  const auto again = flowgauge::parse_profile(canonical, "x.yaml", {});
  if (!again) std::fprintf(stderr, "%s\n%s\n", canonical.c_str(), again.error().message.c_str());
  must_hold(again.has_value(), "the canonical form can be read");
  must_hold(flowgauge::describe(*again) == canonical, "the canonical form is its own");
  must_hold(flowgauge::profile_hash(*again) == flowgauge::profile_hash(*profile), "the same meaning has the same hash");
  flowgauge::test::note_taken();
  return 0;
}
