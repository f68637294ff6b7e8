#include "core/summary/log_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace flowgauge {
namespace {

constexpr int kSubBits = 6;
constexpr int kBias = 1023 - 128;  // octave 0 is 2^-128

double edge(int index) {
  const int octave = index >> kSubBits;
  const int bucket = index & ((1 << kSubBits) - 1);
  return std::ldexp(1.0 + static_cast<double>(bucket) / (1 << kSubBits), octave - 128);
}

// Index of the bucket among all of a sign.
int index_of(double size) {
  const auto bits = std::bit_cast<std::uint64_t>(size);
  const int index = static_cast<int>(bits >> (52 - kSubBits)) - (kBias << kSubBits);
  return std::clamp(index, 0, (256 << kSubBits) - 1);
}

}  // namespace

void LogHistogram::add(double value, std::uint64_t times) {
  count_ += times;
  if (value == 0) {
    zeros_ += times;
    return;
  }
  if (value < 0) {
    negatives_ += times;
    if (!negative_) negative_ = std::make_unique<Side>();
  }
  const int index = index_of(std::abs(value));
  auto& octave = (value < 0 ? *negative_ : positive_)[static_cast<std::size_t>(index >> kSubBits)];
  if (!octave) octave = std::make_unique<Octave>();
  (*octave)[static_cast<std::size_t>(index & (kBuckets - 1))] += times;
}

std::vector<LogHistogram::Counted> LogHistogram::buckets() const {
  std::vector<Counted> found;
  const auto each = [&](const Side& side, auto take) {
    for (int i = 0; i < kOctaves * kBuckets; ++i) {
      const auto& octave = side[static_cast<std::size_t>(i >> kSubBits)];
      if (!octave) {
        i |= kBuckets - 1;
        continue;
      }
      if (const std::uint64_t rows = (*octave)[static_cast<std::size_t>(i & (kBuckets - 1))]; rows > 0)
        take(edge(i), edge(i + 1), rows);
    }
  };
  if (negative_) each(*negative_, [&](double from, double to, auto rows) { found.push_back({-to, -from, rows}); });
  std::ranges::reverse(found);
  if (zeros_ > 0) found.push_back({0, 0, zeros_});
  each(positive_, [&](double from, double to, auto rows) { found.push_back({from, to, rows}); });
  return found;
}

double LogHistogram::quantile(double share, Numbers numbers) const {
  const auto wanted =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (const Counted& bucket : buckets()) {
    seen += bucket.rows;
    if (seen < wanted) continue;
    // A negative bucket's own number is its upper edge.
    const double inner = bucket.to <= 0 ? bucket.to : bucket.from;
    const bool has_one = numbers == Numbers::kWhole && bucket.to - bucket.from <= 1 && inner == std::floor(inner);
    return has_one || bucket.from == bucket.to ? inner : (bucket.from + bucket.to) / 2;
  }
  return 0;
}

Histogram LogHistogram::histogram(double least, double greatest, Numbers numbers) const {
  Histogram result;
  if (count_ == 0) return result;
  const std::vector<Counted> found = buckets();
  if (numbers == Numbers::kWhole && least > -128 && greatest < 128 && greatest - least < Histogram::kMostBins) {
    for (double value = least; value <= greatest; ++value) result.bins.push_back({value, value + 1, 0});
    for (const Counted& bucket : found) {
      const double inner = bucket.to <= 0 ? bucket.to : std::ceil(bucket.from);
      result.bins[static_cast<std::size_t>(inner - least)].rows += bucket.rows;
    }
    return result;
  }
  result.scale = Histogram::Scale::kLog;
  // Each sign shares what bins there are by the powers of two that it covers; 0 has one.
  const auto add_side = [&](auto is_of_side, auto size_from, std::size_t most, bool is_negative) {
    int lowest = INT32_MAX;
    int highest = -1;
    for (const Counted& bucket : found) {
      if (!is_of_side(bucket)) continue;
      lowest = std::min(lowest, index_of(size_from(bucket)));
      highest = std::max(highest, index_of(size_from(bucket)));
    }
    if (highest < 0) return;
    const int together = (highest - lowest + static_cast<int>(most)) / static_cast<int>(most);
    const int bins = (highest - lowest) / together + 1;
    const std::size_t first = result.bins.size();
    for (int bin = 0; bin < bins; ++bin) {
      const double from = edge(lowest + bin * together);
      const double to = edge(lowest + (bin + 1) * together);
      result.bins.push_back(is_negative ? Histogram::Bin{-to, -from, 0} : Histogram::Bin{from, to, 0});
    }
    for (const Counted& bucket : found)
      if (is_of_side(bucket))
        result.bins[first + static_cast<std::size_t>((index_of(size_from(bucket)) - lowest) / together)].rows +=
            bucket.rows;
    if (is_negative) std::reverse(result.bins.begin() + static_cast<std::ptrdiff_t>(first), result.bins.end());
  };
  const std::size_t room = Histogram::kMostBins - (zeros_ > 0 ? 1 : 0);
  const bool has_positive = count_ > zeros_ + negatives_;
  const std::size_t for_negative = negatives_ == 0 ? 0 : has_positive ? room / 2 : room;
  add_side([](const Counted& one) { return one.from < 0; }, [](const Counted& one) { return -one.to; },
           std::max<std::size_t>(1, for_negative), true);
  if (zeros_ > 0) result.bins.push_back({0, 0, zeros_});
  add_side([](const Counted& one) { return one.from > 0; }, [](const Counted& one) { return one.from; },
           std::max<std::size_t>(1, room - for_negative), false);
  return result;
}

}  // namespace flowgauge
