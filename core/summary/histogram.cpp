#include "core/summary/histogram.h"

namespace flowgauge {

std::string_view scale_name(Histogram::Scale scale) {
  switch (scale) {
    case Histogram::Scale::kWhole:
      return "whole";
    case Histogram::Scale::kLog:
      return "log";
    case Histogram::Scale::kTime:
      return "time";
  }
  return "";
}

std::string bars_of(const Histogram& histogram, std::size_t width, Glyphs glyphs) {
  if (histogram.bins.empty() || width == 0) return {};
  const std::size_t together = (histogram.bins.size() + width - 1) / width;
  std::vector<double> values((histogram.bins.size() + together - 1) / together);
  for (std::size_t i = 0; i < histogram.bins.size(); ++i)
    values[i / together] += static_cast<double>(histogram.bins[i].rows);
  return bars(values, glyphs);
}

}  // namespace flowgauge
