#include "core/summary/row_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/nanoseconds.h"
#include "core/base/text.h"
#include "core/packet/endpoint_class.h"
#include "core/packet/ip_protocol.h"

namespace flowgauge {
namespace {

// Rows come in the order in which flows ended: with the end of a flow known, a row may be as much older than one before
// it as flows wait for their timeout (120 s by default). With its start alone, as much as flows last (3600 s).
constexpr std::int64_t kExplainedOfEnds = 3600 * kNsPerSecond;
constexpr std::int64_t kExplainedOfStarts = 2 * 3600 * kNsPerSecond;

std::optional<std::uint8_t> number_of_protocol(std::string_view text) {
  if (const auto number = parse_u64(text))
    return *number < 256 ? std::optional(static_cast<std::uint8_t>(*number)) : std::nullopt;
  std::string lower;
  for (const char letter : text) lower += letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  while (lower.ends_with(' ')) lower.pop_back();  // CIDDS pads them
  return ip_protocol_of_name(lower);
}

std::vector<ValueShare> greatest_of(std::vector<ValueShare> all, std::size_t most) {
  std::ranges::sort(all, [](const ValueShare& a, const ValueShare& b) {
    return a.rows != b.rows ? a.rows > b.rows : a.value < b.value;
  });
  if (all.size() > most) all.resize(most);
  return all;
}

// None: there is no such column, or no number in the cell.
std::optional<double> number_in(const CellBlock& block, std::size_t row, std::size_t column) {
  if (column >= block.columns) return std::nullopt;
  const CellValue value = value_of_cell(block.cell(row, column));
  return value.kind == CellValue::Kind::kNumber ? std::optional(value.number) : std::nullopt;
}

void count_if(std::optional<std::uint64_t>& counter, bool counts) { counter = counter.value_or(0) + (counts ? 1 : 0); }

}  // namespace

std::size_t RowWatch::column_of(Role role, const std::vector<ColumnSummary>& columns) {
  const auto found = std::ranges::find(columns, role, [](const ColumnSummary& one) { return one.meaning().role; });
  return found == columns.end() ? kNowhere : static_cast<std::size_t>(found - columns.begin());
}

void RowWatch::add(const CellBlock& block, const std::vector<ColumnSummary>& columns) {
  if (columns.size() != known_columns_) {
    known_columns_ = columns.size();
    protocol_ = column_of(Role::kProtocol, columns);
    port_ = column_of(Role::kDestinationPort, columns);
    start_ = column_of(Role::kStart, columns);
    end_ = column_of(Role::kEnd, columns);
    duration_ = column_of(Role::kDuration, columns);
    forward_ = column_of(Role::kForwardPackets, columns);
    backward_ = column_of(Role::kBackwardPackets, columns);
    packets_ = column_of(Role::kPackets, columns);
  }
  for (std::size_t row = 0; row < block.rows; ++row) {
    if (protocol_ < block.columns) add_service(block, row);
    add_life(block, row, columns);
  }
}

void RowWatch::add_service(const CellBlock& block, std::size_t row) {
  const std::string_view text = block.cell(row, protocol_).text;
  if (text.empty()) return;
  if (text != last_protocol_) {
    last_protocol_ = text;
    last_number_ = number_of_protocol(text);
  }
  if (!last_number_) {
    if (other_protocols_.size() < ValueCounts::kMost || other_protocols_.contains(last_protocol_))
      ++other_protocols_[last_protocol_];
    return;
  }
  std::uint64_t key = std::uint64_t{*last_number_} << 16;
  if (has_ports(*last_number_) && port_ < block.columns)
    if (const auto port = number_in(block, row, port_); port && *port >= 0 && *port < 65536)
      key |= static_cast<std::uint64_t>(*port);
  if (services_.size() < kMostServices || services_.contains(key)) ++services_[key];
}

void RowWatch::add_life(const CellBlock& block, std::size_t row, const std::vector<ColumnSummary>& columns) {
  const auto duration = number_in(block, row, duration_);
  const auto forward = number_in(block, row, forward_);
  const auto backward = number_in(block, row, backward_);
  auto packets = number_in(block, row, packets_);
  if (!packets && forward && backward) packets = *forward + *backward;
  if (duration) {
    count_if(facts_.zero_durations, *duration == 0);
    if (packets) count_if(facts_.zero_durations_of_many, *duration == 0 && *packets > 1);
  }
  if (forward && backward) count_if(facts_.one_sided, (*forward == 0) != (*backward == 0));
  const auto moment = [&](std::size_t column) {
    return column < block.columns ? columns[column].time_of(block.cell(row, column)) : std::nullopt;
  };
  if (const auto end = moment(end_)) return add_time(*end, kExplainedOfEnds);
  const auto start = moment(start_);
  if (!start) return;
  const std::int64_t unit_ns = duration_ < columns.size() ? columns[duration_].meaning().unit_ns : 0;
  if (duration && unit_ns != 0 && *duration >= 0 && *duration < 1e15)
    return add_time(*start + static_cast<std::int64_t>(*duration * static_cast<double>(unit_ns)), kExplainedOfEnds);
  add_time(*start, kExplainedOfStarts);
}

void RowWatch::add_time(std::int64_t end_ns, std::int64_t explained_ns) {
  facts_.has_times = true;
  if (greatest_ns_ && end_ns < *greatest_ns_ - explained_ns) {
    ++facts_.steps_back;
    facts_.longest_step_ns = std::max(facts_.longest_step_ns, *greatest_ns_ - end_ns);
    greatest_ns_ = end_ns;  // the clock counts on from here
  }
  greatest_ns_ = std::max(greatest_ns_.value_or(end_ns), end_ns);
}

std::vector<ValueShare> RowWatch::protocols(std::size_t most) const {
  std::array<std::uint64_t, 256> rows{};
  for (const auto& [key, count] : services_) rows[key >> 16] += count;
  std::vector<ValueShare> all;
  for (std::size_t number = 0; number < rows.size(); ++number)
    if (rows[number] > 0) all.push_back({ip_protocol_text(static_cast<std::uint8_t>(number)), rows[number]});
  for (const auto& [name, count] : other_protocols_) all.push_back({name, count});
  return greatest_of(std::move(all), most);
}

std::vector<ValueShare> RowWatch::services(std::size_t most) const {
  if (port_ == kNowhere) return {};
  std::vector<ValueShare> all;
  for (const auto& [key, count] : services_) {
    const auto number = static_cast<std::uint8_t>(key >> 16);
    const auto port = static_cast<std::uint16_t>(key & 0xffff);
    if (!has_ports(number)) {
      all.push_back({ip_protocol_text(number), count});
      continue;
    }
    const std::string_view group = service_group(port, number);
    const std::string name = fmt::format("{}/{}", ip_protocol_text(number), port);
    all.push_back({group == "other" ? name : fmt::format("{} {}", name, group), count});
  }
  return greatest_of(std::move(all), most);
}

}  // namespace flowgauge
