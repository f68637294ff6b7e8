// Tables with their order, as `flowgauge merge` reads them: what is read is what stands there.
#include <string>

#include "core/engine/ordered_table.h"
#include "tests/fuzz/target.h"

namespace {

using flowgauge::MergedColumns;
using flowgauge::test::must_hold;

void expect_refusal(const flowgauge::Error& error) {
  must_hold(!error.message.empty() && error.message.find('\n') == std::string::npos, "an error is one line");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static flowgauge::test::InputFile file;
  static const flowgauge::StopRequest stop;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  auto table = flowgauge::OrderedTable::open(file.holding(data, size), stop);
  if (!table) {
    expect_refusal(table.error());
    return 0;
  }
  std::string all, without_order;
  (*table)->append(MergedColumns::kAll, all);
  (*table)->append(MergedColumns::kWithoutOrder, without_order);
  flowgauge::ReleaseOrder before;
  for (bool is_first = true;; is_first = false) {
    const auto more = (*table)->next();
    if (!more) {
      expect_refusal(more.error());
      must_hold(input.starts_with(all), "rows before damage are what stands there");
      return 0;
    }
    if (!*more) break;
    must_hold(is_first || before < (*table)->order(), "rows come in order");
    before = (*table)->order();
    (*table)->append(MergedColumns::kAll, all);
    (*table)->append(MergedColumns::kWithoutOrder, without_order);
  }
  must_hold(all == input, "the rows are what stands there");
  must_hold(without_order.size() < all.size(), "a row without its order is shorter");
  flowgauge::test::note_taken();
  return 0;
}
