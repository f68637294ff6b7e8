// Loads modules into a plan, by what its profile and its schemas name, each once. Set-up only.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/engine/plan.h"
#include "core/plugin/search.h"
#include "core/profile/profile.h"

namespace flowgauge {

// An error with the place in the profile before it.
[[nodiscard]] std::unexpected<Error> at(const std::string& where, const Error& error);

class ModuleLoader {
 public:
  ModuleLoader(Plan& plan, const PluginPaths& paths)
      : plan_(plan), search_(default_search_path(paths.directories)), trust_(paths.trust) {}

  [[nodiscard]] Result<void> add_host_columns();
  // What is going to be asked for, so that one child process tries all of it.
  void prepare(const Profile& profile);
  [[nodiscard]] Result<const Schema*> schema(const ProfileExporter& exporter);
  // A sink that is not there is kUsage: a name that is no format.
  [[nodiscard]] Result<const Sink*> sink(const ProfileExporter& exporter);
  // `name` says who asks, for the message.
  [[nodiscard]] Result<void> feature(const Located<std::string>& name, const ProfileModule& plugin);
  // Of schemas: features by name, each with the place that names it; and what the derived ones among them read.
  [[nodiscard]] Result<void> features(const std::map<std::string, std::string>& place_by_feature);

 private:
  void prepare(const std::map<std::string, std::string>& place_by_feature);
  [[nodiscard]] Result<void> load_named(const std::map<std::string, std::string>& place_by_feature);
  void add_request(std::vector<LoadRequest>& requests, std::string_view kind, const Located<std::string>& name,
                   const ProfileModule& plugin) const;
  [[nodiscard]] Result<const Module*> load(std::string_view kind, const Located<std::string>& name,
                                           const ProfileModule& plugin);

  Plan& plan_;
  SearchPath search_;
  TrustRule trust_;
  std::set<const Module*> added_;
};

}  // namespace flowgauge
