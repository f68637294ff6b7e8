// A table in a file of its own, and its summary.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "core/summary/summarize.h"

namespace flowgauge::test {

class MadeTable {
 public:
  explicit MadeTable(std::string_view content, const std::string& name = "t.csv") {
    std::string folder = ::testing::TempDir() + "summaryXXXXXX";
    folder_ = ::mkdtemp(folder.data());
    path_ = folder_ / name;
    std::ofstream(path_, std::ios::binary) << content;
  }
  MadeTable(const MadeTable&) = delete;
  MadeTable& operator=(const MadeTable&) = delete;
  ~MadeTable() { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path() const { return path_.string(); }
  void beside(const std::string& suffix, std::string_view content) const {
    std::ofstream(path_.string() + suffix, std::ios::binary) << content;
  }
  [[nodiscard]] Result<Summary> summary() const {
    const StopRequest stop;
    return summarize({.tables = {path()}}, stop);
  }
  // What is said, without the folder.
  [[nodiscard]] std::string error() const {
    const auto made = summary();
    std::string text = !made ? made.error().message : made->fault ? made->fault->message : "";
    if (const auto at = text.find(folder_.string()); at != std::string::npos)
      text.erase(at, folder_.string().size() + 1);
    return text;
  }

 private:
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

}  // namespace flowgauge::test
