// Compressed content of every kind that is read; a few bytes may stand for very many.
#include <algorithm>
#include <vector>

#include "core/ingest/compressed_stream.h"
#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using flowgauge::CompressedStream;
  using flowgauge::test::must_hold;
  constexpr std::int64_t kEnough = 1 << 22;
  static flowgauge::test::InputFile input;
  const auto stream = CompressedStream::open(input.holding(data, size), {});
  if (!stream) {
    must_hold(!stream.error().message.empty(), "a refusal has a sentence");
    return 0;
  }
  // In pieces of a size that no decoder's own pieces have.
  std::vector<char> buffer(7919);
  std::int64_t read = 0;
  while (const std::size_t piece = (*stream)->read(buffer.data(), buffer.size())) {
    must_hold(piece <= buffer.size(), "a piece fits into its room");
    read += static_cast<std::int64_t>(piece);
    if (read > kEnough) return 0;
  }
  must_hold((*stream)->position() == read, "the position is what was read");
  must_hold(
      (*stream)->head().size() == static_cast<std::size_t>(std::min<std::int64_t>(read, CompressedStream::kHeadBytes)),
      "the head is the content's first bytes");
  if ((*stream)->compression() != flowgauge::Compression::kNone && !(*stream)->damage()) flowgauge::test::note_taken();
  return 0;
}
