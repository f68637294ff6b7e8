// Features made in a test: a valid table whose functions a test replaces, without a shared object.
#pragma once

#include <string>
#include <vector>

#include "core/plugin/feature_set.h"

namespace flowgauge::test {

struct FeatureSpec {
  std::string name = "made";
  std::uint32_t state_size = 8;
  std::uint32_t state_align = 8;
  fg_needs needs = FG_NEEDS_NOTHING;
  std::uint32_t payload_bytes = 0;
  std::vector<fg_column> columns = {column("count")};
  std::vector<fg_option> options;

  static fg_column column(const char* name, fg_type type = FG_U64, fg_column_flags flags = 0);
};

// With functions that do nothing and say FG_OK, no release.
Feature made_feature(const FeatureSpec& spec);

}  // namespace flowgauge::test
