#include "core/api/session_spec.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/api/callbacks.h"
#include "core/api/given.h"
#include "core/base/text.h"
#include "core/flow/partition_set.h"
#include "core/profile/chosen_schema.h"
#include "core/profile/output_name.h"
#include "core/profile/profile_reader.h"
#include "core/profile/setting.h"

namespace flowgauge::api {
namespace {

constexpr flowgauge_flags kKnownFlags =
    FLOWGAUGE_FORCE | FLOWGAUGE_INSECURE_PLUGINS | FLOWGAUGE_ORDER_COLUMNS | FLOWGAUGE_DEFAULT_SCHEMA;

Answer<std::vector<std::string>> texts_of(const char* const* texts, std::uint64_t count, const char* name) {
  if (count == 0) return {};
  if (auto there = expect(texts, name); !there) return std::unexpected(there.error());
  std::vector<std::string> own;
  for (const char* text : std::span(texts, count)) {
    if (auto there = expect(text, name); !there) return std::unexpected(there.error());
    own.emplace_back(text);
  }
  return own;
}

Answer<void> check_plugin_choices(const flowgauge_options& options) {
  if ((options.flags & ~kKnownFlags) != 0) return misuse("options.flags has a bit that stands for nothing");
  if (options.trial > FLOWGAUGE_TRIAL_NONE) return misuse("options.trial is none of FLOWGAUGE_TRIAL_...");
  if (options.log_level > FLOWGAUGE_LOG_DEBUG) return misuse("options.log_level is none of FLOWGAUGE_LOG_...");
  return {};
}

Answer<void> check_choices(const flowgauge_options& options) {
  if (options.profile != nullptr && options.profile_text != nullptr)
    return misuse("options has both profile and profile_text");
  return {};
}

// "flow.linger=1s"
Answer<Setting> setting_of(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0)
    return std::unexpected(
        Failure{FLOWGAUGE_USAGE, fmt::format("setting '{}': is not KEY=VALUE, as flow.linger=1s is", printable(word))});
  return Setting{.key = word.substr(0, equals),
                 .text = word.substr(equals + 1),
                 .form = SettingForm::kYaml,
                 .place = fmt::format("setting {}", printable(word.substr(0, equals)))};
}

PluginTrial plugin_trial(const flowgauge_options& options) {
  using How = PluginTrial::How;
  return {.how = options.trial == FLOWGAUGE_TRIAL_NONE ? How::kNone : How::kSpawn, .program = text_of(options.program)};
}

Result<Profile> given_profile(const flowgauge_options& options) {
  if (options.profile_text != nullptr) return parse_profile(options.profile_text, "profile");
  if (options.profile != nullptr) return load_profile(options.profile);
  return Profile{};
}

Answer<Profile> profile_of(const flowgauge_options& options) {
  Result<Profile> profile = given_profile(options);
  if (!profile) return std::unexpected(profile.error());
  const auto words = texts_of(options.settings, options.setting_count, "options.settings");
  if (!words) return std::unexpected(words.error());
  for (const std::string& word : *words) {
    const auto setting = setting_of(word);
    if (!setting) return std::unexpected(setting.error());
    if (const auto done = apply(*setting, *profile); !done) return std::unexpected(done.error());
  }
  const bool may_have_none = (options.profile != nullptr || options.profile_text != nullptr) &&
                             (options.flags & FLOWGAUGE_DEFAULT_SCHEMA) == 0;
  if (options.schema != nullptr)
    choose_schema(*profile, options.schema);
  else if (!may_have_none && profile->exporters.empty())
    choose_schema(*profile, kDefaultSchema);
  if (profile->exporters.empty())
    return std::unexpected(Failure{
        FLOWGAUGE_USAGE, "the profile names no schema; add 'exporters:' to it or choose one, as options.schema"});
  if (options.threads != 0) profile->threads = options.threads;
  if (const auto done = settle_formats(*profile); !done) return std::unexpected(done.error());
  return std::move(*profile);
}

}  // namespace

Answer<PluginPaths> plugin_paths(const flowgauge_options& options) {
  if (auto checked = check_plugin_choices(options); !checked) return std::unexpected(checked.error());
  auto folders = texts_of(options.plugin_folders, options.plugin_folder_count, "options.plugin_folders");
  if (!folders) return std::unexpected(folders.error());
  const bool any = (options.flags & FLOWGAUGE_INSECURE_PLUGINS) != 0;
  PluginPaths paths{std::move(*folders), any ? TrustRule::kAnyFile : TrustRule::kOwnedFiles};
  paths.trial = plugin_trial(options);
  return paths;
}

Answer<SessionSpec> session_spec(const flowgauge_options& options) {
  if (auto checked = check_choices(options); !checked) return std::unexpected(checked.error());
  const auto callbacks = std::make_shared<Callbacks>(options);
  const LogScope scope(callbacks.get());
  auto profile = profile_of(options);
  if (!profile) return std::unexpected(profile.error());
  auto plugins = plugin_paths(options);
  if (!plugins) return std::unexpected(plugins.error());
  SessionSpec spec;
  spec.profile = std::move(*profile);
  spec.plugins = std::move(*plugins);
  spec.max_packets = options.max_packets;
  if (options.partitions != nullptr) {
    const auto partitions = parse_partitions(options.partitions);
    if (!partitions) return std::unexpected(Failure{FLOWGAUGE_USAGE, "partitions: " + partitions.error().message});
    spec.partitions = *partitions;
  }
  auto columns = texts_of(options.columns, options.column_count, "options.columns");
  if (!columns) return std::unexpected(columns.error());
  spec.columns = std::move(*columns);
  if ((options.flags & FLOWGAUGE_ORDER_COLUMNS) != 0) spec.order_columns = OrderColumns::kAppended;
  spec.duration = std::chrono::nanoseconds(static_cast<std::int64_t>(
      std::min<std::uint64_t>(options.duration_ns, std::numeric_limits<std::int64_t>::max())));
  spec.log = callbacks;
  spec.observer = observer_of(options, callbacks);
  return spec;
}

}  // namespace flowgauge::api
