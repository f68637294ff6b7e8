#include "core/app/run_profile.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "core/base/host_path.h"
#include "core/base/try.h"
#include "core/plugin/contamination_classes.h"
#include "core/profile/chosen_schema.h"
#include "core/profile/output_name.h"

namespace flowgauge {
namespace {

constexpr const char* kStandardOutput = "-";

// A name or a path, or what a profile has for both and options.
Result<ProfileFormat> format_of(const std::string& text) {
  if (!text.starts_with('{')) return format_called(text);
  const Profile profile =
      TRY(parse_profile(fmt::format("exporters: [{{schema: basic, format: {}}}]", text), "--output"));
  return profile.exporters.front().format;
}

Result<void> choose_outputs(const RunFlags& command, Profile& profile) {
  if (command.schema) {
    choose_schema(profile, *command.schema);
  } else if (profile.exporters.empty()) {
    if (command.profile_path && !command.first_table) {
      return fail(ExitCode::kUsage,
                  "{}: the profile names no schema; add 'exporters:' to it or choose one with -f, as in '-f basic'",
                  *command.profile_path);
    }
    choose_schema(profile, kDefaultSchema);
  }
  if (command.first_table) {
    profile.exporters.resize(1);
    profile.exporters.front().path = {kStandardOutput, {}, 0};
    profile.exporters.front().rotate = {};
    profile.exporters.front().keep = {};
    profile.exporters.front().existing = ExistingFile::kRefuse;
  }
  if (command.export_path) {
    if (profile.exporters.size() > 1) {
      return fail(ExitCode::kUsage,
                  "--export-path: the profile writes {} outputs, and this is a name for one; choose a schema with -f",
                  profile.exporters.size());
    }
    profile.exporters.front().path = {*command.export_path, {}, 0};
    profile.exporters.front().format_from = ProfileExporter::FormatFrom::kName;
  }
  std::optional<ProfileFormat> format;
  if (command.output) format = TRY(format_of(*command.output));
  for (ProfileExporter& exporter : profile.exporters) {
    if (format) {
      exporter.format = *format;
      exporter.format_from = ProfileExporter::FormatFrom::kChoice;
    }
    if (command.metadata) exporter.metadata = true;
    if (command.append) exporter.existing = ExistingFile::kAppend;
    if (command.rotate_interval_ns) exporter.rotate.interval_ns = *command.rotate_interval_ns;
    if (command.rotate_size_bytes) exporter.rotate.size_bytes = *command.rotate_size_bytes;
    if (command.header) exporter.header = *command.header;
  }
  return {};
}

Result<void> lay_over(const RunFlags& command, bool terminal, Profile& profile) {
  if (const Result<void> done = apply(command.settings, profile); !done) return done;
  if (const Result<void> chosen = choose_outputs(command, profile); !chosen) return chosen;
  ProfileExporter& first = profile.exporters.front();
  const bool format_is_open =
      !command.profile_path && !command.output && first.format_from == ProfileExporter::FormatFrom::kName;
  if (format_is_open && terminal && first.path.value == kStandardOutput) first.format = format_called("print");
  if (command.drop_contaminants) profile.contamination = {profile.contamination.value | kRawIdentifiers, {}, 0};
  return {};
}

}  // namespace

Result<Profile> profile_named(const std::string& name) {
  if (name != "-") return load_profile(name);
  std::string text;
  std::string buffer(std::size_t{64} << 10, '\0');
  while (text.size() <= kLargestProfileBytes) {
    const ssize_t size = ::read(standard_input(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0)
      return fail(ExitCode::kUsage, "cannot read the profile from standard input: {}", std::strerror(errno));
    if (size == 0) break;
    text.append(buffer, 0, static_cast<std::size_t>(size));
  }
  return parse_profile(std::move(text), "profile");
}

Result<Profile> with_flags(const PcapCommand& command, Profile profile, bool terminal) {
  if (const Result<void> done = lay_over(command, terminal, profile); !done) return std::unexpected(done.error());
  // Paths of tables per input are folders.
  if (!command.per_file) {
    if (const Result<void> done = settle_formats(profile); !done) return std::unexpected(done.error());
  }
  return profile;
}

Result<Profile> with_flags(const RunFlags& command, Profile profile, bool terminal) {
  if (const Result<void> done = lay_over(command, terminal, profile); !done) return std::unexpected(done.error());
  if (const Result<void> done = settle_formats(profile); !done) return std::unexpected(done.error());
  return profile;
}

}  // namespace flowgauge
