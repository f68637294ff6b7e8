#include "core/plugin/catalog.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/plugin/memory_feature.h"

namespace flowgauge {
namespace {

using test::FeatureSpec;
using test::made_feature;

const fg_column kLabel = FeatureSpec::column("label", FG_STRING);

// A module with the given features and one schema that derives `label`.
std::unique_ptr<Module> made_module(const std::string& path, const std::vector<std::string>& features,
                                    const std::string& schema = {}) {
  auto module = std::make_unique<Module>();
  module->path = path;
  for (const std::string& name : features) {
    module->features.push_back(made_feature({.name = name, .columns = {FeatureSpec::column("fwd"), kLabel}}));
    module->features.back().module = module.get();
  }
  if (!schema.empty()) {
    Schema one;
    one.name = schema;
    one.module = module.get();
    one.derives.push_back({{}, {}, {kLabel}});
    module->schemas.push_back(one);
  }
  return module;
}

TEST(Catalog, FindsColumnsByFullName) {
  const auto module = made_module("a.so", {"iat", "bulk"}, "cic");
  Catalog catalog;
  ASSERT_TRUE(catalog.add(*module));
  const CatalogColumn* column = catalog.find("bulk.label");
  ASSERT_NE(column, nullptr);
  EXPECT_EQ(column->feature, &module->features[1]);
  EXPECT_EQ(column->index, 1u);
  EXPECT_EQ(column->column().type, FG_STRING);
  EXPECT_EQ(catalog.find("bulk.bwd"), nullptr);
  EXPECT_EQ(catalog.find("bulk"), nullptr);
  EXPECT_EQ(catalog.find("cic.label"), nullptr);
  const CatalogDerived* derived = catalog.find_derived("cic.label");
  ASSERT_NE(derived, nullptr);
  EXPECT_EQ(derived->schema, &module->schemas[0]);
  EXPECT_EQ(catalog.find_feature("iat"), &module->features[0]);
  EXPECT_EQ(catalog.find_schema("cic"), &module->schemas[0]);
}

TEST(Catalog, ADerivedColumnKnowsWhatMakesIt) {
  const auto module = made_module("a.so", {"iat"});
  Feature derived;
  derived.name = "ratio";
  derived.module = module.get();
  derived.derives = {{{}, {}, {kLabel}}, {{}, {}, {FeatureSpec::column("one"), FeatureSpec::column("two")}}};
  derived.columns = {kLabel, FeatureSpec::column("one"), FeatureSpec::column("two")};
  module->derived.push_back(derived);
  Catalog catalog;
  ASSERT_TRUE(catalog.add(*module));
  const CatalogColumn* const two = catalog.find("ratio.two");
  ASSERT_NE(two, nullptr);
  EXPECT_EQ(two->feature, &module->derived[0]);
  EXPECT_EQ(two->derive, &module->derived[0].derives[1]);
  EXPECT_EQ(two->output, 1u);
  EXPECT_EQ(two->index, 2u);
  EXPECT_EQ(catalog.find("iat.fwd")->derive, nullptr);
  std::vector<std::string> names;
  for (const CatalogColumn* column : catalog.columns()) names.push_back(column->full_name);
  EXPECT_EQ(names, (std::vector<std::string>{"iat.fwd", "iat.label", "ratio.label", "ratio.one", "ratio.two"}));

  auto added = catalog.add(*made_module("b.so", {"ratio"}));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().message, "b.so: offers feature 'ratio', which a.so offers already; leave one of them out");
  added = catalog.add(*made_module("c.so", {}, "ratio"));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().message,
            "c.so: schema 'ratio' derives 'ratio.label', which is a column of a.so already; leave one of them out");
}

TEST(Catalog, ClashesAreRefusedWhole) {
  const auto first = made_module("a.so", {"iat"}, "cic");
  const Feature built_in = made_feature({.name = "flow"});
  Catalog catalog;
  ASSERT_TRUE(catalog.add(built_in));
  ASSERT_TRUE(catalog.add(*first));

  const auto feature = made_module("b.so", {"bulk", "iat"});
  auto added = catalog.add(*feature);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().message, "b.so: offers feature 'iat', which a.so offers already; leave one of them out");
  EXPECT_EQ(added.error().code, ExitCode::kPlugin);
  EXPECT_EQ(catalog.find("bulk.fwd"), nullptr) << "nothing of a refused module stays";
  EXPECT_EQ(catalog.features().size(), 2u);

  added = catalog.add(*made_module("c.so", {"flow"}));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().message,
            "c.so: offers feature 'flow', which flowgauge offers already; leave one of them out");

  added = catalog.add(*made_module("d.so", {}, "cic"));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().message, "d.so: offers schema 'cic', which a.so offers already; leave one of them out");

  added = catalog.add(*made_module("e.so", {"cic"}));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().message,
            "e.so: has column 'cic.label', which schema 'cic' of a.so derives already; leave one of them out");

  added = catalog.add(*made_module("f.so", {}, "iat"));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().message,
            "f.so: schema 'iat' derives 'iat.label', which is a column of a.so already; leave one of them out");
}

TEST(Catalog, AMissingColumnSaysWhoWouldHaveIt) {
  const auto module = made_module("a.so", {"iat"}, "cic");
  Catalog catalog;
  ASSERT_TRUE(catalog.add(*module));
  EXPECT_EQ(catalog.missing("bulk.fwd_count"),
            "bulk.fwd_count: feature 'bulk' is not loaded; add it to the features of the profile");
  EXPECT_EQ(catalog.missing("iatt.fwd"), "iatt.fwd: feature 'iatt' is not loaded; did you mean 'iat'?");
  EXPECT_EQ(catalog.missing("iat.fdw"), "iat.fdw: feature 'iat' has no such column; did you mean 'iat.fwd'?");
  EXPECT_EQ(catalog.missing("iat.something_else"),
            "iat.something_else: feature 'iat' has no such column; `flowgauge columns` lists what there is");
  EXPECT_EQ(catalog.missing("cic.lable"), "cic.lable: schema 'cic' has no such column; did you mean 'cic.label'?");
  EXPECT_EQ(catalog.missing("fwd"), "fwd: is not the full name of a column; write FEATURE.COLUMN");
}

}  // namespace
}  // namespace flowgauge
