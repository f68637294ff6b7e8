// CSV as RFC 4180 has it, cells apart by commas, tabs or semicolons.
#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "core/base/text.h"
#include "core/base/try.h"
#include "core/base/utf8.h"
#include "core/summary/byte_feed.h"
#include "core/summary/structural.h"
#include "core/summary/table_reader.h"

namespace flowgauge {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class CsvReader final : public TableReader {
 public:
  explicit CsvReader(std::unique_ptr<CompressedStream> stream) : feed_(std::move(stream)) {}

  Result<void> read_header();
  Result<bool> read(CellBlock& block) override;
  [[nodiscard]] const std::vector<std::string>& names() const override { return names_; }
  [[nodiscard]] std::string_view format() const override { return delimiter_ == '\t' ? "TSV" : "CSV"; }
  [[nodiscard]] std::string_view compression() const override { return compression_name(feed_.stream().compression()); }
  [[nodiscard]] const LeftOut& left_out() const override { return left_out_; }

 private:
  enum class RowOf { kHeader, kTable };

  template <class... Args>
  void refuse(fmt::format_string<Args...> format, Args&&... args) {
    fault_ = Error{ExitCode::kInput, feed_.name() + ": " + fmt::format(format, std::forward<Args>(args)...)};
  }
  void find_delimiter();
  bool scan(CellBlock& block, RowOf of);
  void end_row(CellBlock& block, RowOf of, std::size_t first_cell);
  bool take_quotes_off(Cell& cell);
  void end_of_bytes(CellBlock& block, RowOf of);
  [[nodiscard]] std::string_view end_of_line(std::string_view cell) const;

  ByteFeed feed_;
  char delimiter_ = ',';
  std::vector<std::string> names_;
  LeftOut left_out_;
  std::size_t row_ = 0;      // where the row begins that is read next
  std::uint64_t line_ = 1;   // its number
  std::uint64_t lines_ = 0;  // line feeds in it so far
  bool at_end_ = false;
  bool was_blank_ = false;  // the last line
  std::optional<Error> fault_;
};

// The first line tells.
void CsvReader::find_delimiter() {
  while (!feed_.bytes().contains('\n') && feed_.bytes().size() < ByteFeed::kLongestRowBytes && feed_.fill(0)) {
  }
  if (feed_.bytes().starts_with(kByteOrderMark)) row_ = kByteOrderMark.size();
  const std::string_view line = feed_.bytes().substr(0, feed_.bytes().find('\n'));
  if (line.contains(',')) return;
  for (const char delimiter : {'\t', ';'})
    if (line.contains(delimiter)) delimiter_ = delimiter;
}

Result<void> CsvReader::read_header() {
  find_delimiter();
  CellBlock block;
  while (!fault_ && block.rows == 0 && !(at_end_ && row_ >= feed_.bytes().size())) {
    if (scan(block, RowOf::kHeader) || fault_) break;
    at_end_ = !feed_.fill(std::exchange(row_, 0));
    if (at_end_) end_of_bytes(block, RowOf::kHeader);
  }
  if (fault_) return std::unexpected(*fault_);
  if (block.rows == 0) return fail(ExitCode::kInput, "{}: is empty; a table begins with its header", feed_.name());
  for (const Cell& cell : block.cells) names_.emplace_back(cell.text);
  if (names_.size() == 1 && names_.front().contains("  "))
    return fail(ExitCode::kInput,
                "{}: line 1 has one column with spaces in it; is it an aligned table (-o print)? Write CSV",
                feed_.name());
  return {};
}

Result<bool> CsvReader::read(CellBlock& block) {
  block.clear(names_.size());
  for (;;) {
    if (!fault_) scan(block, RowOf::kTable);
    if (block.rows > 0) return true;
    if (fault_) return std::unexpected(*fault_);
    if (at_end_) return false;
    at_end_ = !feed_.fill(std::exchange(row_, 0));
    if (at_end_)
      end_of_bytes(block, RowOf::kTable);
    else if (feed_.bytes().size() > ByteFeed::kLongestRowBytes && !feed_.bytes().contains('\n'))
      refuse("line {} is longer than {}; is it a table?", line_, human_bytes(ByteFeed::kLongestRowBytes));
    else if (feed_.bytes().size() > 2 * ByteFeed::kLongestRowBytes)
      refuse("the row that begins in line {} is longer than {}; is a quote left open there?", line_,
             human_bytes(ByteFeed::kLongestRowBytes));
  }
}

// The rows from row_ on whose end is there. Whether one is.
bool CsvReader::scan(CellBlock& block, RowOf of) {
  const std::string_view bytes = feed_.bytes();
  const Structural structural(delimiter_);
  std::size_t first_cell = block.cells.size();
  std::size_t begin = row_;
  bool quoted = false;
  bool has_quote = false;
  lines_ = 0;
  for (std::size_t base = row_; base < bytes.size(); base += Structural::kBytes) {
    for (std::uint64_t mask = structural.in(bytes, base); mask != 0; mask &= mask - 1) {
      const std::size_t at = base + static_cast<std::size_t>(std::countr_zero(mask));
      const char letter = bytes[at];
      if (letter == '"') {
        quoted = !quoted;  // two in a quoted cell leave it and enter it again
        has_quote = true;
        continue;
      }
      if (letter == '\n') ++lines_;
      if (quoted) continue;
      block.cells.push_back({bytes.substr(begin, at - begin), has_quote ? Cell::Form::kText : Cell::Form::kPlain});
      begin = at + 1;
      has_quote = false;
      if (letter != '\n') continue;
      row_ = begin;
      end_row(block, of, first_cell);
      if (fault_ || of == RowOf::kHeader || block.is_full()) return true;
      first_cell = block.cells.size();
    }
  }
  block.cells.resize(first_cell);
  return false;
}

// A line may end in CR LF.
std::string_view CsvReader::end_of_line(std::string_view cell) const {
  return cell.ends_with('\r') ? cell.substr(0, cell.size() - 1) : cell;
}

// The cells of a row are at the end of the block. A row that is none is taken out again.
void CsvReader::end_row(CellBlock& block, RowOf of, std::size_t first_cell) {
  const std::uint64_t line = std::exchange(line_, line_ + lines_);
  lines_ = 0;
  const std::size_t cells = block.cells.size() - first_cell;
  block.cells.back().text = end_of_line(block.cells.back().text);
  was_blank_ = cells == 1 && block.cells.back().text.empty() && block.cells.back().form == Cell::Form::kPlain;
  if (was_blank_ && names_.size() != 1) {
    ++left_out_.blank_lines;
    return block.cells.resize(first_cell);
  }
  for (std::size_t i = first_cell; i < block.cells.size(); ++i) {
    if (block.cells[i].form == Cell::Form::kPlain || take_quotes_off(block.cells[i])) continue;
    refuse("line {}: a quote within a cell; where a cell has quotes, all of it stands in quotes, and its own are two",
           line);
    return block.cells.resize(first_cell);
  }
  if (of == RowOf::kTable && cells != names_.size()) {
    refuse("line {} has {}, the header {}; {}", line, counted(cells, "cell"), names_.size(),
           at_end_ ? "it is the last: was the table cut?" : "is a quote missing, or are two tables joined?");
    return block.cells.resize(first_cell);
  }
  if (of == RowOf::kTable && block.cells[first_cell].text == names_.front() && !names_.front().empty() &&
      std::ranges::equal(std::span(block.cells).subspan(first_cell), names_, {}, &Cell::text)) {
    ++left_out_.repeated_headers;
    return block.cells.resize(first_cell);
  }
  if (of == RowOf::kHeader && cells > kMostColumns) {
    refuse("its header has {} columns, more than {}; is it a table?", cells, kMostColumns);
    return block.cells.resize(first_cell);
  }
  ++block.rows;
}

// In the buffer itself: the text only gets shorter.
bool CsvReader::take_quotes_off(Cell& cell) {
  const std::string_view text = cell.text;
  if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"')) return false;
  char* const begin = feed_.data() + (text.data() - feed_.data()) + 1;
  char* out = begin;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '"') {
      ++i;  // the first of two
      if (text[i] != '"' || i + 1 >= text.size()) return false;
    }
    *out++ = text[i];
  }
  cell = {{begin, static_cast<std::size_t>(out - begin)}, Cell::Form::kPlain};
  return true;
}

