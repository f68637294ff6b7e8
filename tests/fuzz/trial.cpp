// What the process of a trial is asked and what it tells. An input is a byte that says which, and the message.
#include "core/plugin/trial_request.h"
#include "tests/fuzz/target.h"

namespace {

using flowgauge::test::must_hold;

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
  const auto& create = std::get<flowgauge::CreateAsked>(*request);
  must_hold(create.options.values().size() <= bytes.size(), "no more options than bytes");
  must_hold(create.options.values().size() == create.options.lists().size(), "each value has its list");
}

void read_message(std::string_view bytes) {
  if (const auto table = flowgauge::parse_loaded_table(bytes))
    must_hold(flowgauge::parse_loaded_table(flowgauge::answer_of(*table)) == table, "a table is told as it was read");
  const auto message = flowgauge::parse_trial_message(bytes);
  if (!message) return;
  flowgauge::test::note_taken();
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
