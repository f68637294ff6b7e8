// Profiles. One that is read has a canonical form, which is read as the same profile.
#include "core/profile/canonical.h"
#include "core/profile/profile_reader.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using flowgauge::test::must_hold;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (text.find("extends") != std::string::npos) return -1;  // would read other files
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
