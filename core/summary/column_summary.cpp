#include "core/summary/column_summary.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/utf8.h"

namespace flowgauge {
namespace {

constexpr std::size_t kTopValues = 10;
constexpr std::uint64_t kMissingMark = 0x6d697373696e67;  // in the hash of a column

// Numbers that are names.
bool is_code(Role role) {
  return role == Role::kProtocol || role == Role::kEndReason || role == Role::kSnapshot || role == Role::kService ||
         role == Role::kLabel;
}

bool is_moment(Role role) { return role == Role::kStart || role == Role::kEnd; }

}  // namespace

void ColumnSummary::add(const CellBlock& block, std::size_t column) {
  if (column >= block.columns) return add_missing(block.rows);
  for (std::size_t row = 0; row < block.rows; ++row) add_cell(block.cell(row, column));
}

void ColumnSummary::add_cell(const Cell& cell) {
  if (cell.text.empty()) {
    ++missing_;
    content_ = (content_ ^ kMissingMark) * 0x9e3779b97f4a7c15U;
    return;
  }
  const bool is_same = cell.text.size() == last_size_ && cell.form == last_form_ &&
                       std::memcmp(cell.text.data(), last_text_.data(), last_size_) == 0;
  if (!is_same) {
    last_ = value_of_cell(cell);
    remember(last_, cell);
  }
  add_value(last_, cell.text);
}

void ColumnSummary::remember(const CellValue& value, const Cell& cell) {
  last_size_ = 0;
  distinct_->add(value.identity);
  if (has_first_ && value.identity != first_identity_) is_constant_ = false;
  if (!has_first_) {
    has_first_ = true;
    first_identity_ = value.identity;
    first_text_ = cell.text.substr(0, ValueCounts::kLongestValue);
  }
  if (value.kind == CellValue::Kind::kText && !is_utf8(cell.text)) {
    // Counted each time: what is remembered is known to be UTF-8.
    ++not_utf8_;
    return;
  }
  if (cell.text.size() > kRemembered) return;
  last_size_ = cell.text.size();
  last_form_ = cell.form;
  std::memcpy(last_text_.data(), cell.text.data(), last_size_);
}

void ColumnSummary::add_value(const CellValue& value, std::string_view text) {
  content_ = (content_ ^ value.identity) * 0x9e3779b97f4a7c15U;
  content_ ^= content_ >> 29;
  if (moments_ == Moments::kNotKnown) decide_moments(value, text);
  if (moments_ != Moments::kNone)
    if (const auto time = time_of_value(value, text)) times_->add(*time);
  switch (value.kind) {
    case CellValue::Kind::kNumber:
      add_number(value);
      if (!is_code(meaning_.role)) return;
      break;
    case CellValue::Kind::kNotFinite:
      ++not_finite_;
      return;
    default:
      ++texts_;
  }
  if (!values_) values_ = std::make_unique<ValueCounts>();
  values_->add(text, value.identity);
}

void ColumnSummary::add_number(const CellValue& value) {
  const double number = value.number;
  if (numbers_.count() == 0) least_ = greatest_ = shift_ = number;
  least_ = std::min(least_, number);
  greatest_ = std::max(greatest_, number);
  const double from_first = number - shift_;
  sum_ += from_first;
  squares_ += from_first * from_first;
  if (!value.is_whole) ++reals_;
  if (value.is_beyond_2_53) ++beyond_2_53_;
  numbers_.add(number);
}

// The first cell with a value decides: a column has moments or it has none.
void ColumnSummary::decide_moments(const CellValue& value, std::string_view text) {
  moments_ = Moments::kNone;
  if (value.kind == CellValue::Kind::kText && time_of_text(text)) moments_ = Moments::kText;
  if (value.kind == CellValue::Kind::kNumber && is_moment(meaning_.role)) {
    if (meaning_.unit_ns == 0) meaning_.unit_ns = unit_of_time(value.number);
    if (meaning_.unit_ns != 0) moments_ = Moments::kNumber;
  }
  if (moments_ != Moments::kNone) times_ = std::make_unique<TimeHistogram>();
}

std::optional<std::int64_t> ColumnSummary::time_of_value(const CellValue& value, std::string_view text) const {
  if (moments_ == Moments::kText) return time_of_text(text);
  if (value.kind != CellValue::Kind::kNumber) return std::nullopt;
  const double time_ns = value.number * static_cast<double>(meaning_.unit_ns);
  if (std::abs(time_ns) > 9.2e18) return std::nullopt;
  if (value.is_whole) return value.whole * meaning_.unit_ns;
  return std::llround(time_ns);
}

std::optional<std::int64_t> ColumnSummary::time_of(const Cell& cell) const {
  if (!times_ || cell.text.empty()) return std::nullopt;
  return time_of_value(value_of_cell(cell), cell.text);
}

std::vector<ValueShare> ColumnSummary::greatest(std::size_t most) const {
  return values_ ? values_->greatest(most) : std::vector<ValueShare>{};
}

ColumnReport ColumnSummary::report() const {
  using Type = ColumnReport::Type;
  ColumnReport report{.name = name_, .meaning = meaning_};
  const std::uint64_t numbers = numbers_.count();
  report.values = numbers + texts_ + not_finite_;
  report.missing = missing_;
  report.texts = texts_;
  report.not_finite = not_finite_;
  report.beyond_2_53 = beyond_2_53_;
  report.not_utf8 = not_utf8_;
  report.content = content_;
  if (report.values == 0) return report;
  const bool is_time = times_ && times_->count() == report.values;
  report.type = is_time        ? Type::kTime
                : texts_ == 0  ? (reals_ > 0 || not_finite_ > 0 ? Type::kReal : Type::kWhole)
                : numbers == 0 ? Type::kText
                               : Type::kMixed;
  const bool all_counted =
      values_ && values_->is_exact() && (numbers == 0 || is_code(meaning_.role)) && not_finite_ == 0;
  report.distinct = is_constant_  ? 1
                    : all_counted ? values_->distinct()
                                  : std::max<std::uint64_t>(2, distinct_->estimate());
  report.distinct_is_estimate = !is_constant_ && !all_counted;
  report.distinct = std::min(report.distinct, report.values);
  report.is_constant = is_constant_ && report.values > 1 && missing_ == 0;
  if (is_constant_) report.constant = first_text_;
  if (values_) report.top = values_->greatest(kTopValues);
  if (is_time) {
    report.moments = {times_->first_ns(), times_->quantile(0.5), times_->last_ns()};
    report.histogram = times_->histogram();
    return report;
  }
  if (numbers == 0) return report;
  const auto kind = reals_ > 0 ? LogHistogram::Numbers::kReal : LogHistogram::Numbers::kWhole;
  const auto count = static_cast<double>(numbers);
  const auto within = [&](double share) { return std::clamp(numbers_.quantile(share, kind), least_, greatest_); };
  report.numbers = {.least = least_,
                    .mean = std::clamp(shift_ + sum_ / count, least_, greatest_),
                    .deviation = std::sqrt(std::max(0.0, squares_ / count - (sum_ / count) * (sum_ / count))),
                    .greatest = greatest_,
                    .p05 = within(0.05),
                    .p25 = within(0.25),
                    .median = within(0.5),
                    .p75 = within(0.75),
                    .p95 = within(0.95),
                    .zeros = numbers_.zeros()};
  report.histogram = numbers_.histogram(least_, greatest_, kind);
  return report;
}

}  // namespace flowgauge
