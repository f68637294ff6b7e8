// parquet_rows rows|account FILE: a Parquet or Arrow IPC file as CSV, or the account of the run in it, on standard
// output. `flowgauge summary` runs it, so that the program itself needs no library of Arrow's.
#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <charconv>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "failure.h"

namespace arrow_sinks {
namespace {

constexpr std::size_t kWriteBytes = std::size_t{1} << 20;

struct OpenedFile {
  std::shared_ptr<arrow::RecordBatchReader> batches;
  std::shared_ptr<const arrow::KeyValueMetadata> metadata;  // null: it has none
  std::shared_ptr<void> owner;                              // of what the batches come from
};

OpenedFile open_parquet(const std::shared_ptr<arrow::io::ReadableFile>& file) {
  std::shared_ptr<parquet::arrow::FileReader> reader =
      value_of(parquet::arrow::OpenFile(file, arrow::default_memory_pool()));
  OpenedFile opened;
  opened.metadata = reader->parquet_reader()->metadata()->key_value_metadata();
  opened.batches = value_of(reader->GetRecordBatchReader());
  opened.owner = reader;
  return opened;
}

OpenedFile open_arrow(const std::shared_ptr<arrow::io::ReadableFile>& file) {
  const auto reader = value_of(arrow::ipc::RecordBatchFileReader::Open(file));
  arrow::RecordBatchVector batches;
  for (int i = 0; i < reader->num_record_batches(); ++i) batches.push_back(value_of(reader->ReadRecordBatch(i)));
  return {value_of(arrow::RecordBatchReader::Make(std::move(batches), reader->schema())), reader->metadata(), reader};
}

OpenedFile open(const char* path) {
  const auto file = value_of(arrow::io::ReadableFile::Open(path));
  const auto head = value_of(file->ReadAt(0, 6));
  return head->ToString() == "ARROW1" ? open_arrow(file) : open_parquet(file);
}

// As RFC 4180 has it.
void append_cell(std::string& csv, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    csv += text;
    return;
  }
  csv += '"';
  for (const char letter : text) {
    if (letter == '"') csv += '"';
    csv += letter;
  }
  csv += '"';
}

template <class Number>
void append_number(std::string& csv, Number number) {
  char digits[400];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  csv.append(digits, end);
}

// Moments as flowgauge writes them as text.
void append_moment(std::string& csv, std::int64_t time, arrow::TimeUnit::type unit) {
  const std::int64_t per_second = unit == arrow::TimeUnit::SECOND  ? 1
                                  : unit == arrow::TimeUnit::MILLI ? 1'000
                                  : unit == arrow::TimeUnit::MICRO ? 1'000'000
                                                                   : 1'000'000'000;
  std::int64_t seconds = time / per_second;
  std::int64_t rest = time % per_second;
  if (rest < 0) {
    rest += per_second;
    --seconds;
  }
  const std::time_t moment = seconds;
  std::tm parts{};
  char text[64];
  gmtime_r(&moment, &parts);
  csv.append(text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts));
  const std::string decimals = std::to_string(per_second + rest).substr(1);  // as many as the unit has
  if (per_second > 1) csv.append(".").append(decimals);
  csv += " UTC";
}

void append_value(std::string& csv, const arrow::Array& array, std::int64_t row);

// As a JSON array.
void append_list(std::string& csv, const arrow::ListArray& lists, std::int64_t row) {
  std::string text = "[";
  const auto& values = *lists.values();
  for (std::int64_t i = lists.value_offset(row); i < lists.value_offset(row + 1); ++i) {
    if (i > lists.value_offset(row)) text += ',';
    if (values.IsNull(i)) {
      text += "null";
    } else if (values.type_id() == arrow::Type::STRING) {
      text.append("\"").append(static_cast<const arrow::StringArray&>(values).GetView(i)).append("\"");
    } else {
      append_value(text, values, i);
    }
  }
  append_cell(csv, text + "]");
}

void append_value(std::string& csv, const arrow::Array& array, std::int64_t row) {
  switch (array.type_id()) {
    case arrow::Type::INT64:
      return append_number(csv, static_cast<const arrow::Int64Array&>(array).Value(row));
    case arrow::Type::UINT64:
      return append_number(csv, static_cast<const arrow::UInt64Array&>(array).Value(row));
    case arrow::Type::DOUBLE:
      return append_number(csv, static_cast<const arrow::DoubleArray&>(array).Value(row));
    case arrow::Type::BOOL:
      csv += static_cast<const arrow::BooleanArray&>(array).Value(row) ? '1' : '0';
      return;
    case arrow::Type::STRING:
      return append_cell(csv, static_cast<const arrow::StringArray&>(array).GetView(row));
    case arrow::Type::TIMESTAMP:
      return append_moment(csv, static_cast<const arrow::TimestampArray&>(array).Value(row),
                           static_cast<const arrow::TimestampType&>(*array.type()).unit());
    case arrow::Type::LIST:
      return append_list(csv, static_cast<const arrow::ListArray&>(array), row);
    default:
      return append_cell(csv, value_of(array.GetScalar(row))->ToString());
  }
}

// False: the reader is gone.
bool write(std::string& csv) {
  const bool is_written = std::fwrite(csv.data(), 1, csv.size(), stdout) == csv.size();
  csv.clear();
  return is_written;
}

void write_rows(const OpenedFile& opened) {
  std::string csv;
  for (const auto& field : opened.batches->schema()->fields()) {
    if (!csv.empty()) csv += ',';
    append_cell(csv, field->name());
  }
  csv += '\n';
  for (;;) {
    const auto batch = value_of(opened.batches->Next());
    if (!batch) break;
    for (std::int64_t row = 0; row < batch->num_rows(); ++row) {
      for (int column = 0; column < batch->num_columns(); ++column) {
        if (column > 0) csv += ',';
        if (batch->column(column)->IsValid(row)) append_value(csv, *batch->column(column), row);
      }
      csv += '\n';
      if (csv.size() >= kWriteBytes && !write(csv)) return;
    }
  }
  write(csv);
}

void write_account(const OpenedFile& opened) {
  if (!opened.metadata || !opened.metadata->Contains("flowgauge.account")) return;
  std::string account = value_of(opened.metadata->Get("flowgauge.account"));
  write(account);
}

}  // namespace
}  // namespace arrow_sinks

int main(int count, char** arguments) {
  const std::string_view what = count == 3 ? arguments[1] : "";
  if (what != "rows" && what != "account") {
    std::fputs("usage: parquet_rows rows|account FILE\n", stderr);
    return 1;
  }
  try {
    const auto opened = arrow_sinks::open(arguments[2]);
    what == "rows" ? arrow_sinks::write_rows(opened) : arrow_sinks::write_account(opened);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "is no Parquet or Arrow file that can be read: %s\n", error.what());
    return 3;
  }
  return std::fflush(stdout) == 0 ? 0 : 4;
}
