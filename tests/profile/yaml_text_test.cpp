// What is written is read as the same tree.
#include "core/profile/yaml_text.h"

#include <gtest/gtest.h>

#include "core/profile/yaml_node.h"

namespace flowgauge {
namespace {

// YAML reads a key of more than 1,024 characters only behind "?". Control characters are four each.
TEST(YamlText, LongKeysAreReadAgain) {
  for (const std::string& key : {std::string(1024, 'k'), std::string(1025, 'k'), std::string(300, '\x13')}) {
    SCOPED_TRACE(key.size());
    const YamlNode scalar{.kind = YamlNode::Kind::kScalar, .text = "1"};
    const YamlNode small{.kind = YamlNode::Kind::kMap, .entries = {{.key = key, .value = scalar}}};
    const YamlNode list{.kind = YamlNode::Kind::kList, .items = {small, scalar}};
    const YamlNode tree{
        .kind = YamlNode::Kind::kMap,
        .entries = {{.key = key, .value = small},
                    {.key = key + "l", .value = list},
                    {.key = "exporters", .value = list},
                    {.key = "in lines", .value = {.kind = YamlNode::Kind::kList, .items = {list, list}}},
                    {.key = key + "n", .value = {}}}};
    const std::string written = yaml_text(tree);
    const auto again = parse_yaml(written, "x.yaml", "profile");
    ASSERT_TRUE(again) << again.error().message << '\n' << written;
    EXPECT_TRUE(is_same(*again, tree)) << written;
  }
}

}  // namespace
}  // namespace flowgauge
