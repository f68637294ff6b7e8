// Why a --filter lets nothing through: libpcap's filters look at the outermost packet alone, not behind tags, labels
// and tunnels. Looks at some of the frames that did not pass, and tries the forms of the expression that do look there.
// Owner: a source; asked at most kMostFrames times, and not at all once a frame has passed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/ingest/frame.h"
#include "core/ingest/frame_filter.h"
#include "core/packet/parse/parse.h"

namespace flowgauge {

class FilterHint {
 public:
  static constexpr std::uint64_t kMostFrames = 10'000;

  explicit FilterHint(std::string expression) : expression_(std::move(expression)) {}

  // A frame that did not pass.
  void look_at(const Frame& frame) {
    if (frames_ < kMostFrames) try_forms(frame);
  }

  // Nothing has passed: the form that matches most of what was looked at, or what is to be done; none if no form
  // matches any.
  [[nodiscard]] std::optional<std::string> text() const;

 private:
  struct Form {
    FrameFilter filter;
    std::string expression;
  };
  struct Forms {
    std::vector<Form> behind_tags;
    std::optional<FrameFilter> inside;  // of a tunnel: the expression for IP packets
  };

  void try_forms(const Frame& frame);
  Forms& forms_of(int link_type);
  static bool matches_inside(const FrameFilter& filter, const Frame& frame);

  std::string expression_;
  std::map<int, Forms> forms_;  // by link type
  std::uint64_t frames_ = 0;
  std::map<std::string, std::uint64_t> matched_;  // frames by form
  std::uint64_t matched_inside_ = 0;
};

}  // namespace flowgauge
