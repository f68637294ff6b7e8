// flowgauge profile explain: what is each key of a profile in effect, who set it, and what does it do?
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/app/commands.h"
#include "core/app/standard_output.h"
#include "core/base/try.h"
#include "core/profile/explain.h"
#include "core/profile/key_text.h"
#include "core/profile/output_name.h"
#include "core/text/json_text.h"

namespace flowgauge {
namespace {

// Of a key's origin, seen from the profile that was named.
std::string_view origin_kind(const ExplainedKey& key, const Profile& profile) {
  if (!key.origin) return "default";
  if (key.origin->line == 0) return "flag";
  return key.origin->file == profile.files.back() ? "profile" : "extended";
}

std::string origin_text(const ExplainedKey& key, const Profile& profile) {
  const std::string_view kind = origin_kind(key, profile);
  if (kind == "default") return "default";
  if (kind == "flag") return key.origin->file;
  return fmt::format("{}:{}{}", key.origin->file, key.origin->line, kind == "extended" ? ", which it extends" : "");
}

enum class Length { kFirstSentence, kAll };

std::string explanation_text(const std::vector<ExplainedKey>& keys, const Profile& profile, Length length) {
  std::string text;
  for (const ExplainedKey& key : keys) {
    text += fmt::format("{}: {}  ({})\n", key.key, key.value.empty() ? "\"\"" : key.value, origin_text(key, profile));
    if (length == Length::kAll) text += fmt::format("    Type: {}.\n", key.type);
    text += fmt::format("    {}\n", length == Length::kAll ? key.meaning : first_sentence(key.meaning));
  }
  return text;
}

std::string explanation_json(const std::vector<ExplainedKey>& keys, const Profile& profile) {
  JsonText json;
  json.begin_object().begin_array("files");
  for (const std::string& file : profile.files) json.text("", file);
  json.end_array().begin_array("keys");
  for (const ExplainedKey& key : keys) {
    json.begin_object().text("key", key.key).text("value", key.value).text("from", origin_kind(key, profile));
    if (key.origin) json.text(key.origin->line == 0 ? "flag" : "file", key.origin->file);
    if (key.origin && key.origin->line != 0) json.number("line", static_cast<std::uint64_t>(key.origin->line));
    json.text("type", key.type).text("meaning", key.meaning).end_object();
  }
  return json.end_array().end_object().take();
}

Result<std::string> explanation_of(const ProfileExplainCommand& command) {
  TracedProfile traced = TRY(load_traced_profile(command.path));
  TRY(apply(command.settings, traced));
  TRY(settle_formats(traced.profile));
  std::vector<ExplainedKey> keys = TRY(explain(traced));
  if (!command.keys.empty()) {
    std::vector<ExplainedKey> named;
    for (const std::string& name : command.keys) {
      std::vector<ExplainedKey> more = TRY(keys_named(keys, name));
      named.insert(named.end(), more.begin(), more.end());
    }
    keys = std::move(named);
  }
  if (command.json) return explanation_json(keys, traced.profile);
  return explanation_text(keys, traced.profile, command.keys.empty() ? Length::kFirstSentence : Length::kAll);
}

}  // namespace

ExitCode run_profile_explain(const ProfileExplainCommand& command) {
  const Result<std::string> text = explanation_of(command);
  return text ? write_standard_output(*text) : say_and_return(text.error());
}

}  // namespace flowgauge
