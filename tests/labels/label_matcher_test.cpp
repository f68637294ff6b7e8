// Which rule a flow meets: by hand at every border, and by the thousand against a plain loop over the rules.
#include "core/labels/label_matcher.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/labels/label_fields.h"

namespace flowgauge {
namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;

LabelRule rule(const Texts& conditions) {
  LabelTexts file{{"label"}, {}, 0};
  RuleTexts texts{{{"label", "x", 1}}, 1};
  for (const auto& [key, text] : conditions) texts.texts.push_back({key, text, 1});
  const Result<LabelRule> made = read_rule(texts, file, "rules");
  EXPECT_TRUE(made) << (made ? "" : made.error().message);
  return made ? *made : LabelRule{};
}

struct Flow {
  std::array<std::uint8_t, 16> source{};
  std::array<std::uint8_t, 16> destination{};
  LabelQuery query;

  Flow(const std::string& from, std::uint16_t from_port, const std::string& to, std::uint16_t to_port,
       std::uint8_t protocol = 6, std::int64_t first_ns = 0) {
    const bool is_six = from.find(':') != std::string::npos;
    EXPECT_EQ(::inet_pton(is_six ? AF_INET6 : AF_INET, from.c_str(), source.data()), 1) << from;
    EXPECT_EQ(::inet_pton(is_six ? AF_INET6 : AF_INET, to.c_str(), destination.data()), 1) << to;
    query = {first_ns,
             {source.data(), destination.data()},
             {from_port, to_port},
             static_cast<std::uint8_t>(is_six ? 6 : 4),
             protocol};
  }
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;
};

bool meets(const Flow& flow, const Texts& conditions) {
  const std::vector<LabelRule> rules = {rule(conditions)};
  return LabelMatcher(rules).match(flow.query) == 0;
}

TEST(LabelMatcher, ARuleWithoutConditionsTakesEveryFlow) {
  EXPECT_TRUE(meets(Flow("10.0.0.1", 1, "10.0.0.2", 2), {}));
  EXPECT_TRUE(meets(Flow("::1", 0, "::2", 0, 58, -5), {}));
  EXPECT_EQ(LabelMatcher({}).match(Flow("10.0.0.1", 1, "10.0.0.2", 2).query), LabelMatcher::kNoRule);
}

TEST(LabelMatcher, AWindowHasItsBeginAndNotItsEnd) {
  const Texts window = {{"begin", "100"}, {"end", "200"}};
  const auto at = [&](std::int64_t ns) { return meets(Flow("10.0.0.1", 1, "10.0.0.2", 2, 6, ns), window); };
  EXPECT_FALSE(at(100'000'000'000 - 1));
  EXPECT_TRUE(at(100'000'000'000));
  EXPECT_TRUE(at(200'000'000'000 - 1));
  EXPECT_FALSE(at(200'000'000'000));
  EXPECT_TRUE(meets(Flow("10.0.0.1", 1, "10.0.0.2", 2, 6, -1), {{"end", "0"}})) << "open at the front";
  EXPECT_TRUE(meets(Flow("10.0.0.1", 1, "10.0.0.2", 2, 6, std::int64_t{1} << 61), {{"begin", "0"}}))
      << "open at the end";
}

TEST(LabelMatcher, PrefixesOfEveryLength) {
  const auto any = [](const std::string& address, const std::string& prefix) {
    const bool is_six = address.find(':') != std::string::npos;
    return meets(Flow(address, 1, is_six ? "2001:db8::9" : "203.0.113.9", 2),
                 {{"src_ip", prefix}, {"direction", "as_sent"}});
  };
  EXPECT_TRUE(any("255.255.255.255", "0.0.0.0/0"));
  EXPECT_TRUE(any("0.0.0.0", "0.0.0.0/0"));
  EXPECT_FALSE(any("::", "0.0.0.0/0")) << "every IPv4 address, and no other";
  EXPECT_FALSE(any("10.0.0.1", "::/0"));
  EXPECT_TRUE(any("ffff::", "::/0"));
  EXPECT_TRUE(any("192.168.10.127", "192.168.10.0/25"));
  EXPECT_FALSE(any("192.168.10.128", "192.168.10.0/25"));
  EXPECT_TRUE(any("192.168.10.50", "192.168.10.50/32"));
  EXPECT_FALSE(any("192.168.10.51", "192.168.10.50/32"));
  EXPECT_TRUE(any("128.0.0.0", "128.0.0.0/1"));
  EXPECT_FALSE(any("127.255.255.255", "128.0.0.0/1"));
  EXPECT_TRUE(any("2001:db8::1", "2001:db8::1/128"));
  EXPECT_FALSE(any("2001:db8::2", "2001:db8::1/128"));
  EXPECT_TRUE(any("2001:db8:0:1::", "2001:db8:0:1::/64"));
  EXPECT_FALSE(any("2001:db8:0:2::", "2001:db8:0:1::/64"));
  EXPECT_TRUE(any("2001:db8:0:1:8000::", "2001:db8:0:1:8000::/65"));
  EXPECT_FALSE(any("2001:db8:0:1:7fff::", "2001:db8:0:1:8000::/65"));
}

TEST(LabelMatcher, AMappedAddressIsNotTheIpv4One) {
  EXPECT_FALSE(meets(Flow("::ffff:10.0.0.1", 1, "::2", 2), {{"any_ip", "10.0.0.1"}}));
  EXPECT_TRUE(meets(Flow("::ffff:10.0.0.1", 1, "::2", 2), {{"any_ip", "::ffff:10.0.0.1"}}));
  EXPECT_TRUE(meets(Flow("::ffff:10.0.0.1", 1, "::2", 2), {{"any_ip", "::ffff:0:0/96"}}));
  EXPECT_FALSE(meets(Flow("10.0.0.1", 1, "10.0.0.2", 2), {{"any_ip", "::ffff:10.0.0.1"}}));
}

TEST(LabelMatcher, Ports) {
  const Flow flow("10.0.0.1", 40000, "10.0.0.2", 80);
  EXPECT_TRUE(meets(flow, {{"dst_port", "80"}}));
  EXPECT_TRUE(meets(flow, {{"dst_port", "79-81"}}));
  EXPECT_TRUE(meets(flow, {{"dst_port", "80-80"}}));
  EXPECT_FALSE(meets(flow, {{"dst_port", "81-39999"}}));
  EXPECT_TRUE(meets(flow, {{"dst_port", "22 80 443"}}));
  EXPECT_TRUE(meets(flow, {{"src_port", "80"}})) << "either way: the ends may be swapped";
  EXPECT_FALSE(meets(flow, {{"src_port", "80"}, {"direction", "as_sent"}}));
  EXPECT_TRUE(meets(flow, {{"any_port", "80"}, {"direction", "as_sent"}}));
  EXPECT_FALSE(meets(flow, {{"any_port", "0"}}));
  // Protocols without ports have port 0 at both ends.
  EXPECT_TRUE(meets(Flow("10.0.0.1", 0, "10.0.0.2", 0, 1), {{"dst_port", "0"}}));
  EXPECT_FALSE(meets(Flow("10.0.0.1", 0, "10.0.0.2", 0, 1), {{"dst_port", "1-65535"}}));
}

TEST(LabelMatcher, Protocols) {
  const Flow tcp("10.0.0.1", 1, "10.0.0.2", 2, 6);
  EXPECT_TRUE(meets(tcp, {{"protocol", "tcp"}}));
  EXPECT_TRUE(meets(tcp, {{"protocol", "TCP"}}));
  EXPECT_TRUE(meets(tcp, {{"protocol", "6"}}));
  EXPECT_TRUE(meets(tcp, {{"protocol", "udp tcp"}}));
  EXPECT_FALSE(meets(tcp, {{"protocol", "udp"}}));
  EXPECT_TRUE(meets(Flow("10.0.0.1", 0, "10.0.0.2", 0, 255), {{"protocol", "255"}}));
  EXPECT_TRUE(meets(Flow("10.0.0.1", 0, "10.0.0.2", 0, 0), {{"protocol", "0"}}));
}

TEST(LabelMatcher, EitherWaySwapsBothEndsTogether) {
  const Texts attack = {{"src_ip", "172.16.0.1"}, {"dst_ip", "192.168.10.50"}, {"dst_port", "21"}};
  EXPECT_TRUE(meets(Flow("172.16.0.1", 50000, "192.168.10.50", 21), attack));
  EXPECT_TRUE(meets(Flow("192.168.10.50", 21, "172.16.0.1", 50000), attack))
      << "begun in the middle, seen from the server";
  EXPECT_FALSE(meets(Flow("192.168.10.50", 50000, "172.16.0.1", 21), attack)) << "the victim's port is not 21";
  EXPECT_FALSE(meets(Flow("172.16.0.1", 50000, "192.168.10.51", 21), attack));
  Texts as_sent = attack;
  as_sent.emplace_back("direction", "as_sent");
  EXPECT_TRUE(meets(Flow("172.16.0.1", 50000, "192.168.10.50", 21), as_sent));
  EXPECT_FALSE(meets(Flow("192.168.10.50", 21, "172.16.0.1", 50000), as_sent));
}

TEST(LabelMatcher, AnyAsksEachForItself) {
  const Texts bot = {{"any_ip", "10.0.0.9"}, {"any_port", "6667"}};
  EXPECT_TRUE(meets(Flow("10.0.0.9", 1, "10.0.0.2", 6667), bot));
  EXPECT_TRUE(meets(Flow("10.0.0.2", 6667, "10.0.0.9", 1), bot));
  EXPECT_TRUE(meets(Flow("10.0.0.9", 6667, "10.0.0.2", 1), bot));
  EXPECT_FALSE(meets(Flow("10.0.0.8", 6667, "10.0.0.2", 1), bot));
}

TEST(LabelMatcher, TheFirstRuleWins) {
  const std::vector<LabelRule> rules = {
      rule({{"begin", "100"}, {"end", "200"}, {"src_ip", "10.0.0.0/8"}}),  // 0: a network, later
      rule({{"src_ip", "10.0.0.1"}}),                                      // 1: a host, always
      rule({{"begin", "0"}, {"end", "150"}}),                              // 2: everybody, earlier
      rule({}),                                                            // 3: the rest
  };
  const LabelMatcher matcher(rules);
  const auto at = [&](const std::string& from, std::int64_t second) {
    return matcher.match(Flow(from, 1, "203.0.113.1", 2, 6, second * 1'000'000'000).query);
  };
  EXPECT_EQ(at("10.0.0.1", 120), 0U);
  EXPECT_EQ(at("10.0.0.1", 99), 1U);
  EXPECT_EQ(at("10.0.0.1", 200), 1U);
  EXPECT_EQ(at("10.0.0.2", 99), 2U);
  EXPECT_EQ(at("10.0.0.2", 149), 0U);
  EXPECT_EQ(at("172.16.0.1", 149), 2U);
  EXPECT_EQ(at("172.16.0.1", 150), 3U);
  EXPECT_EQ(at("172.16.0.1", -1), 3U);
}

// ---------------------------------------------------------------- against a plain loop

bool holds(const Prefix& prefix, std::uint8_t ip_version, const std::uint8_t* address) {
  if (prefix.ip_version != ip_version) return false;
  for (int bit = 0; bit < prefix.bits; ++bit) {
    const int shift = 7 - bit % 8;
    if ((prefix.address[static_cast<std::size_t>(bit) / 8] >> shift & 1) != (address[bit / 8] >> shift & 1))
      return false;
  }
  return true;
}

bool end_holds(const EndConditions& end, const LabelQuery& query, std::size_t side) {
  bool address = end.addresses.empty();
  for (const Prefix& prefix : end.addresses) address = address || holds(prefix, query.ip_version, query.address[side]);
  bool port = end.ports.empty();
  for (const PortRange& range : end.ports)
    port = port || (range.first <= query.port[side] && query.port[side] <= range.last);
  return address && port;
}

std::uint32_t plain_match(const std::vector<LabelRule>& rules, const LabelQuery& query) {
  for (std::uint32_t i = 0; i < rules.size(); ++i) {
    const LabelRule& one = rules[i];
    const EndConditions addresses{one.any.addresses, {}};
    const EndConditions ports{{}, one.any.ports};
    const bool sides = (end_holds(one.source, query, 0) && end_holds(one.destination, query, 1)) ||
                       (one.direction == LabelRule::Direction::kEither && end_holds(one.source, query, 1) &&
                        end_holds(one.destination, query, 0));
    if (query.first_ns >= one.begin_ns && query.first_ns < one.end_ns && sides &&
        (one.protocols.none() || one.protocols[query.protocol]) &&
        (end_holds(addresses, query, 0) || end_holds(addresses, query, 1)) &&
        (end_holds(ports, query, 0) || end_holds(ports, query, 1)))
      return i;
  }
  return LabelMatcher::kNoRule;
}

// Few values of everything, so that rules and flows meet often and in many ways.
class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  bool one_in(std::uint32_t limit) { return below(limit) == 0; }
  std::string address() {
    return below(4) == 0 ? "2001:db8::" + std::to_string(below(4)) : "10.0.0." + std::to_string(below(8));
  }
  std::string prefix() {
    const std::string networks[] = {"10.0.0.0/30", "10.0.0.4/31", "0.0.0.0/0", "2001:db8::/126", "::/0"};
    return one_in(3) ? networks[below(5)] : address();
  }
  std::string prefixes() { return one_in(3) ? prefix() + " " + prefix() : prefix(); }
  std::string port() { return one_in(2) ? std::to_string(below(4)) : "1-2"; }

 private:
  std::mt19937 random_;
};

Texts random_conditions(Dice& dice) {
  Texts texts;
  const std::uint32_t begin = dice.below(20);
  if (dice.one_in(2)) texts.emplace_back("begin", std::to_string(begin));
  if (dice.one_in(2)) texts.emplace_back("end", std::to_string(begin + 1 + dice.below(5)));
  for (const char* key : {"src_ip", "dst_ip", "any_ip"})
    if (dice.one_in(3)) texts.emplace_back(key, dice.prefixes());
  for (const char* key : {"src_port", "dst_port", "any_port"})
    if (dice.one_in(5)) texts.emplace_back(key, dice.port());
  if (dice.one_in(4)) texts.emplace_back("protocol", dice.one_in(2) ? "tcp" : "udp icmp");
  if (dice.one_in(3)) texts.emplace_back("direction", "as_sent");
  return texts;
}

TEST(LabelMatcher, AgreesWithALoopOverTheRules) {
  int matched = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    Dice dice(seed);
    std::vector<LabelRule> rules;
    const std::uint32_t count = seed < 10 ? seed : 10 + dice.below(150);
    for (std::uint32_t i = 0; i < count; ++i) rules.push_back(rule(random_conditions(dice)));
    const LabelMatcher matcher(rules);
    for (int i = 0; i < 200; ++i) {
      std::string from = dice.address();
      std::string to = dice.address();
      while ((to.find(':') == std::string::npos) != (from.find(':') == std::string::npos)) to = dice.address();
      const std::uint8_t protocols[] = {1, 6, 17};
      const Flow flow(from, static_cast<std::uint16_t>(dice.below(4)), to, static_cast<std::uint16_t>(dice.below(4)),
                      protocols[dice.below(3)], std::int64_t{dice.below(26)} * 1'000'000'000 - dice.below(2));
      const std::uint32_t expected = plain_match(rules, flow.query);
      ASSERT_EQ(matcher.match(flow.query), expected) << "seed " << seed << ", flow " << i;
      matched += expected != LabelMatcher::kNoRule ? 1 : 0;
    }
  }
  EXPECT_GT(matched, 3'000);
  EXPECT_LT(matched, 11'500);
}

}  // namespace
}  // namespace flowgauge
