// One frame of every kind that the parser tells apart: for tests that hold for all of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/frame_builder.h"

namespace flowgauge::test {

struct SampleFrame {
  std::string name;
  Bytes bytes;
  std::uint32_t link_type;
};

std::vector<SampleFrame> sample_frames();

}  // namespace flowgauge::test
