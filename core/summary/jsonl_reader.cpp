// JSON Lines: an object a line. Columns are the keys, in the order in which they are met.
#include <simdjson.h>

#include <cstring>
#include <memory_resource>
#include <optional>
#include <unordered_map>
#include <utility>

#include "core/base/text.h"
#include "core/base/try.h"
#include "core/summary/byte_feed.h"
#include "core/summary/table_reader.h"

namespace flowgauge {
namespace {

static_assert(ByteFeed::kPaddingBytes >= simdjson::SIMDJSON_PADDING);

class JsonlReader final : public TableReader {
 public:
  JsonlReader(std::unique_ptr<CompressedStream> stream, const std::vector<std::string>& known_columns)
      : feed_(std::move(stream)) {
    for (const std::string& name : known_columns) column_of(name, SIZE_MAX);
  }

  Result<bool> read(CellBlock& block) override;
  [[nodiscard]] const std::vector<std::string>& names() const override { return names_; }
  [[nodiscard]] std::string_view format() const override { return "JSONL"; }
  [[nodiscard]] std::string_view compression() const override { return compression_name(feed_.stream().compression()); }
  [[nodiscard]] const LeftOut& left_out() const override { return left_out_; }

 private:
  enum class Row { kTaken, kHasNewColumn, kRefused };

  template <class... Args>
  Row refuse(fmt::format_string<Args...> format, Args&&... args) {
    fault_ = Error{ExitCode::kInput, fmt::format("{}: line {}: {}", feed_.name(), line_,
                                                 fmt::format(format, std::forward<Args>(args)...))};
    return Row::kRefused;
  }
  void take_lines(CellBlock& block);
  Row take_line(CellBlock& block, std::string_view line);
  Row read_object(CellBlock& block, simdjson::ondemand::object object);
  std::optional<Cell> cell_of(simdjson::ondemand::value value);
  std::size_t column_of(std::string_view key, std::size_t expected);
  std::string_view kept(std::string_view text);
  void end_of_bytes(CellBlock& block);

