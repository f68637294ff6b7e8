// Everything that is decided before the first packet: plugins loaded, schemas bound, features chosen, rules translated.
// Made once by one thread; then read by all workers.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/engine/rows_of.h"
#include "core/flow/flow_columns.h"
#include "core/flow/life_cycle.h"
#include "core/flow/partition_set.h"
#include "core/labels/label_matcher.h"
#include "core/labels/label_rule.h"
#include "core/output/file_mode.h"
#include "core/output/rotation.h"
#include "core/packet/observation_point.h"
#include "core/packet/parse/parse.h"
#include "core/plugin/catalog.h"
#include "core/plugin/feature_set.h"
#include "core/plugin/module_store.h"
#include "core/plugin/preflight.h"
#include "core/profile/profile.h"
#include "core/table/derived_columns.h"
#include "core/table/row_sink.h"
#include "core/table/schema.h"

namespace flowgauge {

struct PluginPaths {
  std::vector<std::string> directories;  // searched first
  TrustRule trust = TrustRule::kOwnedFiles;
  PluginTrial trial;
};

struct PlannedOutput {
  BoundSchema schema;
  std::vector<OutputColumn> columns;  // the schema's, then those of the labels
  const SinkKind* kind = nullptr;
  Located<std::string> path;
  bool header = true;
  bool metadata = false;  // PATH.meta.json beside it
  RotateRule rotate = {};
  KeepRule keep = {};
  std::optional<FileMode> mode = {};
  ExistingFile existing = ExistingFile::kRefuse;
};

struct PlannedLabels {
  explicit PlannedLabels(LabelFile of) : file(std::move(of)), matcher(file.rules) {}
  LabelFile file;
  LabelMatcher matcher;
};

// Neither copied nor moved: bound schemas point into the catalog.
struct Plan {
  explicit Plan(PluginTrial trial = {}) : modules(std::move(trial)) {}
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  Profile profile;
  std::string profile_hash;
  ModuleStore modules;
  Feature flow;    // the host's own, as is the next
  Feature packet;  // of rows of packets
  Catalog catalog;
  std::vector<PlannedOutput> outputs;
  std::deque<SinkKind> plugin_sinks;  // that outputs point to
  std::vector<const Sink*> sinks;     // of plugins
  std::optional<PlannedLabels> labels;
  std::vector<const CatalogColumn*> needed;  // of all outputs, and what derived ones are made of
  std::vector<BoundDerived> derived;
  std::vector<ActiveFeature> active;  // those of which something is needed, in order of the catalog
  RowsOf rows = RowsOf::kFlows;
  HostRecord host = HostRecord::kBasic;  // the host's part of a flow record
  RecordLayout layout;
  LifeCycle rules;
  PartitionSet partitions = PartitionSet::all();  // whose flows the run keeps
  packet_parse_config parse{};
  std::uint32_t threads = 1;
  std::unique_ptr<ObservationPoint> place = std::make_unique<ObservationPoint>();  // grows with its one run
};

// Whether each table ends with flow.release_frame, _cause, _deadline and _creation: what its rows are sorted by.
enum class OrderColumns { kNone, kAppended };

// The first error decides; it names the place in the profile where there is one. `columns`: those that the only table
// has, in this order; none: all.
[[nodiscard]] Result<std::unique_ptr<Plan>> make_plan(const Profile& profile, const PluginPaths& paths,
                                                      OrderColumns order = OrderColumns::kNone,
                                                      std::span<const std::string> columns = {});

// Whether some column reads this part of the flow's first event.
[[nodiscard]] bool uses(const Plan& plan, EventPart part);

// Leaves the plan the outputs of these places alone, in this order, and the features that they need. Before any shard
// is made of it.
[[nodiscard]] Result<void> keep_outputs(Plan& plan, std::span<const std::size_t> kept);

// The plan of no schema: every plugin that can be found, for `flowgauge plugins` and `flowgauge columns`. Modules that
// are refused are left out; their sentences are added to `refusals`.
[[nodiscard]] std::unique_ptr<Plan> load_all_plugins(const PluginPaths& paths, std::vector<std::string>& refusals);

}  // namespace flowgauge
