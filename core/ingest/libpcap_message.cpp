#include "core/ingest/libpcap_message.h"

#include <fmt/format.h>

#include <array>

namespace flowgauge {
namespace {

struct Explanation {
  std::string_view part;  // of libpcap's text
  std::string_view words;
};

constexpr std::string_view kCut = "; if it was still being written or copied, read it again when that is done";

// The first that fits. {0}: libpcap's text, {1}: the file.
constexpr std::array kExplanations = {
    Explanation{"file header bytes", "the file ends in its header; take a fresh copy"},
    Explanation{"header bytes, only got", "the file ends in the middle of a packet header ({0}){2}"},
    Explanation{"captured bytes, only got", "the file ends in the middle of a packet ({0}){2}"},
    Explanation{"invalid packet capture length",
                "its length field is wrong ({0}); the file is damaged from here on, take a fresh copy"},
    Explanation{
        "archaic pcap savefile format",
        "its header has a version that libpcap no longer reads ({0}); if the file is not that old it is damaged, take "
        "a fresh copy"},
    Explanation{"savefile version", "libpcap does not know its version ({0}); `editcap {1} OUT.pcap` may convert it"},
    Explanation{"savefile major version",
                "libpcap does not know its version ({0}); `editcap {1} OUT.pcap` may convert it"},
    Explanation{"unknown file format", "libpcap does not know its format; `editcap {1} OUT.pcap` may convert it"},
};

}  // namespace

std::string explain_libpcap_error(std::string_view error, std::string_view name) {
  for (const Explanation& known : kExplanations) {
    if (error.find(known.part) != std::string_view::npos) {
      return fmt::format(fmt::runtime(known.words), error, name, kCut);
    }
  }
  return fmt::format("libpcap says: {}; the file is damaged, take a fresh copy", error);
}

}  // namespace flowgauge
