#include "core/check/check_derive.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <limits>
#include <thread>

#include "core/base/log.h"
#include "core/base/validity.h"
#include "core/check/call_watch.h"
#include "core/check/guard_words.h"
#include "core/check/guarded_struct.h"
#include "core/check/plugin_call.h"
#include "core/plugin/arena.h"
#include "core/plugin/host_services.h"

namespace flowgauge {
namespace {

constexpr std::size_t kRows = 100;
constexpr std::array<std::uint64_t, 3> kItems = {0, 1, std::numeric_limits<std::uint64_t>::max()};

enum class Nulls : std::uint8_t { kNone, kSome, kAll };
enum class Wanted : std::uint8_t { kAll, kEvery2nd };

struct Column {
  std::vector<std::uint64_t> words;
  std::vector<std::uint64_t> validity;

  bool operator==(const Column&) const = default;
};

template <class T>
void put(Column& column, std::size_t row, const T& cell) {
  std::memcpy(reinterpret_cast<unsigned char*>(column.words.data()) + row * sizeof(T), &cell, sizeof(T));
}

// `number` chooses the value.
void put_extreme(Column& column, fg_type type, std::size_t row, std::size_t number) {
  constexpr std::int64_t kIntegers[] = {0, 1, -1, std::numeric_limits<std::int64_t>::max(),
                                        std::numeric_limits<std::int64_t>::min()};
  static constexpr double kDoubles[] = {0, 1, -1, 1e308, -1e308, 5e-324};
  constexpr fg_series kSeries[] = {{},
                                   {1, 5, 25, 0, 5, 5},
                                   {std::numeric_limits<std::uint64_t>::max(), std::numeric_limits<std::int64_t>::max(),
                                    std::numeric_limits<std::uint64_t>::max(), 1, 0, kIntegers[3]}};
  static constexpr fg_string kTexts[] = {{nullptr, 0}, {"TCP", 3}, {"\xc3\xbc", 2}};
  switch (type) {
    case FG_F64:
      return put(column, row, kDoubles[number % std::size(kDoubles)]);
    case FG_BOOL:
      return put(column, row, static_cast<std::uint8_t>(number % 2));
    case FG_STRING:
      return put(column, row, kTexts[number % std::size(kTexts)]);
    case FG_LIST_F64:
      return put(column, row,
                 fg_list_f64{number % 2 == 0 ? nullptr : kDoubles, number % 2 == 0 ? 0 : std::size(kDoubles)});
    case FG_LIST_STRING:
      return put(column, row,
                 fg_list_string{number % 2 == 0 ? nullptr : kTexts, number % 2 == 0 ? 0 : std::size(kTexts)});
    case FG_LIST_U64:
    case FG_LIST_I64:
      return put(column, row,
                 fg_list_u64{number % 2 == 0 ? nullptr : kItems.data(), number % 2 == 0 ? 0 : kItems.size()});
    case FG_SERIES:
      return put(column, row, kSeries[number % std::size(kSeries)]);
    default:
      return put(column, row, kIntegers[number % std::size(kIntegers)]);
  }
}

struct Case {
  std::size_t first_row = 0;
  std::size_t rows = kRows;
  Nulls nulls = Nulls::kNone;
  Wanted wanted = Wanted::kAll;
};

class DeriveRig {
 public:
  DeriveRig(const DeriveOwner& owner, const Derive& derive, const Catalog& catalog)
      : owner_(owner), derive_(derive), catalog_(catalog), call_(Behind::kTrap) {}

  Finding run(const Case& with, Rows& rows) {
    std::vector<Column> inputs, outputs;
    std::vector<fg_vector> input_vectors, output_vectors;
    for (const fg_input& input : derive_.inputs) {
      inputs.push_back(input_cells(input, with));
      input_vectors.push_back(
          {inputs.back().words.data(), is_nullable(input) ? inputs.back().validity.data() : nullptr});
    }
    for (const fg_column& output : derive_.outputs) {
      const bool wanted = with.wanted == Wanted::kAll || outputs.size() % 2 == 0;
      outputs.push_back(output_cells(output, with.rows));
      const bool nullable = (output.flags & FG_NULLABLE) != 0;
      output_vectors.push_back({wanted ? outputs.back().words.data() : nullptr,
                                wanted && nullable ? outputs.back().validity.data() : nullptr});
    }
    Arena arena;
    arena.begin_call(static_cast<std::uint32_t>(with.rows));
    fg_derive_call call{};
    call.row_count = static_cast<std::uint32_t>(with.rows);
    call.inputs = input_vectors.data();
    call.outputs = output_vectors.data();
    call.arena = &arena;
    call.host = &plugin_host();
    call_ = call;
    const std::vector<Column> before = inputs;
    if (!call_derive()) {
      return fmt::format("derive of {} '{}' failed: {}", owner_.kind, owner_.name, plugin_reason());
    }
    if (inputs != before)
      return fmt::format("derive of {} '{}' writes into its inputs; others read them as well", owner_.kind,
                         owner_.name);
    return read(output_vectors, outputs, {arena, &owner_.module.memory}, with.rows, rows);
  }

 private:
  bool call_derive() {
    const RunningCall running{owner_.module.path.c_str(), owner_.name.c_str(), "derive"};
    return succeeds(running, [this] { return derive_.table.derive(call_.get()); });
  }

  [[nodiscard]] bool is_nullable(const fg_input& input) const {
    const CatalogColumn* column = catalog_.find(input.name);
    return column != nullptr && (column->column().flags & FG_NULLABLE) != 0;
  }

