// Rows behind those of a table that exists: whatever an earlier run or somebody else left in PATH, PATH.part and
// PATH.joining. An input is a byte of choices, then the contents of PATH.part and PATH.joining, each up to a byte 0xff,
// and that of PATH. An 'i' in a note stands for the number of PATH's inode.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "core/output/appended_file.h"
#include "tests/fuzz/own_folder.h"
#include "tests/support/file_text.h"

namespace {

using flowgauge::AppendedFile;
using flowgauge::TableFormat;
using flowgauge::test::must_hold;

struct Left {
  TableFormat format = TableFormat::kCsv;
  AppendedFile::LeftRows rows = AppendedFile::LeftRows::kAdded;
  bool is_compressed = false;
  std::optional<std::string> table;
  std::optional<std::string> part;
  std::optional<std::string> note;
};

Left left_of(std::string_view input) {
  const auto choices = static_cast<unsigned char>(input.front());
  input.remove_prefix(1);
  const auto content = [&](unsigned is_there) {
    std::optional<std::string> text;
    const std::size_t end = std::min(input.find('\xff'), input.size());
    if ((choices & is_there) != 0) text = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    return text;
  };
  Left left{.format = (choices & 1) != 0 ? TableFormat::kJsonLines : TableFormat::kCsv,
            .rows = (choices & 2) != 0 ? AppendedFile::LeftRows::kAside : AppendedFile::LeftRows::kAdded,
            .is_compressed = (choices & 4) != 0};
  left.part = content(8);
  left.note = content(16);
  if ((choices & 32) != 0) left.table = input;
  return left;
}

void put(const std::string& path, const std::optional<std::string>& content) {
  if (content)
    flowgauge::test::write_file(path, *content);
  else
    ::unlink(path.c_str());
}

std::string with_inode(std::string note, const std::string& path) {
  struct stat status {};
  const std::string inode = std::to_string(::stat(path.c_str(), &status) == 0 ? status.st_ino : 0);
  for (std::size_t at = note.find('i'); at != std::string::npos; at = note.find('i', at)) note.replace(at, 1, inode);
  return note;
}

enum class Header : std::uint8_t { kWith, kWithout };

// The part up to its last whole row, by a scan of its own.
std::string whole_rows(const Left& left, Header header) {
  std::size_t end = 0;
  bool is_quoted = false;
  for (std::size_t at = 0; at < left.part->size(); ++at) {
    const char letter = (*left.part)[at];
    if (letter == '"' && left.format == TableFormat::kCsv) is_quoted = !is_quoted;
    if (letter == '\n' && !is_quoted) end = at + 1;
  }
  const bool begins_behind = left.format == TableFormat::kCsv && header == Header::kWithout;
  const std::size_t begin = begins_behind ? left.part->find('\n') + 1 : 0;
  return begin < end ? left.part->substr(begin, end - begin) : "";
}

// Without a note: nothing, or all whole rows behind what was there.
void check_added(const Left& left, const std::string& table, bool has_part) {
  const std::string before = left.table.value_or("");
  must_hold(table.starts_with(before), "what a table had stays");
  if (table == before) {
    must_hold(has_part == left.part.has_value() || whole_rows(left, Header::kWithout).empty(),
              "rows that are not added are there");
    return;
  }
  must_hold(left.part && !has_part && left.rows == AppendedFile::LeftRows::kAdded && !left.is_compressed,
            "rows are added where that was asked for");
  // The first rows of a table bring its header.
  const Header header = before.empty() ? Header::kWith : Header::kWithout;
  must_hold(table.substr(before.size()) == whole_rows(left, header), "all whole rows are added");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const flowgauge::test::OwnFolder folder;
  if (size == 0) return -1;
  const Left left = left_of({reinterpret_cast<const char*>(data), size});
  const std::string path = folder.path(left.is_compressed ? "rows.gz" : "rows");
  put(path, left.table);
  put(path + ".part", left.part);
  put(path + ".joining", left.note ? std::optional(with_inode(*left.note, path)) : std::nullopt);

  const std::string header = left.format == TableFormat::kCsv ? "a,b\n" : "{\"a\":0,\"b\":0}\n";
  AppendedFile file(path, left.format, header);
  if (const auto recovered = file.recover(left.rows); !recovered)
    must_hold(!recovered.error().message.empty(), "a refusal has a sentence");
  if (!left.note) check_added(left, flowgauge::test::file_text(path), ::access((path + ".part").c_str(), F_OK) == 0);
  const auto checked = file.check();
  must_hold(checked || checked.error().message.starts_with(path + ": cannot be appended to: "),
            "a refusal names the table");
  if (checked && left.table && !left.table->empty()) flowgauge::test::note_taken();
  return 0;
}
