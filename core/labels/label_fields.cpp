#include "core/labels/label_fields.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/labels/label_time.h"
#include "core/profile/choices.h"

namespace flowgauge {
namespace {

using Wrong = std::optional<std::string>;  // what is wrong with a text; none: it is right

struct Context {
  LabelRule& rule;
  std::optional<std::int32_t> zone_seconds;
};

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (true) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return words;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::string text_of(const Prefix& prefix) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(prefix.ip_version == 4 ? AF_INET : AF_INET6, prefix.address.data(), text.data(), text.size());
  return fmt::format("{}/{}", text.data(), prefix.bits);
}

Wrong read_prefix(const std::string& word, Prefix& prefix) {
  const std::size_t slash = word.find('/');
  const std::string address = word.substr(0, slash);
  prefix.ip_version = address.find(':') == std::string::npos ? 4 : 6;
  const unsigned most = prefix.ip_version == 4 ? 32 : 128;
  if (::inet_pton(prefix.ip_version == 4 ? AF_INET : AF_INET6, address.c_str(), prefix.address.data()) != 1)
    return fmt::format("'{}' is no address; write it as 172.16.0.1, 10.0.0.0/8 or 2001:db8::/32", printable(word));
  std::optional<std::uint64_t> bits = most;
  if (slash != std::string::npos) bits = parse_u64(std::string_view(word).substr(slash + 1));
  if (!bits || *bits > most)
    return fmt::format("'{}': a prefix of IPv{} has 0 to {} bits", printable(word), prefix.ip_version, most);
  prefix.bits = static_cast<std::uint8_t>(*bits);
  Prefix whole = prefix;
  for (unsigned bit = prefix.bits; bit < most; ++bit)
    whole.address[bit / 8] &= static_cast<std::uint8_t>(~(0x80U >> (bit % 8)));
  if (whole != prefix)
    return fmt::format("'{}' has bits behind its prefix; the network is {}, the host {}", printable(word),
                       text_of(whole), address);
  return {};
}

Wrong read_port(const std::string& word, PortRange& range) {
  const std::size_t dash = word.find('-');
  const auto first = parse_u64(std::string_view(word).substr(0, dash));
  const auto last = dash == std::string::npos ? first : parse_u64(std::string_view(word).substr(dash + 1));
  if (!first || !last || *first > 65535 || *last > 65535)
    return fmt::format("'{}' is no port; write it as 80 or 8000-8100, up to 65535", printable(word));
  if (*first > *last) return fmt::format("'{}' ends before it begins; write {}-{}", word, *last, *first);
  range = {static_cast<std::uint16_t>(*first), static_cast<std::uint16_t>(*last)};
  return {};
}

template <class Item>
Wrong read_list(const std::string& text, std::vector<Item>& items, Wrong (*read)(const std::string&, Item&)) {
  for (const std::string& word : words_of(text)) {
    if (Wrong wrong = read(word, items.emplace_back())) return wrong;
  }
  return {};
}

template <EndConditions LabelRule::*End>
Wrong read_addresses(const std::string& text, Context& context) {
  return read_list(text, (context.rule.*End).addresses, read_prefix);
}

template <EndConditions LabelRule::*End>
Wrong read_ports(const std::string& text, Context& context) {
  return read_list(text, (context.rule.*End).ports, read_port);
}

template <std::int64_t LabelRule::*Moment>
Wrong read_moment(const std::string& text, Context& context) {
  const auto moment_ns = parse_moment_ns(text, context.zone_seconds);
  if (!moment_ns) return moment_ns.error();
  context.rule.*Moment = *moment_ns;
  return {};
}

Wrong read_protocols(const std::string& text, Context& context) {
  std::vector<std::string> names;
  for (const auto& known : kProtocols) names.emplace_back(known.name);
  for (const std::string& word : words_of(text)) {
    std::string lower = word;
    for (char& letter : lower) letter = static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter + 32 : letter);
    const auto* const named = std::ranges::find(kProtocols, std::string_view(lower), &Choice<std::uint8_t>::name);
    const auto number = named != kProtocols.end() ? std::optional<std::uint64_t>(named->value) : parse_u64(word);
    if (!number || *number > 255)
      return fmt::format("'{}' is no protocol: a number up to 255, or one of {}{}", printable(word), join(names),
                         did_you_mean(word, names));
    context.rule.protocols.set(*number);
  }
  return {};
}

