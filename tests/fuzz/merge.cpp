// Tables with their order, as `flowgauge merge` reads them: what is read is what stands there, and what is parted is
// merged again. An input is a table, and maybe another one behind a byte 0xff.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/table_merge.h"
#include "tests/fuzz/own_folder.h"
#include "tests/support/file_text.h"

namespace {

using flowgauge::MergedColumns;
using flowgauge::OrderedTable;
using flowgauge::test::must_hold;

struct Table {
  std::string header;
  std::vector<std::string> rows;
};

void expect_refusal(const flowgauge::Error& error) {
  must_hold(flowgauge::test::is_one_line(error.message), "an error is one line");
}

// None: it is refused, and its rows before that are what stands there.
std::optional<Table> read(const std::string& path, std::string_view input) {
  static const flowgauge::StopRequest stop;
  auto table = OrderedTable::open(path, stop);
  if (!table) {
    expect_refusal(table.error());
    return std::nullopt;
  }
  Table found;
  std::string without_order;
  (*table)->append(MergedColumns::kAll, found.header);
  (*table)->append(MergedColumns::kWithoutOrder, without_order);
  std::string all = found.header;
  flowgauge::ReleaseOrder before;
  for (bool is_first = true;; is_first = false) {
    const auto more = (*table)->next();
    if (!more) {
      expect_refusal(more.error());
      must_hold(input.starts_with(all), "rows before damage are what stands there");
      return std::nullopt;
    }
    if (!*more) break;
    must_hold(is_first || before < (*table)->order(), "rows come in order");
    before = (*table)->order();
    (*table)->append(MergedColumns::kAll, found.rows.emplace_back());
    (*table)->append(MergedColumns::kWithoutOrder, without_order);
    all += found.rows.back();
  }
  must_hold(all == input, "the rows are what stands there");
  must_hold(without_order.size() < all.size(), "a row without its order is shorter");
  return found;
}

class Tables {
 public:
  void put(std::size_t number, std::string_view text) { flowgauge::test::write_file(paths_.at(number), text); }
  [[nodiscard]] const std::string& path(std::size_t number) const { return paths_.at(number); }

  // None: a refusal.
  [[nodiscard]] std::optional<std::string> merged() const {
    static const flowgauge::StopRequest stop;
    const auto rows = flowgauge::merge_tables({.inputs = {paths_.begin(), paths_.end()},
                                               .output = folder_.path("merged.csv"),
                                               .columns = MergedColumns::kAll,
                                               .force = true},
                                              stop);
    if (rows) return flowgauge::test::file_text(folder_.path("merged.csv"));
    expect_refusal(rows.error());
    return std::nullopt;
  }

 private:
  flowgauge::test::OwnFolder folder_;
  std::array<std::string, 2> paths_ = {folder_.path("0.csv"), folder_.path("1.csv")};
};

// `text`: all of the table. Parted by the bits of `choice`, one a row.
void check_parting(const Table& table, std::string_view text, std::size_t choice, Tables& tables) {
  std::array parts = {table.header, table.header};
  for (std::size_t row = 0; row < table.rows.size(); ++row) parts.at(choice >> row % 8 & 1) += table.rows[row];
  for (std::size_t number = 0; number < 2; ++number) tables.put(number, parts.at(number));
  must_hold(tables.merged() == text, "parts of a table are merged to it");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Tables tables;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string_view first = input.substr(0, input.find('\xff'));
  tables.put(0, first);
  const auto table = read(tables.path(0), first);
  if (!table) return 0;
  if (first.size() < size) {
    const std::string_view second = input.substr(first.size() + 1);
    tables.put(1, second);
    const auto other = read(tables.path(1), second);
    const auto merged = tables.merged();
    must_hold(!merged || other, "what cannot be read is not merged");
    if (merged) must_hold(merged->size() == size - 1 - other->header.size(), "no byte of a row is lost");
  }
  check_parting(*table, first, size, tables);
  flowgauge::test::note_taken();
  return 0;
}