  ByteFeed feed_;
  simdjson::ondemand::parser parser_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::size_t> columns_;
  std::pmr::monotonic_buffer_resource texts_{std::size_t{1} << 16};  // of the block's cells
  LeftOut left_out_;
  std::size_t row_ = 0;
  std::uint64_t line_ = 1;
  bool at_end_ = false;
  std::optional<Error> fault_;
};

Result<bool> JsonlReader::read(CellBlock& block) {
  block.clear(names_.size());
  texts_.release();
  for (;;) {
    if (!fault_) take_lines(block);
    if (block.rows > 0) return true;
    if (fault_) return std::unexpected(*fault_);
    if (at_end_) return false;
    at_end_ = !feed_.fill(std::exchange(row_, 0));
    if (at_end_) end_of_bytes(block);
    if (!fault_ && feed_.bytes().size() > ByteFeed::kLongestRowBytes && !feed_.bytes().contains('\n'))
      refuse("is longer than {}; is it a table?", human_bytes(ByteFeed::kLongestRowBytes));
  }
}

// Whole lines from row_ on, until the block is full or a row brings a column that its rows have not.
void JsonlReader::take_lines(CellBlock& block) {
  while (!block.is_full()) {
    const std::size_t end = feed_.bytes().find('\n', row_);
    if (end == std::string_view::npos) return;
    const Row row = take_line(block, feed_.bytes().substr(row_, end - row_));
    if (row == Row::kRefused || (row == Row::kHasNewColumn && block.rows > 0)) return;
    if (row == Row::kHasNewColumn) continue;
    row_ = end + 1;
    ++line_;
  }
}

JsonlReader::Row JsonlReader::take_line(CellBlock& block, std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.find_first_not_of(" \t") == std::string_view::npos) {
    ++left_out_.blank_lines;
    return Row::kTaken;
  }
  const std::size_t room = static_cast<std::size_t>(feed_.bytes().end() - line.begin()) + ByteFeed::kPaddingBytes;
  simdjson::ondemand::document document;
  simdjson::ondemand::object object;
  auto error = parser_.iterate(line.data(), line.size(), room).get(document);
  if (!error) error = document.get_object().get(object);
  if (error == simdjson::INCORRECT_TYPE)
    return refuse("is no JSON object{}", line.starts_with('[') ? "; write one object a line, not an array" : "");
  if (error) return refuse("is no JSON object ({})", simdjson::error_message(error));
  const std::size_t first_cell = block.cells.size();
  // As many as the table has now: a new column may be met in the first row of a block.
  block.columns = block.rows == 0 ? names_.size() : block.columns;
  block.cells.resize(first_cell + block.columns);
  const Row row = read_object(block, object);
  if (row == Row::kTaken && document.current_location().error() == simdjson::OUT_OF_BOUNDS) {
    ++block.rows;
    return row;
  }
  block.cells.resize(first_cell);
  if (row == Row::kTaken) return refuse("has something behind its JSON object");
  return row;
}

JsonlReader::Row JsonlReader::read_object(CellBlock& block, simdjson::ondemand::object object) {
  Cell* const row = block.cells.data() + block.cells.size() - block.columns;
  std::size_t expected = 0;
  Row result = Row::kTaken;
  for (auto field : object) {
    std::string_view key;
    if (const auto error = field.unescaped_key().get(key)) return refuse("{}", simdjson::error_message(error));
    const std::size_t column = column_of(key, expected);
    if (column >= kMostColumns) return refuse("brings more than {} different keys; is it a table?", kMostColumns);
    expected = column + 1;
    if (column >= block.columns) result = Row::kHasNewColumn;
    simdjson::ondemand::value value;
    if (const auto error = field.value().get(value)) return refuse("{}", simdjson::error_message(error));
    const std::optional<Cell> cell = cell_of(value);
    if (!cell) return Row::kRefused;
    if (column < block.columns) row[column] = *cell;
  }
  if (result == Row::kTaken && expected == 0 && names_.empty()) return refuse("is an object without a key");
  return result;
}

// None: it is no JSON, which is said.
std::optional<Cell> JsonlReader::cell_of(simdjson::ondemand::value value) {
  using simdjson::ondemand::json_type;
  json_type type{};
  std::string_view text;
  auto error = value.type().get(type);
  if (!error && type == json_type::string) error = value.get_string().get(text);
  if (!error && type == json_type::array) {
    simdjson::ondemand::array array;
    error = value.get_array().get(array);
    if (!error) error = array.raw_json().get(text);
  }
  if (!error && type == json_type::object) {
    simdjson::ondemand::object object;
    error = value.get_object().get(object);
    if (!error) error = object.raw_json().get(text);
  }
  if (!error && type == json_type::number) {
    double number = 0;
    text = value.raw_json_token();
    error = value.get_double().get(number);  // moves on, and says what is no number
    if (error == simdjson::NUMBER_ERROR)
      error = simdjson::SUCCESS;  // of too many digits, or too great: the text decides
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  }
  bool truth = false;
  if (!error && type == json_type::boolean) {
    error = value.get_bool().get(truth);
    text = truth ? "true" : "false";
  }
  bool is_null = false;  // what begins as one may be any word
  if (!error && type == json_type::null && (value.is_null().get(is_null) != simdjson::SUCCESS || !is_null))
    error = simdjson::N_ATOM_ERROR;
  if (error) {
    refuse("{}", simdjson::error_message(error));
    return std::nullopt;
  }
  switch (type) {
    case json_type::string:
      return Cell{kept(text), Cell::Form::kText};
    case json_type::number:
      return Cell{text, Cell::Form::kPlain};
    case json_type::null:
      return Cell{};
    default:
      return Cell{kept(text), Cell::Form::kText};
  }
}

std::size_t JsonlReader::column_of(std::string_view key, std::size_t expected) {
  if (expected < names_.size() && names_[expected] == key) return expected;
  const auto [place, is_new] = columns_.try_emplace(std::string(key), names_.size());
  if (is_new) names_.emplace_back(key);
  return place->second;
}

// simdjson's own copy lasts until the next line.
std::string_view JsonlReader::kept(std::string_view text) {
  if (text.empty()) return {};
  auto* const copy = static_cast<char*>(texts_.allocate(text.size(), 1));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

// What is left is a line without its end.
void JsonlReader::end_of_bytes(CellBlock& block) {
  const std::string_view rest = feed_.bytes().substr(row_);
  if (feed_.stream().stopped()) {
    fault_ = Error{ExitCode::kInterrupted, "interrupted"};
  } else if (feed_.stream().damage()) {
    refuse("{}", *feed_.stream().damage());
  } else if (!rest.empty()) {
    Row row = take_line(block, rest);
    if (row == Row::kHasNewColumn) row = take_line(block, rest);
    if (row == Row::kRefused) fault_->message += "; it is the last line: was the table cut?";
    row_ = feed_.bytes().size();
  }
}

}  // namespace

Result<std::unique_ptr<TableReader>> open_jsonl(std::unique_ptr<CompressedStream> stream,
                                                const std::vector<std::string>& known_columns) {
  return std::unique_ptr<TableReader>(std::make_unique<JsonlReader>(std::move(stream), known_columns));
}

}  // namespace flowgauge
