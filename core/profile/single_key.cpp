#include "core/profile/single_key.h"

#include <memory>
#include <string>

#include "core/profile/sections.h"
#include "core/profile/yaml_node.h"

namespace flowgauge {
namespace {

constexpr std::string_view kFlow = "flow.";
constexpr std::string_view kPackets = "packets.";

YamlNode node_of(std::string_view text, LineForm form) {
  YamlNode node;
  node.file = std::make_shared<const std::string>();
  if (form == LineForm::kValue || text == "all") {
    node.kind = YamlNode::Kind::kScalar;
    node.text = text;
    return node;
  }
  node.kind = YamlNode::Kind::kList;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    node.items.push_back(node_of(text.substr(0, comma), LineForm::kValue));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return node;
}

}  // namespace

Result<void> set_key(std::string_view key, std::string_view text, LineForm form, std::string_view shown,
                     Profile& profile) {
  const YamlNode node = node_of(text, form);
  if (key.starts_with(kFlow)) return read_flow_key(key.substr(kFlow.size()), node, shown, profile);
  if (key.starts_with(kPackets)) return read_packets_key(key.substr(kPackets.size()), node, shown, profile);
  return fail(ExitCode::kUsage, "{}: '{}' is no key of 'flow' or 'packets'", shown, key);
}

}  // namespace flowgauge
