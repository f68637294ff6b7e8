// Label files. An input is a byte that says which spelling, and the file; a flow that lies in the middle of each rule's
// time is then looked for.
#include "core/labels/label_fields.h"
#include "core/labels/label_matcher.h"
#include "core/labels/label_texts.h"
#include "tests/fuzz/target.h"

namespace {

using flowgauge::EndConditions;
using flowgauge::LabelMatcher;
using flowgauge::LabelQuery;
using flowgauge::LabelRule;
using flowgauge::test::must_hold;

bool is_refusal(const std::string& message) {
  return message.starts_with("x:") && flowgauge::test::is_one_line(message);
}

// One that the rule's own conditions name, as far as they do.
LabelQuery flow_of(const LabelRule& rule) {
  static constexpr std::array<std::uint8_t, 16> kNobody{};
  LabelQuery query;
  query.first_ns = rule.begin_ns;
  query.address = {kNobody.data(), kNobody.data()};
  const std::array<const EndConditions*, 2> ends{&rule.source, &rule.destination};
  for (std::size_t end = 0; end < ends.size(); ++end) {
    if (!ends[end]->addresses.empty()) {
      query.address[end] = ends[end]->addresses[0].address.data();
      query.ip_version = ends[end]->addresses[0].ip_version;
    }
    if (!ends[end]->ports.empty()) query.port[end] = ends[end]->ports[0].last;
  }
  for (std::size_t protocol = 0; protocol < rule.protocols.size(); ++protocol)
    if (rule.protocols[protocol]) query.protocol = static_cast<std::uint8_t>(protocol);
  return query;
}

// Whether nothing but what flow_of() chose from is asked for.
bool is_met_by_its_flow(const LabelRule& rule) {
  const auto version = [](const EndConditions& end) { return end.addresses.empty() ? 0 : end.addresses[0].ip_version; };
  const int source = version(rule.source);
  const int destination = version(rule.destination);
  return rule.any.addresses.empty() && rule.any.ports.empty() && rule.begin_ns < rule.end_ns &&
         (source == 0 || destination == 0 || source == destination);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return -1;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (text.find('\0') != std::string::npos) return -1;  // as label files are refused
  const auto texts =
      (data[0] & 1) == 0 ? flowgauge::label_texts_of_csv(text, "x") : flowgauge::label_texts_of_yaml(text, "x");
  if (!texts) {
    must_hold(is_refusal(texts.error().message), "a refusal is one line and begins with its place");
    return 0;
  }
  std::vector<LabelRule> rules;
  for (const flowgauge::RuleTexts& one : texts->rules) {
    auto rule = flowgauge::read_rule(one, *texts, "x");
    if (!rule) {
      must_hold(is_refusal(rule.error().message), "a refusal is one line and begins with its place");
      return 0;
    }
    must_hold(rule->texts.size() == texts->columns.size(), "a rule has a text for each label column");
    rules.push_back(std::move(*rule));
  }
  const LabelMatcher matcher(rules);
  for (std::size_t number = 0; number < rules.size(); ++number) {
    const std::uint32_t found = matcher.match(flow_of(rules[number]));
    must_hold(found == LabelMatcher::kNoRule || found < rules.size(), "what is found is a rule");
    if (is_met_by_its_flow(rules[number])) must_hold(found <= number, "a rule finds the flow that it names");
  }
  if (!rules.empty()) flowgauge::test::note_taken();
  return 0;
}
