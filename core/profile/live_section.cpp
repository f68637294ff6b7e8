#include <bit>

#include "core/base/try.h"
#include "core/profile/choices.h"
#include "core/profile/fields.h"
#include "core/profile/key_table.h"
#include "core/profile/sections.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kMostRings = 256;
constexpr std::uint64_t kLeastRingBytes = 65'536;
constexpr std::uint64_t kMostRingBytes = 2'147'483'648;

// "auto" is 0.
Result<std::uint32_t> parse_rings(std::string_view text) {
  if (text == "auto") return 0;
  const std::optional<std::uint64_t> number = parse_u64(text);
  if (number && *number <= kMostRings && std::has_single_bit(*number)) return static_cast<std::uint32_t>(*number);
  return fail(ExitCode::kUsage, "'{}' is neither 'auto' nor a power of 2 from 1 to {}", printable(text), kMostRings);
}

Result<std::uint64_t> parse_ring_size(std::string_view text) {
  if (text == "auto") return 0;
  Result<std::uint64_t> size_bytes = parse_size_bytes(text);
  if (!size_bytes) return size_bytes;
  if (*size_bytes >= kLeastRingBytes && *size_bytes <= kMostRingBytes && std::has_single_bit(*size_bytes))
    return size_bytes;
  return fail(ExitCode::kUsage, "'{}' is neither 'auto' nor a power of 2 from {} to {}", printable(text),
              size_text(kLeastRingBytes), size_text(kMostRingBytes));
}

template <auto Member>
Result<void> read_bool_member(const YamlNode& node, std::string_view key, ProfileLive& live) {
  return read_bool(node, key, live.*Member);
}

template <auto Member, auto Parse>
Result<void> read_parsed(const YamlNode& node, std::string_view key, ProfileLive& live) {
  const std::string text = TRY(read_scalar(node, key, "'auto' or a power of 2"));
  const auto value = Parse(text);
  if (!value) return node.refuse("'{}': {}", key, value.error().message);
  live.*Member = *value;
  return {};
}

Result<void> read_user(const YamlNode& node, std::string_view key, ProfileLive& live) {
  live.user = TRY(read_scalar(node, key, "the name of a user"));
  if (live.user.empty()) return node.refuse("'{}' is empty; name a user, or leave it out", key);
  return {};
}

constexpr Key<ProfileLive> kLiveTable[] = {
    {"capture", read_choice_member<kCaptures, &ProfileLive::capture>},
    {"attach", read_choice_member<kAttaches, &ProfileLive::attach>},
    {"ingress_only", read_bool_member<&ProfileLive::ingress_only>},
    {"merge_interfaces", read_bool_member<&ProfileLive::merge_interfaces>},
    {"promiscuous", read_bool_member<&ProfileLive::promiscuous>},
    {"wait", read_bool_member<&ProfileLive::wait>},
    {"until_down", read_bool_member<&ProfileLive::until_down>},
    {"rings", read_parsed<&ProfileLive::rings, parse_rings>},
    {"ring_size", read_parsed<&ProfileLive::ring_bytes, parse_ring_size>},
    {"user", read_user},
    {"seccomp", read_bool_member<&ProfileLive::seccomp>},
    {"stats_interval", [](const YamlNode& node, std::string_view key,
                          ProfileLive& live) { return read_duration(node, key, live.stats_interval_ns); }},
};

}  // namespace

Result<void> read_live(const YamlNode& node, std::string_view key, Profile& profile) {
  return read_map<ProfileLive>(node, key, kLiveTable, profile.live);
}

Result<void> read_live_key(const YamlNode& value, std::string_view key, Profile& profile) {
  return read_key<ProfileLive>(value, key, "live", kLiveTable, profile.live);
}

std::vector<std::string> live_keys() { return key_names<ProfileLive>(kLiveTable); }

}  // namespace flowgauge
