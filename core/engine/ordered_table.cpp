#include "core/engine/ordered_table.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "core/base/host_path.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/flow/flow_columns.h"

namespace flowgauge {
namespace {

constexpr std::size_t kReadBytes = 256UZ * 1024;
constexpr std::size_t kLongestRowBytes = 64UZ << 20;

template <class Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool read_cause(std::string_view text, ReleaseCause& cause) {
  const auto* const found = std::ranges::find(kReleaseCauseNames, text);
  cause = static_cast<ReleaseCause>(found - kReleaseCauseNames.begin());
  return found != kReleaseCauseNames.end();
}

// A header's name, without its quotes.
std::string name_of(std::string_view cell) {
  if (!cell.starts_with('"')) return std::string(cell);
  std::string name;
  for (std::size_t at = 1; at + 1 < cell.size(); ++at) {
    if (cell[at] == '"') ++at;  // the first of two
    name += cell[at];
  }
  return name;
}

}  // namespace

std::unexpected<Error> OrderedTable::refused(std::string_view what) const {
  return fail(ExitCode::kInput, "{}: {}", path_ == "-" ? "standard input" : path_, what);
}

Result<std::unique_ptr<OrderedTable>> OrderedTable::open(const std::string& path, const StopRequest& stop) {
  // Not blocking: a named pipe without a writer is waited for where a stop is seen, in wait().
  FileDescriptor fd = path == "-" ? copy_of_descriptor(standard_input())
                                  : FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!fd)
    return fail(ExitCode::kInput, "{}: cannot be read: {}", path == "-" ? "standard input" : path,
                std::strerror(errno));
  std::unique_ptr<OrderedTable> table(new OrderedTable(std::move(fd), path, stop));
  TRY(table->read_header());
  return table;
}

Result<void> OrderedTable::read_header() {
  const auto row = TRY(read_row());
  if (!row) return refused("is empty; a table begins with its header");
  for (std::size_t cell = 0; cell < cells_.size(); ++cell) names_.push_back(name_of(text_of(cell)));
  for (const std::string_view name : kReleaseColumns) {
    const auto found = std::ranges::find(names_, name);
    if (found == names_.end())
      return refused(
          fmt::format("has no column '{}', by which tables are merged; write it as CSV with a header and "
                      "--order-columns",
                      name));
    order_columns_.push_back(static_cast<std::size_t>(found - names_.begin()));
  }
  for (std::size_t column = 0; column < names_.size(); ++column) {
    if (std::ranges::find(order_columns_, column) != order_columns_.end()) continue;
    if (!runs_.empty() && runs_.back().second + 1 == column)
      runs_.back().second = column;
    else
      runs_.emplace_back(column, column);
  }
  return {};
}

Result<bool> OrderedTable::next() {
  const auto row = read_row();
  if (!row || !*row) return row;
  ++rows_;
  if (cells_.size() != names_.size())
    return refused(fmt::format("row {} has {}, the header {}", rows_, counted(cells_.size(), "cell"), names_.size()));
  const auto order = TRY(read_order());
  if (rows_ > 1 && !(order_ < order))
    return refused(
        fmt::format("row {} is out of order: by its order columns it does not come behind the row before it; "
                    "merge tables as a run wrote them",
                    rows_));
  order_ = order;
  return true;
}

Result<ReleaseOrder> OrderedTable::read_order() const {
  ReleaseOrder order;
  const auto [frame, cause, deadline, creation] = std::array{text_of(order_columns_[0]), text_of(order_columns_[1]),
                                                             text_of(order_columns_[2]), text_of(order_columns_[3])};
  const auto bad = [&](std::size_t column, std::string_view text) {
    return refused(fmt::format("row {}: '{}' is no value of {}", rows_, printable(text), kReleaseColumns[column]));
  };
  order.frame = kEndOfInputFrame;
  if (!frame.empty() && !read_number(frame, order.frame)) return bad(0, frame);
  if (!read_cause(cause, order.cause)) return bad(1, cause);
  if (!read_number(deadline, order.deadline_ns)) return bad(2, deadline);
  if (!read_number(creation, order.creation)) return bad(3, creation);
  return order;
}

Result<bool> OrderedTable::read_row() {
  row_ = row_end_;
  while (!find_cells()) {
    if (at_end_) {
      if (row_ == buffer_.size()) return false;
      return refused(fmt::format("ends within row {}; is it the table of a run that did not end?", rows_ + 1));
    }
    TRY(fill());
  }
  return true;
}

// Of the row at row_. False: its end is not in the buffer.
bool OrderedTable::find_cells() {
  cells_.clear();
  bool quoted = false;
  std::size_t begin = row_;
  for (std::size_t at = row_; at < buffer_.size(); ++at) {
    const char letter = buffer_[at];
    if (letter == '"') quoted = !quoted;  // two in a quoted cell leave it and enter it again
    if (quoted || (letter != ',' && letter != '\n')) continue;
    cells_.push_back({begin, at});
    begin = at + 1;
    if (letter == ',') continue;
    row_end_ = begin;
    return true;
  }
  return false;
}

Result<void> OrderedTable::fill() {
  buffer_.erase(0, row_);
  row_ = row_end_ = 0;
  const std::size_t kept = buffer_.size();
  if (kept > kLongestRowBytes)
    return refused(
        fmt::format("row {} is longer than {}; is it a CSV table?", rows_ + 1, human_bytes(kLongestRowBytes)));
  // Twice as much where a row is long, so that it is not searched for its end again and again.
  const std::size_t wanted = std::max(kReadBytes, kept);
  buffer_.resize_and_overwrite(kept + wanted, [](char*, std::size_t size) { return size; });  // without zeros
  ssize_t count = 0;
  do {
    if (auto waited = wait(); !waited) {
      buffer_.resize(kept);
      return waited;
    }
    count = ::read(fd_.get(), buffer_.data() + kept, wanted);
  } while (count < 0 && (errno == EINTR || errno == EAGAIN));
  buffer_.resize(kept + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  if (count < 0) return refused(fmt::format("cannot be read: {}", std::strerror(errno)));
  at_end_ = count == 0;
  return {};
}

// Until there is something to read, or the end of the table. A file never waits.
Result<void> OrderedTable::wait() const {
  pollfd waits[] = {{fd_.get(), POLLIN, 0}, {stop_.descriptor(), POLLIN, 0}};
  while (::poll(waits, 2, -1) < 0 && errno == EINTR) {
  }
  if (waits[0].revents != 0 || !stop_.requested()) return {};
  return fail(ExitCode::kInterrupted, "interrupted");
}

std::string_view OrderedTable::text_of(std::size_t cell) const {
  return std::string_view(buffer_).substr(cells_[cell].begin, cells_[cell].end - cells_[cell].begin);
}

void OrderedTable::append(MergedColumns columns, std::string& out) const {
  if (columns == MergedColumns::kAll) {
    out.append(buffer_, row_, row_end_ - row_);
    return;
  }
  for (std::size_t run = 0; run < runs_.size(); ++run) {
    if (run > 0) out += ',';
    const std::size_t begin = cells_[runs_[run].first].begin;
    out.append(buffer_, begin, cells_[runs_[run].second].end - begin);
  }
  out += '\n';
}

}  // namespace flowgauge
