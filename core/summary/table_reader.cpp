#include "core/summary/table_reader.h"

#include <algorithm>
#include <array>

#include "core/base/try.h"
#include "core/summary/parquet_reader.h"

namespace flowgauge {
namespace {

constexpr std::array<std::string_view, 6> kCaptureMagics = {
    std::string_view("\xa1\xb2\xc3\xd4", 4), std::string_view("\xd4\xc3\xb2\xa1", 4),
    std::string_view("\xa1\xb2\x3c\x4d", 4), std::string_view("\x4d\x3c\xb2\xa1", 4),
    std::string_view("\xa1\xb2\xcd\x34", 4), std::string_view("\x0a\x0d\x0d\x0a", 4)};

}  // namespace

Result<std::unique_ptr<TableReader>> open_table(const std::string& path, const TableOpening& opening) {
  auto stream = TRY(CompressedStream::open(path, {.bytes_read = opening.bytes_read, .stop = &opening.stop.flag()}));
  if (stream->stopped()) return fail(ExitCode::kInterrupted, "interrupted");
  if (stream->head().empty() && stream->damage())
    return fail(ExitCode::kInput, "{}: {}", stream->name(), *stream->damage());
  if (stream->empty())
    return fail(ExitCode::kInput, "{}: is empty; a table begins with its header, or with a row of JSON",
                stream->name());
  std::string_view head = stream->head();
  if (head.starts_with("PAR1") || head.starts_with("ARROW1")) return open_parquet(path, opening);
  if (std::ranges::any_of(kCaptureMagics, [&](std::string_view magic) { return head.starts_with(magic); }))
    return fail(ExitCode::kInput, "{}: is a capture, not a table; flowgauge pcap makes a table of it", stream->name());
  if (head.contains('\0'))
    return fail(ExitCode::kInput, "{}: is binary, and no table that is known here (CSV, JSONL, Parquet)",
                stream->name());
  head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
  if (head.starts_with('['))
    return fail(ExitCode::kInput, "{}: begins with '[': is it a JSON array? Write one object a line (jq -c '.[]')",
                stream->name());
  if (head.starts_with('{')) return open_jsonl(std::move(stream), opening.known_columns);
  return open_csv(std::move(stream));
}

}  // namespace flowgauge
