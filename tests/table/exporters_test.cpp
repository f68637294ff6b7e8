// The schemas that come with flowgauge, bound to the features that come with it: their headers are the reference's.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "core/flow/flow_columns.h"
#include "core/plugin/module_store.h"
#include "core/plugin/schema_options.h"
#include "core/table/schema.h"
#include "tests/table/lab.h"

namespace flowgauge {
namespace {

class Exporters : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(catalog_.add(flow_));
    for (const char* name :
         {"active_idle", "bulk", "endpoint", "header_length", "iat", "icmp", "packet_length", "payload_length",
          "retransmission", "subflow", "tcp_flags", "tcp_quality", "timing", "window_size", GetParam()}) {
      const auto module = modules_.load({.path = std::string(FLOWGAUGE_PLUGIN_BUILD_DIR) + "/" + name + ".so",
                                         .origin = Origin::kInstalled,
                                         .trust = TrustRule::kAnyFile,
                                         .sha256 = std::nullopt});
      ASSERT_TRUE(module) << module.error().message;
      ASSERT_TRUE(catalog_.add(**module));
    }
  }

  [[nodiscard]] SchemaDefinition definition(const std::vector<OptionText>& options = {}) const {
    const Schema& schema = *catalog_.find_schema(GetParam());
    const auto values = parse_schema_options(schema, options, "");
    EXPECT_EQ(message_of(values), "");
    return schema_definition(schema, values->values());
  }

  [[nodiscard]] std::vector<std::string> header(fg_contamination excluded,
                                                const std::vector<OptionText>& options = {}) const {
    const auto bound = bind_schema(definition(options), catalog_, excluded);
    EXPECT_EQ(message_of(bound), "");
    std::vector<std::string> names;
    for (const OutputColumn& column : bound->columns) names.push_back(column.name);
    return names;
  }

  static std::vector<std::string> reference_header(const std::string& name) {
    std::ifstream file(std::string(FLOWGAUGE_SHARED_DIR) + "/reference/headers/" + name + ".txt");
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  Feature flow_ = builtin_feature(flow_feature());
  ModuleStore modules_;
  Catalog catalog_;
};

TEST_P(Exporters, HeadersAreThoseOfTheReference) {
  if (!std::filesystem::exists(std::string(FLOWGAUGE_SHARED_DIR) + "/reference/headers")) {
    GTEST_SKIP() << "FLOWGAUGE_SHARED_DIR has no reference/headers";
  }
  const std::string name = GetParam();
  EXPECT_EQ(header(0), reference_header(name));
  EXPECT_EQ(header(FG_REVEALS_IDENTITY | FG_REVEALS_PORT | FG_REVEALS_TIME),
            reference_header(name + ".contamination-free"));
}

TEST_P(Exporters, NothingOfTheExcludedClassesIsLeft) {
  for (fg_contamination excluded = 0; excluded < 64; ++excluded) {
    const auto bound = bind_schema(definition(), catalog_, excluded);
    ASSERT_EQ(message_of(bound), "") << excluded;
    for (const OutputColumn& column : bound->columns) EXPECT_EQ(column.reveals & excluded, 0U) << column.name;
  }
}

// Without the option the header is the reference's (above). With it, the six stand where NFStream has them, and nothing
// else moves; the clean form keeps what is neither identity nor port nor time.
class Nfstream : public Exporters {};

TEST_P(Nfstream, FillsItsGaps) {
  const std::vector<OptionText> fill = {{"gaps", "fill", ""}};
  const std::set<std::string> gaps = {"src_mac", "src_oui", "dst_mac", "dst_oui", "vlan_id", "tunnel_id"};
  const std::vector<std::string> full = header(0, fill);
  EXPECT_EQ(std::vector(full.begin(), full.begin() + 15),
            (std::vector<std::string>{"id", "expiration_id", "src_ip", "src_mac", "src_oui", "src_port", "dst_ip",
                                      "dst_mac", "dst_oui", "dst_port", "protocol", "ip_version", "vlan_id",
                                      "tunnel_id", "bidirectional_first_seen_ms"}));
  std::vector<std::string> others = full;
  std::erase_if(others, [&](const std::string& name) { return gaps.contains(name); });
  EXPECT_EQ(others, header(0));
  EXPECT_EQ(header(0, {{"gaps", "none", ""}}), header(0));

  constexpr fg_contamination kRaw = FG_REVEALS_IDENTITY | FG_REVEALS_PORT | FG_REVEALS_TIME;
  std::vector<std::string> clean = header(kRaw, fill);
  EXPECT_EQ(std::erase_if(clean, [&](const std::string& name) { return gaps.contains(name); }), 2U);
  EXPECT_EQ(clean, header(kRaw));
}

INSTANTIATE_TEST_SUITE_P(all, Nfstream, testing::Values("nfstream"));

INSTANTIATE_TEST_SUITE_P(all, Exporters, testing::Values("basic", "cic", "cidds", "nfstream", "rustiflow"),
                         [](const auto& one) { return std::string(one.param); });

}  // namespace
}  // namespace flowgauge
