#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

constexpr fg_string text(std::string_view literal) { return {literal.data(), literal.size()}; }

TEST(Endpoint, ShowsWhatTheHostMakesOfTheFlowsEnds) {
  FeatureHost host(built_feature("endpoint"));
  ASSERT_EQ(host.update({forward().of(0), forward().of(1)}), FG_OK);
  const auto name = [&](std::size_t flow, auto... names) {
    fg_flow& view = host.flow(flow);
    fg_string* const members[] = {&view.source_scope,      &view.destination_scope,      &view.path_locality,
                                  &view.source_port_class, &view.destination_port_class, &view.service_group};
    std::size_t next = 0;
    ((*members[next++] = text(names)), ...);
  };
  name(0, "private", "global", "mixed", "dynamic", "well-known", "web");
  name(1, "loopback", "multicast", "multicast", "registered", "dynamic", "other");
  using Text = std::string;
  EXPECT_THAT(host.emit(), testing::ElementsAre(TestRow{{"src_scope", Text("private")},
                                                        {"dst_scope", Text("global")},
                                                        {"path_locality", Text("mixed")},
                                                        {"src_port_class", Text("dynamic")},
                                                        {"dst_port_class", Text("well-known")},
                                                        {"service_group", Text("web")}},
                                                TestRow{{"src_scope", Text("loopback")},
                                                        {"dst_scope", Text("multicast")},
                                                        {"path_locality", Text("multicast")},
                                                        {"src_port_class", Text("registered")},
                                                        {"dst_port_class", Text("dynamic")},
                                                        {"service_group", Text("other")}}));
}

TEST(Endpoint, NeitherSeesAddressesNorKeepsState) {
  EXPECT_EQ(built_feature("endpoint").needs, FG_NEEDS_NOTHING);
  EXPECT_EQ(built_feature("endpoint").state_size, 0U);
}

}  // namespace
}  // namespace flowgauge::test
