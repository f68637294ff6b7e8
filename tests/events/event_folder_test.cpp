// The event files of a job: which is missing, and which does not belong to it.
#include "core/events/event_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/events/event_files.h"

namespace flowgauge::test {
namespace {

void write_three(const TempFolder& folder) {
  for (std::uint32_t number = 1; number <= 3; ++number) write_events(folder, {.number = number, .count = 3}, {});
}

std::string refusal(const TempFolder& folder, const std::string& settings = kSettings) {
  const auto files = list_event_files(folder.path(), settings);
  if (files) return "none";
  EXPECT_EQ(files.error().code, ExitCode::kInput);
  return files.error().message;
}

TEST(EventFolder, ListsTheFilesByTheirNumbers) {
  const TempFolder folder;
  for (const std::uint32_t number : {3U, 1U, 2U})
    write_events(folder, {.number = number, .count = 3, .problem = number == 2 ? "capture-2: is cut" : ""}, {});
  std::ofstream(folder.path("000004.events.Xy12ab.part")) << "of a worker that died";
  std::ofstream(folder.path("notes.txt")) << "somebody's";
  const auto files = list_event_files(folder.path(), kSettings);
  ASSERT_TRUE(files.has_value()) << files.error().message;
  ASSERT_EQ(files->size(), 3U);
  EXPECT_EQ((*files)[0].path, folder.path("000001.events"));
  EXPECT_EQ((*files)[1].problem, "capture-2: is cut");
  EXPECT_EQ((*files)[2].capture, "capture-3");
}

TEST(EventFolder, AMissingFileIsNamed) {
  for (const std::uint32_t missing : {1U, 2U, 3U}) {
    const TempFolder folder;
    write_three(folder);
    std::filesystem::remove(folder.path(event_file_name(missing)));
    EXPECT_EQ(refusal(folder), folder.path() + ": " + event_file_name(missing) +
                                   " is missing, of 3; run flowgauge events for that capture");
  }
}

TEST(EventFolder, WithoutAnyItSaysWhoMakesThem) {
  const TempFolder folder;
  EXPECT_EQ(refusal(folder), folder.path() + ": has no event files (000001.events); flowgauge events makes them");
  EXPECT_EQ(list_event_files("/nowhere", kSettings).error().message,
            "/nowhere: cannot be read: No such file or directory");
}

TEST(EventFolder, AFileOfAnotherJobIsRefused) {
  const TempFolder folder;
  write_three(folder);
  write_events(folder, {.number = 2, .count = 4}, {});
  EXPECT_EQ(refusal(folder), folder.path("000002.events") + ": is of a job of 4 captures, " +
                                 folder.path("000001.events") + " of one of 3; a folder is for one job");
}

TEST(EventFolder, AFileUnderAnotherNameIsRefused) {
  const TempFolder folder;
  write_three(folder);
  std::filesystem::copy_file(folder.path("000003.events"), folder.path("000002.events"),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(refusal(folder), folder.path("000002.events") + ": says that it is number 3; it has another file's name");
}

TEST(EventFolder, OtherSettingsAreNamed) {
  const TempFolder folder;
  write_three(folder);
  EXPECT_EQ(refusal(folder, "program: test\npackets:\n  filter: udp\n"),
            folder.path("000001.events") +
                ": was made with 'filter: \"\"', this run has 'filter: udp'; both stages need "
                "the same program, profile and flags");
  EXPECT_EQ(refusal(folder, kSettings.substr(0, kSettings.find("packets:"))), "none");  // it asks for less
  EXPECT_EQ(refusal(folder, kSettings + "more\n"),
            folder.path("000001.events") +
                ": was made with '', this run has 'more'; both stages need the same program, "
                "profile and flags");
}

}  // namespace
}  // namespace flowgauge::test
