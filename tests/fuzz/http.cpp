// The head of a request to the server of metrics, however it comes in.
#include <algorithm>
#include <string_view>

#include "core/monitor/http_message.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using flowgauge::test::must_hold;
  const std::string_view received(reinterpret_cast<const char*>(data), size);
  const auto bytes = flowgauge::head_bytes(received);
  if (!bytes) return 0;
  must_hold(*bytes <= size && received[*bytes - 1] == '\n', "a head ends with a line that has come");
  must_hold(flowgauge::head_bytes(received.substr(0, *bytes)) == bytes, "what comes behind a head does not matter");
  must_hold(!flowgauge::head_bytes(received.substr(0, *bytes - 1)), "and no part of it is one");
  const auto request = flowgauge::parse_request(received.substr(0, *bytes));
  if (!request) return 0;
  must_hold(request->path.starts_with('/') && request->path.find('?') == std::string::npos, "a path without a query");
  must_hold(std::ranges::all_of(request->path, [](char letter) { return letter > ' ' && letter < 0x7f; }),
            "no character that steers anything");
  flowgauge::test::note_taken();
  return 0;
}
