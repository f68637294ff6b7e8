// Each decoder by itself. An input is a byte that says which one, a byte that says in what pieces, and the content.
// However it is cut, the same comes out.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "core/compression/decoders.h"
#include "tests/fuzz/target.h"

namespace {

using flowgauge::Compression;
using flowgauge::test::must_hold;

constexpr std::size_t kEnough = 1 << 18;
// ISA-L decodes up to three bytes by one look at its input. Where the input ends among them, it may give none of them.
constexpr std::size_t kAtOnce = 3;

struct Decoded {
  std::string content;
  std::string error;
  bool complete = false;
  bool cut = false;  // more than enough
};

Decoded decode(const std::unique_ptr<flowgauge::Decoder>& decoder, std::string_view in, std::size_t piece,
               std::size_t room) {
  must_hold(decoder != nullptr, "there is memory for a decoder");
  Decoded all;
  std::vector<char> out(room);
  for (;;) {
    const std::string_view now = in.substr(0, piece);
    const auto step = decoder->decode({now.data(), now.size()}, {out.data(), out.size()});
    must_hold(step.consumed <= now.size() && step.produced <= out.size(), "a step stays within input and room");
    all.content.append(out.data(), step.produced);
    in.remove_prefix(step.consumed);
    all.error = step.error;
    all.cut = all.content.size() > kEnough;
    if (!all.error.empty() || all.cut) return all;
    if (step.consumed != 0 || step.produced != 0) continue;
    must_hold(in.empty(), "with input and room there is progress");
    all.complete = decoder->complete();
    return all;
  }
}

Decoded decode(Compression compression, std::string_view in, std::size_t piece, std::size_t room) {
  return decode(flowgauge::make_decoder(compression), in, piece, room);
}

// Behind a distance that there is none of ISA-L may go on, and what it makes of it differs: zlib tells what is right.
void compare_with_zlib(const Decoded& found, std::string_view in) {
  const Decoded right = decode(flowgauge::make_zlib_gzip_decoder(), in, SIZE_MAX, 1 << 16);
  const std::size_t both = std::min(found.content.size(), right.content.size());
  must_hold(found.content.compare(0, both, right.content, 0, both) == 0, "zlib's content");
  if (!found.cut && !right.cut) must_hold(found.complete == right.complete, "zlib's end");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr Compression kAll[] = {Compression::kGzip, Compression::kZstd, Compression::kBzip2, Compression::kXz,
                                  Compression::kLz4};
  constexpr std::size_t kPieces[] = {1, 2, 3, 7, 16, 61, 509, 4096};
  if (size < 2) return -1;
  const Compression compression = kAll[data[0] % std::size(kAll)];
  const std::string_view content(reinterpret_cast<const char*>(data) + 2, size - 2);
  const Decoded whole = decode(compression, content, SIZE_MAX, 1 << 16);
  const Decoded pieces = decode(compression, content, kPieces[data[1] & 7], kPieces[data[1] >> 3 & 7]);
  const std::size_t both = std::min(whole.content.size(), pieces.content.size());
  if (compression == Compression::kGzip)
    for (const Decoded* const one : {&whole, &pieces}) compare_with_zlib(*one, content);
  else
    must_hold(whole.content.compare(0, both, pieces.content, 0, both) == 0, "the same content, however it is cut");
  if (whole.cut || pieces.cut) return 0;
  must_hold(whole.error.empty() == pieces.error.empty(), "the same verdict, however it is cut");
  if (whole.error.empty()) {
    const std::size_t more = std::max(whole.content.size(), pieces.content.size()) - both;
    must_hold(more == 0 || (compression == Compression::kGzip && !whole.complete && more < kAtOnce),
              "as much content, however it is cut");
    must_hold(whole.complete == pieces.complete, "the same end, however it is cut");
    if (whole.complete) flowgauge::test::note_taken();
  }
  return 0;
}