  static Column input_cells(const fg_input& input, const Case& with) {
    Column cells{std::vector<std::uint64_t>(with.rows * cell_bytes(input.type) / 8 + 1),
                 std::vector<std::uint64_t>(with.rows / 64 + 1)};
    for (std::size_t row = 0; row < with.rows; ++row) {
      const std::size_t number = with.first_row + row;
      const bool null = with.nulls == Nulls::kAll || (with.nulls == Nulls::kSome && number % 3 == 0);
      if (null) continue;  // zero
      put_extreme(cells, input.type, row, number);
      set_valid(cells.validity.data(), row);
    }
    return cells;
  }

  static Column output_cells(const fg_column& output, std::size_t rows) {
    const std::size_t words = (rows * cell_bytes(output.type) + 7) / 8;
    Column cells{std::vector<std::uint64_t>(words + kGuardWords),
                 std::vector<std::uint64_t>(rows / 64 + 1 + kGuardWords)};
    std::fill(cells.words.begin() + static_cast<std::ptrdiff_t>(words), cells.words.end(), kGuardWord);
    return cells;
  }

  Finding read(const std::vector<fg_vector>& vectors, const std::vector<Column>& outputs, const CellSource& source,
               std::size_t count, Rows& rows) {
    rows.clear();
    for (std::size_t o = 0; o < vectors.size(); ++o) {
      const fg_column& output = derive_.outputs[o];
      const std::string name = fmt::format("{}.{}", owner_.name, output.name);
      const auto& words = outputs[o].words;
      for (std::size_t i = words.size() - kGuardWords; i < words.size(); ++i) {
        if (words[i] != kGuardWord) return name + ": derive writes behind the cells; a column has row_count of them";
      }
      rows.emplace_back();
      if (vectors[o].cells == nullptr) continue;
      if (Finding wrong = judge_pointers(output, vectors[o], count, source); !wrong.empty())
        return fmt::format("{}: {}", name, wrong);
      if (Finding wrong = judge_cells(output, vectors[o], count); !wrong.empty())
        return fmt::format("{}: {}", name, wrong);
      rows.back() = read_column(output, vectors[o], count);
    }
    return {};
  }

  const DeriveOwner& owner_;
  const Derive& derive_;
  const Catalog& catalog_;
  Passed<fg_derive_call> call_;
};

// Row `first_row` and those behind it, in `part`, as in `whole`.
Finding compare(const DeriveOwner& owner, const Derive& derive, const Rows& whole, const Rows& part,
                std::size_t first_row) {
  for (std::size_t o = 0; o < part.size(); ++o) {
    for (std::size_t row = 0; row < part[o].cells.size(); ++row) {
      if (part[o].cells[row] == whole[o].cells[first_row + row]) continue;
      return fmt::format("{}.{}: is another for the same inputs; keep nothing between calls or rows", owner.name,
                         derive.outputs[o].name);
    }
  }
  return {};
}

Finding on_this_thread(const DeriveOwner& owner, const Derive& derive, const Catalog& catalog) {
  DeriveRig rig(owner, derive, catalog);
  Rows rows;
  if (Finding wrong = rig.run({.rows = 0}, rows); !wrong.empty()) return "for no rows: " + wrong;
  for (const Nulls nulls : {Nulls::kNone, Nulls::kSome, Nulls::kAll}) {
    Rows whole;
    if (Finding wrong = rig.run({.nulls = nulls}, whole); !wrong.empty()) return wrong;
    if (Finding wrong = rig.run({.nulls = nulls, .wanted = Wanted::kEvery2nd}, rows); !wrong.empty()) return wrong;
    if (Finding wrong = compare(owner, derive, whole, rows, 0); !wrong.empty()) return wrong;
    for (std::size_t row = 0; row < kRows; ++row) {
      if (Finding wrong = rig.run({.first_row = row, .rows = 1, .nulls = nulls}, rows); !wrong.empty()) return wrong;
      if (Finding wrong = compare(owner, derive, whole, rows, row); !wrong.empty()) return wrong;
    }
  }
  return {};
}

// Any worker calls it, and several do at a time.
Finding on_two_threads(const DeriveOwner& owner, const Derive& derive, const Catalog& catalog) {
  DeriveRig rig(owner, derive, catalog);
  Rows usual;
  if (Finding wrong = rig.run({}, usual); !wrong.empty()) return wrong;
  std::array<Finding, 2> found;
  const auto work = [&](std::size_t thread) {
    const LogScope silent(nullptr);
    DeriveRig own(owner, derive, catalog);
    Rows rows;
    found[thread] = own.run({}, rows);
    if (found[thread].empty()) found[thread] = compare(owner, derive, usual, rows, 0);
  };
  {
    const std::jthread one(work, 0);
    const std::jthread other(work, 1);
  }
  for (const Finding& wrong : found)
    if (!wrong.empty()) return "on another thread: " + wrong;
  return {};
}

}  // namespace

Finding check_derive(const DeriveOwner& owner, const Derive& derive, const Catalog& catalog) {
  const LogScope silent(nullptr);
  CallWatch watch(reinterpret_cast<const void*>(derive.table.derive));
  if (Finding wrong = on_this_thread(owner, derive, catalog); !wrong.empty()) return wrong;
  if (Finding wrong = on_two_threads(owner, derive, catalog); !wrong.empty()) return wrong;
  if (Finding seen = watch.seen(); !seen.empty())
    return fmt::format("{} '{}': derive {}", owner.kind, owner.name, seen);
  return {};
}

}  // namespace flowgauge