// What is left is a row without a line feed, or the rest of one.
void CsvReader::end_of_bytes(CellBlock& block, RowOf of) {
  const std::string_view rest = feed_.bytes().substr(row_);
  const auto& stream = feed_.stream();
  if (stream.stopped()) {
    fault_ = Error{ExitCode::kInterrupted, "interrupted"};
  } else if (stream.damage()) {
    refuse("line {}: {}", line_, *stream.damage());
  } else if (!rest.empty()) {
    // As if it had its end: the byte behind is padding.
    const std::size_t first_cell = block.cells.size();
    feed_.data()[feed_.bytes().size()] = '\n';
    std::size_t begin = row_;
    bool quoted = false;
    bool has_quote = false;
    for (std::size_t at = row_; at <= feed_.bytes().size(); ++at) {
      const char letter = feed_.data()[at];
      if (letter == '"') has_quote = true, quoted = !quoted;
      const bool is_end = at == feed_.bytes().size();
      if (is_end && quoted) return refuse("line {}: a quote is opened and never closed; was the table cut?", line_);
      if (quoted || (letter != delimiter_ && !is_end)) continue;
      block.cells.push_back({{feed_.data() + begin, at - begin}, has_quote ? Cell::Form::kText : Cell::Form::kPlain});
      begin = at + 1;
      has_quote = false;
    }
    row_ = feed_.bytes().size();
    end_row(block, of, first_cell);
  }
}

}  // namespace

Result<std::unique_ptr<TableReader>> open_csv(std::unique_ptr<CompressedStream> stream) {
  auto reader = std::make_unique<CsvReader>(std::move(stream));
  TRY(reader->read_header());
  return std::unique_ptr<TableReader>(std::move(reader));
}

}  // namespace flowgauge
