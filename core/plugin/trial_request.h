// What the process of a trial is asked, and what it tells, as bytes: one message each. Pure functions; trial_server.h
// does what is asked, trial_process.h asks. Nothing in the bytes is trusted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/result.h"
#include "core/plugin/feature_set.h"
#include "core/plugin/options.h"

namespace flowgauge {

// "load PATH": the answer is the address of its table of the ABI, in that process; or 0 and why it cannot be loaded.
struct LoadAsked {
  std::string path;  // as it was opened by the one who asks: its descriptor comes with the message
  bool operator==(const LoadAsked&) const = default;
};

// "create PATH FILE FEATURE VALUE...": the values of its options, as declared; texts, FILE among them, in hexadecimal
// digits behind an "s"; lists as "lTYPE,ITEM,ITEM".
struct CreateAsked {
  std::string path;
  std::string file;  // that the plugin was found in
  std::string feature;
  OptionValues options;
};

// "page ADDRESS": the answer are the bytes of that page of the process's memory, kReadPageBytes of them; it is refused
// where there is none.
struct PageAsked {
  std::uint64_t address = 0;
  bool operator==(const PageAsked&) const = default;
};

using TrialRequest = std::variant<LoadAsked, CreateAsked, PageAsked>;

// Longest message either way.
inline constexpr std::size_t kTrialMessageBytes = 131'072;

[[nodiscard]] std::string request_to_load(const std::string& opened_path);
[[nodiscard]] std::string request_for_page(std::uint64_t address);
[[nodiscard]] std::string request_to_create(const std::string& opened_path, const ActiveFeature& active);
// Errors are of the bytes: nobody but flowgauge itself asks.
[[nodiscard]] Result<TrialRequest> parse_trial_request(std::string_view bytes);

// A message of the process of a trial: a letter, and the text behind it.
enum class TrialWord : char {
  kHello = 't',    // it listens
  kLoading = 'l',  // steps that it has come to
  kCreating = 'c',
  kDestroying = 'd',
  kDone = 'e',     // the request is answered; the text is the answer
  kRefused = 'r',  // the step failed; the text says why, and may be empty
};

struct TrialMessage {
  TrialWord word{};
  std::string text;
  bool operator==(const TrialMessage&) const = default;
};

// The answer to LoadAsked.
struct LoadedTable {
  std::uint64_t address = 0;  // 0: see `reason`
  std::string reason;
  bool operator==(const LoadedTable&) const = default;
};
[[nodiscard]] std::string answer_of(const LoadedTable& table);
[[nodiscard]] std::optional<LoadedTable> parse_loaded_table(std::string_view text);

[[nodiscard]] std::string bytes_of(const TrialMessage& message);
[[nodiscard]] std::optional<TrialMessage> parse_trial_message(std::string_view bytes);

}  // namespace flowgauge
