#include "core/ingest/filter_hint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/text.h"

namespace flowgauge {
namespace {

// What goes before an expression so that it looks further in.
constexpr std::array<std::string_view, 8> kPrefixes = {"vlan",   "vlan and vlan",   "mpls",          "mpls and mpls",
                                                       "pppoes", "vlan and pppoes", "vlan and mpls", "geneve"};

// `vlan and (a or b)`: an `or` would not be held by the `and` before it.
std::string form_of(std::string_view prefix, const std::string& expression) {
  const bool has_or = expression.find(" or ") != std::string::npos || expression.find("||") != std::string::npos;
  return has_or ? fmt::format("{} and ({})", prefix, expression) : fmt::format("{} and {}", prefix, expression);
}

}  // namespace

FilterHint::Forms& FilterHint::forms_of(int link_type) {
  const auto known = forms_.find(link_type);
  if (known != forms_.end()) return known->second;
  Forms& forms = forms_[link_type];
  for (const std::string_view prefix : kPrefixes) {
    std::string expression = form_of(prefix, expression_);
    // Not every link type has tags, and not every expression goes behind them.
    if (auto filter = FrameFilter::compile(expression, link_type))
      forms.behind_tags.push_back({std::move(*filter), std::move(expression)});
  }
  if (auto filter = FrameFilter::compile(expression_, DLT_RAW)) forms.inside = std::move(*filter);
  return forms;
}

void FilterHint::try_forms(const Frame& frame) {
  ++frames_;
  Forms& forms = forms_of(frame.link_type);
  for (const Form& form : forms.behind_tags) {
    if (form.filter.matches(frame)) ++matched_[form.expression];
  }
  if (forms.inside && matches_inside(*forms.inside, frame)) ++matched_inside_;
}

// Whether the innermost packet of a tunnel matches.
bool FilterHint::matches_inside(const FrameFilter& filter, const Frame& frame) {
  const packet_parse_config config = packet_parse_defaults();
  packet_event event{};
  const packet_reason reason = packet_parse(&config, frame.bytes, frame.captured_bytes, frame.wire_bytes,
                                            static_cast<std::uint32_t>(frame.link_type), &event);
  const std::uint32_t headers = std::uint32_t{event.l3_header_bytes} + event.l4_header_bytes;
  if (reason != PACKET_ACCEPTED || event.tunnel_type == PACKET_TUNNEL_NONE || event.payload_offset < headers)
    return false;
  Frame inner = frame;
  const std::uint32_t at = event.payload_offset - headers;
  inner.bytes += at;
  inner.captured_bytes -= at;
  inner.wire_bytes = std::max(inner.captured_bytes, frame.wire_bytes - at);
  return filter.matches(inner);
}

std::optional<std::string> FilterHint::text() const {
  const std::string begin =
      fmt::format("filter '{}' let no frame through, since libpcap's filters do not look behind ", expression_);
  const auto best = std::ranges::max_element(matched_, {}, [](const auto& one) { return one.second; });
  if (best != matched_.end() && best->second >= matched_inside_)
    return fmt::format("{}tags and labels; --filter '{}' matches {} of the first {}", begin, best->first,
                       with_thousands(best->second), counted(frames_, "frame"));
  if (matched_inside_ == 0) return std::nullopt;
  return fmt::format(
      "{}tunnels, and it matches the packets inside {} of the first {}; leave it out and choose among the rows, or "
      "filter "
      "by what carries the tunnel (--decapsulate outer shows that)",
      begin, with_thousands(matched_inside_), counted(frames_, "frame"));
}

}  // namespace flowgauge
