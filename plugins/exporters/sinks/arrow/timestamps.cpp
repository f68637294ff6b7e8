#include "timestamps.h"

#include <arrow/util/value_parsing.h>

#include <cmath>
#include <optional>
#include <string_view>

#include "failure.h"

namespace arrow_sinks {
namespace {

constexpr std::string_view kTimeKey = "flowgauge.time";
constexpr std::string_view kZone = " UTC";  // at the end of each text

using Moment = std::optional<std::int64_t>;

// Numbers of a unit as those of another. One of the two holds a whole number of the other.
Moment in_unit(std::int64_t value, std::int64_t from_ns, std::int64_t to_ns) {
  if (from_ns < to_ns) {
    const std::int64_t ratio = to_ns / from_ns;
    return value / ratio - static_cast<std::int64_t>(value % ratio < 0);
  }
  std::int64_t out = 0;
  return __builtin_mul_overflow(value, from_ns / to_ns, &out) ? Moment() : Moment(out);
}

template <class MomentOf>
std::shared_ptr<arrow::Array> timestamps(const arrow::Array& cells, const std::shared_ptr<arrow::DataType>& type,
                                         std::uint64_t& out_of_range, const MomentOf& moment_of) {
  arrow::TimestampBuilder builder(type, arrow::default_memory_pool());
  check(builder.Reserve(cells.length()));
  for (std::int64_t i = 0; i < cells.length(); ++i) {
    const Moment moment = cells.IsValid(i) ? moment_of(i) : Moment();
    out_of_range += static_cast<std::uint64_t>(!moment && cells.IsValid(i));
    moment ? builder.UnsafeAppend(*moment) : builder.UnsafeAppendNull();
  }
  return value_of(builder.Finish());
}

std::int64_t ns_of(arrow::TimeUnit::type unit) { return unit == arrow::TimeUnit::NANO ? 1 : 1'000; }

std::int64_t ns_of(std::string_view form) {
  if (form == "ns") return 1;
  if (form == "us") return 1'000;
  return form == "ms" ? 1'000'000 : 1'000'000'000;
}

// A double has room for microseconds of our times, and for no more: what is behind them is rounding.
Moment moment_of_real(double value, std::int64_t from_ns, std::int64_t to_ns) {
  const double us = std::round(value * (static_cast<double>(from_ns) / 1'000));
  if (!(std::abs(us) < 0x1p63)) return {};
  return in_unit(static_cast<std::int64_t>(us), 1'000, to_ns);
}

Moment moment_of_text(std::string_view text, std::int64_t to_ns) {
  std::int64_t ns = 0;
  if (!text.ends_with(kZone)) return {};
  text.remove_suffix(kZone.size());
  if (!arrow::internal::ParseTimestampISO8601(text.data(), text.size(), arrow::TimeUnit::NANO, &ns)) return {};
  return in_unit(ns, 1, to_ns);
}

}  // namespace

std::string form_of_time(const arrow::Field& field) {
  if (field.metadata() == nullptr) return {};
  return field.metadata()->Get(std::string(kTimeKey)).ValueOr("");
}

std::shared_ptr<arrow::Array> as_timestamps(const arrow::Array& cells, const std::string& form,
                                            const std::shared_ptr<arrow::DataType>& type, std::uint64_t& out_of_range) {
  const std::int64_t from_ns = ns_of(form);
  const std::int64_t to_ns = ns_of(static_cast<const arrow::TimestampType&>(*type).unit());
  switch (cells.type_id()) {
    case arrow::Type::STRING: {
      const auto& texts = static_cast<const arrow::StringArray&>(cells);
      return timestamps(cells, type, out_of_range,
                        [&](std::int64_t i) { return moment_of_text(texts.Value(i), to_ns); });
    }
    case arrow::Type::DOUBLE: {
      const auto& reals = static_cast<const arrow::DoubleArray&>(cells);
      return timestamps(cells, type, out_of_range,
                        [&](std::int64_t i) { return moment_of_real(reals.Value(i), from_ns, to_ns); });
    }
    case arrow::Type::UINT64: {
      const auto& numbers = static_cast<const arrow::UInt64Array&>(cells);
      return timestamps(cells, type, out_of_range, [&](std::int64_t i) {
        return numbers.Value(i) > INT64_MAX ? Moment()
                                            : in_unit(static_cast<std::int64_t>(numbers.Value(i)), from_ns, to_ns);
      });
    }
    default: {
      const auto& numbers = static_cast<const arrow::Int64Array&>(cells);
      return timestamps(cells, type, out_of_range,
                        [&](std::int64_t i) { return in_unit(numbers.Value(i), from_ns, to_ns); });
    }
  }
}

}  // namespace arrow_sinks
