#include "core/ingest/input_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/ingest/ingest_support.h"
#include "tests/support/nobody.h"

namespace flowgauge::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Bytes capture_at(std::int64_t timestamp_ns, std::uint32_t link_type = 1) {
  CaptureWriter writer({.link_type = link_type});
  writer.add(timestamp_ns, udp_frame());
  return writer.bytes();
}

std::vector<std::string> paths(const InputList& list) {
  std::vector<std::string> paths;
  paths.reserve(list.inputs.size());
  for (const Input& input : list.inputs) paths.push_back(input.path);
  return paths;
}

std::string refusal(const std::vector<std::string>& arguments, ExitCode code = ExitCode::kInput) {
  const auto list = expand_inputs(arguments);
  if (list) return "accepted";
  EXPECT_EQ(list.error().code, code);
  return list.error().message;
}

TEST(InputList, KeepsTheOrderGivenAndKnowsSizesAndLinkTypes) {
  const TempFolder folder;
  const std::string late = folder.write("late", capture_at(9 * kSecond));
  const std::string early = folder.write("early", gzip(capture_at(1 * kSecond, 113)));
  const auto list = expand_inputs(std::vector{late, early, late});
  ASSERT_TRUE(list.has_value()) << list.error().message;
  EXPECT_THAT(paths(*list), ElementsAre(late, early, late));
  EXPECT_EQ(list->inputs[0].size_bytes, 24 + 16 + 52);
  EXPECT_EQ(list->inputs[0].link_type, 1);
  EXPECT_EQ(list->inputs[1].link_type, 113);
  EXPECT_THAT(list->left_out, IsEmpty());
}

TEST(InputList, AFolderIsOrderedByFirstTimestampThenName) {
  const TempFolder folder;
  folder.write("d", capture_at(3 * kSecond));
  folder.write("c.gz", gzip(capture_at(1 * kSecond)));
  folder.write("b", capture_at(2 * kSecond));
  folder.write("a", capture_at(2 * kSecond));
  folder.write("0-no-packet", CaptureWriter().bytes());
  folder.write("1-refused", [] {
    Bytes bytes = capture_at(0);
    bytes[6] = 9;  // version 2.9
    return bytes;
  }());
  folder.write("README.md", text("# Captures\n"));
  folder.write("just-begun", {});
  folder.write(".hidden.pcap", capture_at(0));
  folder.write("below/e", capture_at(0));
  const auto list = expand_inputs(std::vector{folder.path()});
  ASSERT_TRUE(list.has_value()) << list.error().message;
  EXPECT_THAT(paths(*list), ElementsAre(folder.path("c.gz"), folder.path("a"), folder.path("b"), folder.path("d"),
                                        folder.path("0-no-packet"), folder.path("1-refused")));
  EXPECT_THAT(list->left_out, ElementsAre(folder.path("README.md") + ": not a capture",
                                          folder.path("below") + ": a folder, which is not searched",
                                          folder.path("just-begun") + ": empty"));
}

TEST(InputList, NamesWhatIsNoFileInAFolder) {
  const TempFolder folder;
  folder.write("capture", capture_at(1));
  folder.write(".below/capture", capture_at(1));
  ASSERT_EQ(::symlink("nowhere", folder.path("dead").c_str()), 0);
  ASSERT_EQ(::symlink("loop", folder.path("loop").c_str()), 0);
  ASSERT_EQ(::symlink(".below", folder.path("linked").c_str()), 0);
  ASSERT_EQ(::symlink("/dev/null", folder.path("null").c_str()), 0);
  ASSERT_EQ(::mkfifo(folder.path("pipe").c_str(), 0600), 0);
  const auto list = expand_inputs(std::vector{folder.path()});
  ASSERT_TRUE(list.has_value()) << list.error().message;
  EXPECT_THAT(paths(*list), ElementsAre(folder.path("capture")));
  EXPECT_THAT(list->left_out,
              ElementsAre(folder.path("dead") + ": a link to nothing",
                          folder.path("linked") + ": a folder, which is not searched",
                          folder.path("loop") + ": Too many levels of symbolic links",
                          folder.path("null") + ": a device or a socket",
                          folder.path("pipe") + ": a named pipe, which is read only if it is named itself"));
}

TEST(InputList, ASecondBeyond2038ComesLast) {
  const TempFolder folder;
  CaptureWriter future;
  future.add_record(0x80000000, 0, 52, 52, udp_frame());
  folder.write("a", future.bytes());
  folder.write("b", capture_at(1 * kSecond));
  const auto list = expand_inputs(std::vector{folder.path()});
  ASSERT_TRUE(list.has_value());
  EXPECT_THAT(paths(*list), ElementsAre(folder.path("b"), folder.path("a")));
}

TEST(InputList, AFolderStandsAmongFiles) {
  const TempFolder folder;
  const std::string one = folder.write("one", capture_at(5 * kSecond));
  const std::string inside = folder.write("below/x", capture_at(1 * kSecond));
  const auto list = expand_inputs(std::vector{one, folder.path("below"), std::string("-")});
  ASSERT_TRUE(list.has_value());
  ASSERT_EQ(list->inputs.size(), 3);
  EXPECT_EQ(list->inputs[1].path, inside);
  EXPECT_EQ(list->inputs[2].path, "-");
  EXPECT_EQ(list->inputs[2].link_type, -1);
}

TEST(InputList, LinksAreFollowed) {
  const TempFolder folder;
  const TempFolder elsewhere;
  const std::string target = elsewhere.write("capture", capture_at(1 * kSecond));
  ASSERT_EQ(::symlink(target.c_str(), folder.path("link").c_str()), 0);
  ASSERT_EQ(::symlink("nowhere", folder.path("broken").c_str()), 0);
  const auto list = expand_inputs(std::vector{folder.path()});
  ASSERT_TRUE(list.has_value()) << list.error().message;
  EXPECT_THAT(paths(*list), ElementsAre(folder.path("link")));
}

TEST(InputList, APipeIsNotTouched) {
  const TempFolder folder;
  const std::string pipe = folder.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto list = expand_inputs(std::vector{pipe});  // would wait for a writer if it opened it
  ASSERT_TRUE(list.has_value());
  EXPECT_THAT(paths(*list), ElementsAre(pipe));
  EXPECT_EQ(list->inputs[0].size_bytes, 0);
}

TEST(InputList, RefusesBeforeTheRun) {
  const TempFolder folder;
  const std::string good = folder.write("good", capture_at(1));
  EXPECT_EQ(refusal({good, folder.path("none")}),
            "cannot open " + folder.path("none") + ": No such file or directory; check the name");
  EXPECT_EQ(refusal({folder.write("empty", {})}), folder.path("empty") + " is empty: no capture was written to it");
  folder.write("texts/notes.txt", text("notes"));
  EXPECT_EQ(refusal({folder.path("texts")}),
            "folder " + folder.path("texts") + " holds no capture (pcap or pcapng); folders below it are not searched");
  EXPECT_EQ(refusal({"-", good, "-"}, ExitCode::kUsage), "standard input ('-') is named twice; it can be read once");
  EXPECT_EQ(refusal({}, ExitCode::kUsage), "no capture is named; give a file, a folder or '-'");
}

TEST(InputList, RefusesAnUnreadableFile) {
  const TempFolder folder;
  const std::string path = folder.write("secret", capture_at(1));
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(path.c_str(), 0), 0);
  const AsNobody nobody;
  EXPECT_EQ(refusal({path}), "cannot open " + path + ": Permission denied; ask for read permission");
}

}  // namespace
}  // namespace flowgauge::test
