// A --filter expression for frames of several link types: compiled for each when its first frame comes.
// Single-threaded.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "core/base/result.h"
#include "core/ingest/frame_filter.h"

namespace flowgauge {

class FilterSet {
 public:
  explicit FilterSet(std::string expression) : expression_(std::move(expression)) {}

  // An error where frames of that link type cannot have the expression (an Ethernet address in raw IP). Stays where it
  // is.
  [[nodiscard]] const Result<FrameFilter>& of(int link_type) {
    const auto known = filters_.find(link_type);
    if (known != filters_.end()) return known->second;
    return filters_.emplace(link_type, FrameFilter::compile(expression_, link_type)).first->second;
  }

 private:
  std::string expression_;
  std::map<int, Result<FrameFilter>> filters_;
};

}  // namespace flowgauge
