// Event files whose pieces are anything: packed here, since checksums let nothing else through. An input is the pieces,
// each behind its length (16 bit): what the file is about, the table, then those of the chunks as the table has them.
#include <string>
#include <string_view>
#include <vector>

#include "core/compression/zstd_frame.h"
#include "core/events/event_file.h"
#include "core/events/replay_source.h"
#include "tests/fuzz/input_bytes.h"
#include "tests/fuzz/target.h"

namespace {

using namespace std::string_view_literals;
using flowgauge::test::InputBytes;
using flowgauge::test::must_hold;

std::vector<std::string_view> pieces_of(InputBytes& input) {
  std::vector<std::string_view> pieces;
  while (!input.empty()) {
    const auto size = input.take<std::uint16_t>();
    pieces.push_back(input.rest().substr(0, size));
    for (std::size_t i = 0; i < pieces.back().size(); ++i) input.take<char>();
  }
  return pieces;
}

// Packs the pieces into a file, and says in the table where each is, if it is one.
class FileOfPieces {
 public:
  std::string made_of(const std::vector<std::string_view>& pieces) {
    file_.clear();
    std::size_t next = 2;
    const auto take = [&] { return packed(next < pieces.size() ? pieces[next++] : ""sv); };
    std::string table(pieces.size() > 1 ? pieces[1] : ""sv);
    if (auto chunks = flowgauge::read_chunks(table)) {
      for (flowgauge::Chunk& chunk : *chunks) {
        chunk.track = take();
        chunk.fragments.piece = take();
        for (auto& [partition, events] : chunk.partitions) events.piece = take();
      }
      table = flowgauge::bytes_of_chunks(*chunks);
    }
    flowgauge::EventFileTail tail;
    tail.chunks = packed(table);
    tail.about = packed(pieces.empty() ? ""sv : pieces[0]);
    return file_.append(reinterpret_cast<const char*>(&tail), sizeof tail);
  }

 private:
  flowgauge::Piece packed(std::string_view bytes) {
    flowgauge::Piece piece{.offset = file_.size()};
    if (bytes.empty()) return piece;
    must_hold(packer_.pack(bytes, file_).has_value(), "a piece is packed");
    piece.packed_bytes = static_cast<std::uint32_t>(file_.size() - piece.offset);
    piece.bytes = static_cast<std::uint32_t>(bytes.size());
    return piece;
  }

  flowgauge::FramePacker packer_;
  std::string file_;
};

void replay(const std::string& path, const flowgauge::PartitionSet& partitions, std::int64_t early_export_ns) {
  flowgauge::LifeCycle rules;
  rules.early_export_ns = early_export_ns;
  flowgauge::ReplaySource source(
      {.files = {{.path = path}, {.path = path}}, .partitions = partitions, .rules = rules, .has_bytes = true});
  flowgauge::EventBlock block;
  std::uint64_t handed_over = 0;
  std::int64_t last_ns = flowgauge::kNoClock;
  for (bool more = true; more;) {
    more = source.read(block) == flowgauge::SourceState::kMore;
    must_hold(block.events.size() <= flowgauge::kBlockEvents, "a block is no longer than it may be");
    must_hold(block.frames.size() == block.events.size() && block.clocks.size() == block.events.size() &&
                  block.payload_begin.size() == block.events.size(),
              "all of an event is there");
    for (std::size_t i = 0; i < block.events.size(); ++i) {
      must_hold(block.clocks[i] >= last_ns, "readings never run back");
      must_hold(block.payload_begin[i] + block.events[i].payload_captured_bytes <= block.payload.size(),
                "an event's bytes are in the block");
      last_ns = block.clocks[i];
      handed_over += partitions.contains(block.events[i].partition) ? 1 : 0;
    }
  }
  must_hold(source.ledger().accepted() == handed_over, "the ledger has what was handed over");
  must_hold(source.ledger().accepted() + source.ledger().ignored() == source.ledger().frames_read,
            "the ledger balances");
  for (const flowgauge::Error& problem : source.problems())
    must_hold(!problem.message.empty(), "a refusal has a sentence");
  if (source.problems().empty() && handed_over > 0) flowgauge::test::note_taken();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static flowgauge::test::InputFile file;
  static FileOfPieces packed;
  InputBytes input(data, size);
  const std::string bytes = packed.made_of(pieces_of(input));
  const std::string& path = file.holding(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  flowgauge::PartitionSet some;
  for (std::uint8_t partition = 0; partition < 128; ++partition) some.add(partition);
  replay(path, some, 0);
  replay(path, some, 1'000'000'000);
  return 0;
}
