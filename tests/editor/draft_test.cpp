// A draft's keys go in in any order, and come out as the profile's file.
#include "core/editor/draft.h"

#include <gtest/gtest.h>

#include "core/profile/profile_reader.h"
#include "core/profile/yaml_text.h"

namespace flowgauge {
namespace {

std::string file_of(std::string_view keys) { return std::string(kMadeWith) + "\n" + std::string(keys); }

Draft draft_of(const std::string& text) {
  Result<Draft> draft = Draft::read(text, "mine.yaml");
  EXPECT_TRUE(draft) << draft.error().message;
  return draft ? *draft : Draft();
}

TEST(Draft, WritesItsKeysInTheOrderOfThePage) {
  Draft draft;
  draft.set("threads", text_node("4"));
  draft.set("exporters[0].path", text_node("flows-%Y.csv"));
  draft.set("exporters[0].schema", text_node("basic"));
  draft.set("exporters[0].rotate.interval", text_node("1h"));
  draft.set("packets.filter", text_node("!arp"));
  draft.set("packets.protocols", list_node({"tcp", "udp"}));
  draft.set("flow.linger", text_node("1s"));
  draft.set("flow.idle_timeout", text_node("30s"));
  draft.set("extends", text_node("basic"));
  EXPECT_EQ(draft.text(), file_of("extends: basic\n"
                                  "flow:\n"
                                  "  idle_timeout: 30s\n"
                                  "  linger: 1s\n"
                                  "packets:\n"
                                  "  protocols: [tcp, udp]\n"
                                  "  filter: \"!arp\"\n"
                                  "exporters:\n"
                                  "  - schema: basic\n"
                                  "    path: flows-%Y.csv\n"
                                  "    rotate:\n"
                                  "      interval: 1h\n"
                                  "threads: 4\n"));
  EXPECT_TRUE(parse_profile(draft.text(), "mine.yaml"));
}

TEST(Draft, LeavesNothingEmptyBehind) {
  Draft draft;
  draft.set("exporters[0].rotate.interval", text_node("1h"));
  draft.set("flow.linger", text_node("1s"));
  draft.erase("exporters[0].rotate.interval");
  draft.erase("flow.linger");
  draft.erase("flow.idle_timeout");
  EXPECT_TRUE(draft.empty());
  EXPECT_EQ(draft.text(), file_of(""));
}

TEST(Draft, MakesMappingsOfShortForms) {
  Draft draft = draft_of("exporters: [basic]\nlabels: rules.csv\n");
  draft.set("exporters[0].path", text_node("flows.csv"));
  draft.set("labels.time_zone", text_node("Z"));
  EXPECT_EQ(draft.text(), file_of("exporters:\n  - schema: basic\n    path: flows.csv\n"
                                  "labels:\n  file: rules.csv\n  time_zone: Z\n"));
}

TEST(Draft, KeepsWhatItDoesNotKnow) {
  const Draft draft = draft_of("flow: {idle_timout: 3, idle_timeout: 4s}\nfancy: [1, {a: b}]\n");
  EXPECT_EQ(draft.text(), file_of("flow:\n  idle_timout: 3\n  idle_timeout: 4s\nfancy:\n  - 1\n  - {a: b}\n"));
}

TEST(Draft, IsTheSameWhenItIsReadBack) {
  for (const std::string text :
       {"description: \"a: b # c\"\nflow: {direction: role}\n", "packets: {filter: \"\"}\nfeatures: []\n",
        "description: 'null'\nthreads:\n", "description: \"two\\nlines \\\" \\\\ \\x01\"\n",
        "exporters:\n  - columns:\n      - flow.src_ip\n      - {name: a b, expression: \"map(flow.protocol){6: 'TCP'; "
        "else 'x'}\"}\n",
        "exporters: [basic, {schema: cic, format: {name: arrow, options: {uint64: true}}, path: x.arrow}]\n"}) {
    const Draft draft = draft_of(text);
    EXPECT_EQ(draft_of(draft.text()), draft) << draft.text();
  }
}

TEST(Draft, TellsTheKeyOfALine) {
  const Draft draft = draft_of(
      "flow:\n  linger: 1s\nexporters:\n  - schema: basic\n    path: a\n  - columns: [a, b]\n    rotate: {size: 1}\n");
  const Result<YamlNode> parsed = parse_profile_yaml(draft.text(), "");
  const std::map<int, std::string> expected = {{2, "flow"},
                                               {3, "flow.linger"},
                                               {4, "exporters"},
                                               {5, "exporters[0].schema"},
                                               {6, "exporters[0].path"},
                                               {7, "exporters[1].columns"},
                                               {8, "exporters[1].rotate"},
                                               {9, "exporters[1].rotate.size"}};
  EXPECT_EQ(keys_by_line(*parsed), expected) << draft.text();
}

TEST(Draft, KnowsComments) {
  EXPECT_FALSE(has_comments(file_of("threads: 1\n")));
  EXPECT_FALSE(has_comments("description: a#b\n"));
  EXPECT_TRUE(has_comments(file_of("threads: 1 # fast\n")));
  EXPECT_TRUE(has_comments("# mine\nthreads: 1\n"));
}

TEST(Draft, RefusesWhatIsNoProfileAtAll) {
  EXPECT_EQ(Draft::read("flow: [\n", "mine.yaml").error().message, "mine.yaml:1: a '[' before this is not closed");
  EXPECT_EQ(Draft::read("- a\n", "mine.yaml").error().message,
            "mine.yaml:1: a profile is a mapping of keys ('flow:', 'exporters:', ...), not a list");
}

}  // namespace
}  // namespace flowgauge
