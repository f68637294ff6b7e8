// What the process of a trial is asked and what it tells. An input is a byte that says which, and the message.
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "core/base/text.h"
#include "core/plugin/trial_request.h"
#include "tests/fuzz/target.h"

namespace {

using flowgauge::test::must_hold;

// Those of the values of a request that was understood.
std::vector<fg_option> options_of(std::string_view request) {
  std::istringstream words{std::string(request)};
  std::string word;
  for (const char* const skipped : {"create", "path", "file", "feature"}) must_hold(bool(words >> word), skipped);
  std::vector<fg_option> options;
  while (words >> word) {
    fg_type type = word.starts_with('s') ? FG_STRING : FG_U64;
    if (word.starts_with('l')) type = static_cast<fg_type>(*flowgauge::parse_u64(word.substr(1, word.find(',') - 1)));
    options.push_back({.name = "any", .type = type});
  }
  return options;
}

std::string asked_again(const flowgauge::CreateAsked& asked, std::string_view request) {
  flowgauge::Module module;
  module.absolute_path = asked.file;
  flowgauge::Feature feature;
  feature.name = asked.feature;
  feature.options = options_of(request);
  feature.module = &module;
  must_hold(feature.options.size() == asked.options.values().size(), "each word is a value");
  return flowgauge::request_to_create(asked.path, {&feature, asked.options});
}

void read_create(const flowgauge::CreateAsked& asked, std::string_view bytes) {
  must_hold(asked.options.values().size() == asked.options.lists().size(), "each value has its list");
  const std::string first = asked_again(asked, bytes);
  const auto read = flowgauge::parse_trial_request(first);
  const auto* const again = read ? std::get_if<flowgauge::CreateAsked>(&*read) : nullptr;
  must_hold(again != nullptr && again->path == asked.path && again->file == asked.file &&
                again->feature == asked.feature && asked_again(*again, first) == first,
            "a feature is asked for as it was read");
  flowgauge::test::note_taken();
}

void read_request(std::string_view bytes) {
  const auto request = flowgauge::parse_trial_request(bytes);
  if (!request) {
    must_hold(!request.error().message.empty(), "a refusal has a sentence");
    return;
  }
  if (const auto* const load = std::get_if<flowgauge::LoadAsked>(&*request)) {
    const auto again = flowgauge::parse_trial_request(flowgauge::request_to_load(load->path));
    must_hold(again && *std::get_if<flowgauge::LoadAsked>(&*again) == *load, "a path is asked for as it was read");
    return;
  }
  if (const auto* const page = std::get_if<flowgauge::PageAsked>(&*request)) {
    const auto again = flowgauge::parse_trial_request(flowgauge::request_for_page(page->address));
    must_hold(again && *std::get_if<flowgauge::PageAsked>(&*again) == *page, "a page is asked for as it was read");
    return;
  }
  read_create(std::get<flowgauge::CreateAsked>(*request), bytes);
}

void read_message(std::string_view bytes) {
  if (const auto table = flowgauge::parse_loaded_table(bytes))
    must_hold(flowgauge::parse_loaded_table(flowgauge::answer_of(*table)) == table, "a table is told as it was read");
  const auto message = flowgauge::parse_trial_message(bytes);
  if (!message) return;
  const auto again = flowgauge::parse_trial_message(flowgauge::bytes_of(*message));
  must_hold(again && *again == *message, "a message is told as it was read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return -1;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  (data[0] & 1) == 0 ? read_request(bytes) : read_message(bytes);
  return 0;
}
