#include "core/summary/table_account.h"

#include <simdjson.h>

#include <algorithm>

#include "core/base/try.h"
#include "core/ingest/compressed_stream.h"

namespace flowgauge {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t kMostAccountBytes = std::size_t{64} << 20;

std::string text_at(const object& from, std::string_view key) {
  std::string_view text;
  return from[key].get(text) ? std::string() : std::string(text);
}

std::uint64_t number_at(const object& from, std::string_view key) {
  std::uint64_t number = 0;
  return from[key].get(number) ? 0 : number;
}

void read_columns(const object& document, TableAccount& account) {
  array columns;
  if (document["columns"].get(columns)) return;
  for (const element one : columns) {
    object column;
    if (one.get(column)) continue;
    ColumnNote note{.name = text_at(column, "name"),
                    .role = text_at(column, "role"),
                    .type = text_at(column, "type"),
                    .unit = text_at(column, "unit"),
                    .expression = text_at(column, "expression")};
    array classes;
    if (!column["classes"].get(classes))
      for (const element name : classes)
        if (std::string_view text; !name.get(text)) note.classes.emplace_back(text);
    account.columns.push_back(std::move(note));
  }
}

void read_ledger(const object& document, TableAccount& account) {
  object ledger;
  if (document["ledger"].get(ledger)) return;
  account.frames_read = number_at(ledger, "frames_read");
  account.untimed_frames = number_at(ledger, "untimed_frames");
  object ignored;
  if (ledger["ignored"].get(ignored)) return;
  for (const auto field : ignored)
    if (std::uint64_t frames = 0; !field.value.get(frames))
      account.ignored.emplace_back(std::string(field.key), frames);
}

void read_flows(const object& document, TableAccount& account) {
  object flows;
  if (document["flows"].get(flows)) return;
  account.vlan_halves = number_at(flows, "vlan_halves");
  account.clock_steps = number_at(flows, "clock_steps_back");
  account.older_packets = number_at(flows, "packets_older_than_clock");
  account.ahead_packets = number_at(flows, "packets_too_far_ahead");
}

void read_live(const object& document, TableAccount& account) {
  object live;
  array interfaces;
  if (document["live"].get(live) || live["interfaces"].get(interfaces)) return;
  for (const element one : interfaces)
    if (object counters; !one.get(counters))
      account.lost += number_at(counters, "ring_full") + number_at(counters, "lost_before");
}

}  // namespace

const ColumnNote* TableAccount::note_of(std::string_view column) const {
  const auto found = std::ranges::find(columns, column, &ColumnNote::name);
  return found == columns.end() ? nullptr : &*found;
}

Result<TableAccount> read_account(const std::string& json, const std::string& from) {
  simdjson::dom::parser parser;
  object document;
  element root;
  auto error = parser.parse(json.data(), json.size()).get(root);
  if (!error) error = root.get(document);
  if (error) return fail(ExitCode::kInput, "{}: is no JSON object ({})", from, simdjson::error_message(error));
  TableAccount account;
  account.from = from;
  object schema;
  if (!document["schema"].get(schema)) account.schema = text_at(schema, "name") + " " + text_at(schema, "version");
  read_columns(document, account);
  object ledger;
  if (document["ledger"].get(ledger))
    return fail(ExitCode::kInput, "{}: has no 'ledger'; give a run report or the metadata of a table", from);
  if (bool complete = false; !document["complete"].get(complete)) account.complete = complete;
  if (std::uint64_t rows = 0; !document["rows"].get(rows)) account.rows = rows;
  account.cut_cells = number_at(document, "cut_cells");
  read_ledger(document, account);
  read_flows(document, account);
  read_live(document, account);
  array problems;
  if (!document["problems"].get(problems))
    for (const element one : problems)
      if (std::string_view text; !one.get(text)) account.problems.emplace_back(text);
  return account;
}

Result<TableAccount> read_account_file(const std::string& path) {
  const auto stream = TRY(CompressedStream::open(path, {}));
  std::string json;
  for (std::string part(std::size_t{1} << 16, '\0');;) {
    const std::size_t got = stream->read(part.data(), part.size());
    if (got == 0) break;
    json.append(part, 0, got);
    if (json.size() > kMostAccountBytes)
      return fail(ExitCode::kInput, "{}: is longer than 64 MiB; is it a run report?", path);
  }
  if (stream->damage()) return fail(ExitCode::kInput, "{}: {}", path, *stream->damage());
  return read_account(json, path);
}

}  // namespace flowgauge
