// From the command line's inputs to the list of captures that make up a run, in reading order.
//
//   FILE    a capture, plain or compressed (decoder.h)
//   -       standard input, at most once
//   FOLDER  the captures in it (not in folders below), by the timestamp of their first packet, then by name; captures
//           without a packet come last. What is left out is named in `left_out`: what is not a capture by its content,
//           files of 0 bytes, folders, links to nothing, pipes and devices; but for names that begin with a dot.
//
// Pipes and devices (`<(ssh host tcpdump -w -)`) are taken as they are, unread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace flowgauge {

struct Input {
  std::string path;              // "-": standard input
  std::uint64_t size_bytes = 0;  // as stored; 0: not known
  int link_type = -1;            // libpcap's DLT, of the first frame; -1: not known, or there is none
};

struct InputList {
  std::vector<Input> inputs;
  std::vector<std::string> left_out;  // "FILE: why", for a message at level info
};

// Fails (kInput) on what cannot make a run: a missing or unreadable file, an empty one, one that is no capture,
// a folder without captures. Damage further inside a capture is found when it is read.
[[nodiscard]] Result<InputList> expand_inputs(std::span<const std::string> arguments);

}  // namespace flowgauge
