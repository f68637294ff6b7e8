// All public captures: no crash, the ledger balances, and where libpcap reads a capture to its end, its packet count.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tests/ingest/ingest_support.h"

namespace flowgauge::test {
namespace {

namespace fs = std::filesystem;

const fs::path kCaptures = fs::path(FLOWGAUGE_SHARED_DIR) / "captures";

// What libpcap refuses to read, in whole or from some packet on, and what is cut.
const std::set<std::string> kNotWhole = {
    "brimcap__extra.pcapng",       "dpkt__truncated-dns-2.pcap",           "gopacket__be-test202.pcapng",
    "gopacket__le-test102.pcapng", "libpcap__pcap-invalid-version-1.pcap", "libpcap__shb-option-too-long.pcapng",
    "ndpi__fuzz-2021-10-13.pcap",  "pcpp__many-interfaces-1.pcapng",       "suri__fuzz.pcap",
};

// File name -> packets_capinfos, as far as capinfos read the file.
std::map<std::string, std::string> expected_counts() {
  std::map<std::string, std::string> counts;
  std::ifstream table(kCaptures / "tshark-conversations.tsv");
  std::string line;
  std::getline(table, line);
  while (std::getline(table, line)) {
    std::istringstream fields(line);
    std::string file;
    std::string tshark;
    std::string capinfos;
    std::getline(fields, file, '\t');
    std::getline(fields, tshark, '\t');
    std::getline(fields, capinfos, '\t');
    counts[file] = capinfos;
  }
  return counts;
}

TEST(SharedCaptures, FramesReadAreThePacketsOfEachFile) {
  if (!fs::is_directory(kCaptures)) GTEST_SKIP() << "no captures at " << kCaptures;
  const auto counts = expected_counts();
  ASSERT_GT(counts.size(), 100);
  std::set<std::string> not_whole;
  for (const auto& [file, packets] : counts) {
    const SourceRun found = run(std::vector{(kCaptures / file).string()});
    if (!found.problems.empty()) not_whole.insert(file);
    for (const ExitCode code : found.codes) EXPECT_EQ(code, ExitCode::kInput) << file;
    if (kNotWhole.contains(file) || packets.empty()) continue;
    EXPECT_EQ(std::to_string(found.ledger.frames_read), packets) << file;
  }
  EXPECT_EQ(not_whole, kNotWhole);
}

TEST(SharedCaptures, AsAFolderTheyAreOneStream) {
  if (!fs::is_directory(kCaptures)) GTEST_SKIP() << "no captures at " << kCaptures;
  std::uint64_t frames = 0;
  std::size_t problems = 0;
  for (const auto& [file, packets] : expected_counts()) {
    const SourceRun found = run(std::vector{(kCaptures / file).string()});
    frames += found.ledger.frames_read;
    problems += found.problems.size();
  }
  const SourceRun all = run(std::vector{kCaptures.string()});
  EXPECT_EQ(all.ledger.frames_read, frames);
  EXPECT_EQ(all.problems.size(), problems);
  EXPECT_EQ(all.progress.bytes_read, all.progress.bytes_total);
}

// run() compares the account's sums; the sanitizers look at every byte that the parser does.
TEST(SharedCaptures, AllFoldersAreParsedUnderEveryConfiguration) {
  if (!fs::is_directory(kCaptures)) GTEST_SKIP() << "no captures at " << kCaptures;
  for (const std::uint8_t decapsulate_inner : {1, 0}) {
    for (const std::uint8_t drop_later_fragments : {0, 1}) {
      PcapSourceOptions options;
      options.parse.decapsulate_inner = decapsulate_inner;
      options.parse.drop_later_fragments = drop_later_fragments;
      options.payload_bytes_wanted = 64;
      for (const char* folder : {"captures", "captures2", "cases"}) {
        const SourceRun found = run({(fs::path(FLOWGAUGE_SHARED_DIR) / folder).string()}, options);
        EXPECT_GT(found.ledger.accepted(), 0) << folder;
        EXPECT_EQ(found.payloads.size(), found.events.size()) << folder;
      }
    }
  }
}

}  // namespace
}  // namespace flowgauge::test