Wrong read_direction(const std::string& text, Context& context) {
  static const std::vector<std::string> kNames = {"either", "as_sent"};
  if (text != kNames[0] && text != kNames[1])
    return fmt::format("'{}' is not 'either' or 'as_sent'{}", printable(text), did_you_mean(text, kNames));
  context.rule.direction = text == kNames[0] ? LabelRule::Direction::kEither : LabelRule::Direction::kAsSent;
  return {};
}

struct Condition {
  std::string_view name;
  Wrong (*read)(const std::string& text, Context& context);
};
constexpr std::array kConditions = {
    Condition{"begin", read_moment<&LabelRule::begin_ns>},
    Condition{"end", read_moment<&LabelRule::end_ns>},
    Condition{"src_ip", read_addresses<&LabelRule::source>},
    Condition{"dst_ip", read_addresses<&LabelRule::destination>},
    Condition{"any_ip", read_addresses<&LabelRule::any>},
    Condition{"src_port", read_ports<&LabelRule::source>},
    Condition{"dst_port", read_ports<&LabelRule::destination>},
    Condition{"any_port", read_ports<&LabelRule::any>},
    Condition{"protocol", read_protocols},
    Condition{"direction", read_direction},
};

}  // namespace

const std::vector<std::string>& condition_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const Condition& condition : kConditions) names.emplace_back(condition.name);
    return names;
  }();
  return kNames;
}

bool is_condition(std::string_view name) {
  return std::ranges::find(kConditions, name, &Condition::name) != kConditions.end();
}

Result<LabelRule> read_rule(const RuleTexts& rule, const LabelTexts& file, const std::string& path) {
  LabelRule made;
  made.line = rule.line;
  made.texts.resize(file.columns.size());
  Context context{made, file.zone_seconds};
  const auto wrong_at = [&](int line, std::string_view key, const std::string& what) {
    return fail(ExitCode::kUsage, "{}:{}: '{}': {}", path, line, key, what);
  };
  for (const RuleText& one : rule.texts) {
    const auto* const condition = std::ranges::find(kConditions, std::string_view(one.key), &Condition::name);
    if (condition != kConditions.end()) {
      if (one.text.empty()) continue;
      if (const Wrong wrong = condition->read(one.text, context)) return wrong_at(one.line, one.key, *wrong);
      continue;
    }
    const auto column = std::ranges::find(file.columns, one.key);
    if (column != file.columns.end()) {
      made.texts[static_cast<std::size_t>(column - file.columns.begin())] = one.text;
      continue;
    }
    std::vector<std::string> known = condition_names();
    std::ranges::transform(file.columns, std::back_inserter(known), printable);
    std::string hint = did_you_mean(one.key, known);
    if (hint.empty()) hint = fmt::format("; the keys are: {}; more label columns are named in 'columns'", join(known));
    return fail(ExitCode::kUsage, "{}:{}: unknown key '{}' in a rule{}", path, one.line, printable(one.key), hint);
  }
  if (made.texts.front().empty())
    return fail(ExitCode::kUsage, "{}:{}: the rule has no '{}'; say what it labels a flow", path, rule.line,
                printable(file.columns.front()));
  if (made.begin_ns >= made.end_ns)
    return fail(ExitCode::kUsage,
                "{}:{}: the rule's 'end' is not after its 'begin'; are they swapped, or of two time zones?", path,
                rule.line);
  return made;
}

}  // namespace flowgauge
