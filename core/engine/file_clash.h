// Whether a run would write over what it reads, or over another of its outputs. Stateless; opens nothing.
// Files are told apart by device and inode where they exist, else by where their name leads: however a name is spelled,
// through links and folders. Devices and pipes hold nothing that could be lost; they may be named again and again.
#pragma once

#include <span>
#include <string>

#include "core/base/result.h"
#include "core/table/existing_file.h"

namespace flowgauge {

struct ReadFile {
  std::string path;  // "-": standard input
  std::string what;  // "the input a.pcap"
};

struct WrittenFile {
  std::string path;    // "-": standard output; of a file, PATH.part is written too
  std::string what;    // "the table a.csv"
  std::string action;  // "the table a.csv would be written over"
  std::string where;   // "FILE:LINE: " of the profile, or ""
  ExistingFile existing = ExistingFile::kRefuse;
};

// The first clash (kUsage): "a.csv: the report would be written over the table a.csv; choose another name for one of
// them".
[[nodiscard]] Result<void> check_for_clash(std::span<const ReadFile> read, std::span<const WrittenFile> written);

}  // namespace flowgauge
