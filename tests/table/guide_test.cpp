// docs/writing-a-schema.md and docs/writing-a-sink.md say what is so: their code stands in the files that they quote,
// the expressions give what is said.
#include <gtest/gtest.h>

#include <string>

#include "core/flow/flow_columns.h"
#include "core/plugin/module_store.h"
#include "tests/support/file_text.h"
#include "tests/table/lab.h"

namespace flowgauge {
namespace {

std::string content(const std::string& path) { return test::file_text(std::string(FLOWGAUGE_SOURCE_DIR) + "/" + path); }

// What stands between "```KIND" and "```".
std::vector<std::string> blocks(const std::string& page, const std::string& kind) {
  std::vector<std::string> found;
  const std::string begin = "\n```" + kind + "\n";
  for (std::size_t at = 0; (at = page.find(begin, at)) != std::string::npos;) {
    at += begin.size();
    found.push_back(page.substr(at, page.find("```\n", at) - at));
  }
  return found;
}

TEST(Guide, CodeIsQuoted) {
  const std::string sources = content("plugins/exporters/schemas/cidds.cpp") +
                              content("plugins/exporters/schemas/nfstream.cpp") +
                              content("tests/out_of_tree/project/answers.cpp");
  const auto code = blocks(content("docs/writing-a-schema.md"), "cpp");
  EXPECT_GT(code.size(), 5U);
  for (const std::string& block : code) EXPECT_NE(sources.find(block), std::string::npos) << block;
}

TEST(Guide, CodeOfSinksIsQuoted) {
  const std::string sources =
      content("plugins/exporters/sinks/arrow/arrow.cpp") + content("plugins/exporters/sinks/arrow/parquet.cpp") +
      content("plugins/exporters/sinks/kafka/producer.cpp") + content("docs/tutorials/sqlite/sqlite.cpp") +
      content("core/scaffold/templates/sink/plugin.cpp.in");
  const auto code = blocks(content("docs/writing-a-sink.md"), "cpp");
  EXPECT_GT(code.size(), 5U);
  for (const std::string& block : code) EXPECT_NE(sources.find(block), std::string::npos) << block;
}

// "EXPRESSION -> RESULT", or only the expression, which must bind to the features that come with flowgauge.
TEST(Guide, ExpressionsGiveWhatIsSaid) {
  const Feature flow = builtin_feature(flow_feature());
  ModuleStore modules;
  Catalog catalog;
  ASSERT_TRUE(catalog.add(flow));
  for (const char* name : {"packet_length", "iat", "timing"}) {
    const auto module = modules.load({.path = std::string(FLOWGAUGE_PLUGIN_BUILD_DIR) + "/" + name + ".so",
                                      .origin = Origin::kInstalled,
                                      .trust = TrustRule::kAnyFile,
                                      .sha256 = std::nullopt});
    ASSERT_TRUE(module) << message_of(module);
    ASSERT_TRUE(catalog.add(**module));
  }
  std::size_t expressions = 0;
  for (const std::string& block : blocks(content("docs/writing-a-schema.md"), "expression")) {
    std::istringstream lines(block);
    for (std::string line; std::getline(lines, line); ++expressions) {
      const std::size_t arrow = line.find(" -> ");
      const std::string expected = arrow == std::string::npos ? "" : line.substr(arrow + 4);
      std::string expression = line.substr(0, arrow);
      expression.erase(expression.find_last_not_of(' ') + 1);
      std::string result = "refused";
      for (const fg_type type : {FG_F64, FG_STRING}) {
        const auto bound = bind_schema(Lab::schema({{"x", expression, type}}), catalog, FG_REVEALS_NOTHING);
        if (!bound) continue;
        ColumnBatch batch(bound->needed);
        batch.begin(1);
        SchemaEvaluator evaluator(*bound, batch);
        Arena arena;
        const auto output = evaluator.evaluate(arena);
        ASSERT_TRUE(output);
        std::string text;
        std::vector<std::size_t> ends;
        Encoder(TableFormat::kCsv, bound->columns).append(*output, text, ends);
        result = text.substr(0, text.size() - 1);
      }
      if (expected.empty()) {
        EXPECT_NE(result, "refused") << expression;
      } else {
        EXPECT_EQ(result, expected) << expression;
      }
    }
  }
  EXPECT_GT(expressions, 15U);
}

}  // namespace
}  // namespace flowgauge
