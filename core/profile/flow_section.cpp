#include "core/profile/sections.h"

#include "core/base/try.h"
#include "core/profile/choices.h"
#include "core/profile/fields.h"
#include "core/profile/key_table.h"

namespace flowgauge {
namespace {

template <auto Member>
Result<void> read_duration_member(const YamlNode& node, std::string_view key, LifeCycle& flow) {
  return read_duration(node, key, flow.*Member);
}

Result<void> read_max_flows(const YamlNode& node, std::string_view key, LifeCycle& flow) {
  flow.max_flows = TRY(read_number(node, key, 1, kMostFlows));
  return {};
}

// "auto": none.
Result<void> read_hash_seed(const YamlNode& node, std::string_view key, LifeCycle& flow) {
  const std::string text = TRY(read_scalar(node, key, "'auto' or a whole number"));
  flow.hash_seed.reset();
  if (text == "auto") return {};
  flow.hash_seed = parse_u64(text);
  if (!flow.hash_seed)
    return node.refuse("'{}': '{}' is neither 'auto' nor a whole number from 0 to {}", key, printable(text),
                       UINT64_MAX);
  return {};
}

constexpr Key<LifeCycle> kFlowTable[] = {
    {"direction", read_choice_member<kDirections, &LifeCycle::direction>},
    {"continuation", read_choice_member<kContinuations, &LifeCycle::continuation>},
    {"tcp_close", read_choice_member<kTcpCloses, &LifeCycle::tcp_close>},
    {"tcp_reuse", read_choice_member<kTcpReuses, &LifeCycle::tcp_reuse>},
    {"flow_key", read_choice_member<kFlowKeys, &LifeCycle::flow_key>},
    {"idle_timeout", read_duration_member<&LifeCycle::idle_timeout_ns>},
    {"active_timeout", read_duration_member<&LifeCycle::active_timeout_ns>},
    {"linger", read_duration_member<&LifeCycle::linger_ns>},
    {"early_export", read_duration_member<&LifeCycle::early_export_ns>},
    {"clock_jump", read_duration_member<&LifeCycle::clock_jump_ns>},
    {"max_flows", read_max_flows},
    {"hash_seed", read_hash_seed},
};

}  // namespace

Result<void> read_flow(const YamlNode& node, std::string_view key, Profile& profile) {
  return read_map<LifeCycle>(node, key, kFlowTable, profile.flow);
}

Result<void> read_flow_key(const YamlNode& value, std::string_view key, Profile& profile) {
  return read_key<LifeCycle>(value, key, "flow", kFlowTable, profile.flow);
}

std::vector<std::string> flow_keys() { return key_names<LifeCycle>(kFlowTable); }

}  // namespace flowgauge
