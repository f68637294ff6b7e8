#include "batches.h"

#include <arrow/c/bridge.h>

#include <string_view>
#include <utility>

#include "failure.h"
#include "timestamps.h"

namespace arrow_sinks {
namespace {

std::shared_ptr<arrow::DataType> signed_type(const std::shared_ptr<arrow::DataType>& type) {
  if (type->id() == arrow::Type::UINT64) return arrow::int64();
  if (type->id() == arrow::Type::LIST && type->field(0)->type()->id() == arrow::Type::UINT64)
    return arrow::list(type->field(0)->WithType(arrow::int64()));
  return type;
}

// Cells that are no number of int64. All of them are looked at as one first: hardly ever is there any.
std::int64_t count_too_large(const arrow::Array& array) {
  const auto& numbers = static_cast<const arrow::UInt64Array&>(array);
  std::uint64_t any = 0;
  for (std::int64_t i = 0; i < numbers.length(); ++i) any |= numbers.raw_values()[i];
  if (any <= INT64_MAX) return 0;
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < numbers.length(); ++i)
    count += static_cast<std::int64_t>(numbers.Value(i) > INT64_MAX && numbers.IsValid(i));
  return count;
}

}  // namespace

Batches::Batches(const ArrowSchema& schema, const CellTypes& types) {
  // A copy that owns nothing: Arrow releases what it imports, and this one is the host's.
  ArrowSchema borrowed = schema;
  borrowed.release = [](ArrowSchema* one) { one->release = nullptr; };
  given_ = value_of(arrow::ImportSchema(&borrowed));
  arrow::FieldVector fields;
  for (const auto& field : given_->fields()) {
    const std::string& form = time_forms_.emplace_back(types.time ? form_of_time(*field) : "");
    const bool is_time = !form.empty();
    const auto number = types.numbers == Numbers::kUint64 ? field->type() : signed_type(field->type());
    fields.push_back(field->WithType(is_time ? arrow::timestamp(*types.time, "UTC") : number));
  }
  schema_ = arrow::schema(std::move(fields), given_->metadata());
}

std::shared_ptr<arrow::RecordBatch> Batches::convert(fg::Batch batch) {
  ArrowArray array = batch.take();
  auto imported = value_of(arrow::ImportRecordBatch(&array, given_));
  arrow::ArrayVector columns = imported->columns();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& type = schema_->field(static_cast<int>(i))->type();
    if (!time_forms_[i].empty())
      columns[i] = as_timestamps(*columns[i], time_forms_[i], type, times_out_of_range_);
    else if (type != columns[i]->type())
      columns[i] = as_signed(columns[i]);
  }
  return arrow::RecordBatch::Make(schema_, imported->num_rows(), std::move(columns));
}

std::shared_ptr<arrow::Array> Batches::as_signed(const std::shared_ptr<arrow::Array>& array) {
  if (array->type_id() == arrow::Type::LIST) {
    const auto& list = static_cast<const arrow::ListArray&>(*array);
    auto data = list.data()->Copy();
    data->type = signed_type(list.type());
    data->child_data = {as_signed(list.values())->data()};
    return arrow::MakeArray(data);
  }
  auto data = array->data()->Copy();
  data->type = arrow::int64();
  const std::int64_t too_large = count_too_large(*array);
  if (too_large == 0) return arrow::MakeArray(data);
  numbers_out_of_range_ += static_cast<std::uint64_t>(too_large);
  const auto& numbers = static_cast<const arrow::UInt64Array&>(*array);
  auto validity = value_of(arrow::AllocateEmptyBitmap(array->length()));
  for (std::int64_t i = 0; i < numbers.length(); ++i)
    if (numbers.IsValid(i) && numbers.Value(i) <= INT64_MAX)
      validity->mutable_data()[i / 8] |= static_cast<std::uint8_t>(1U << (i % 8));
  auto values = value_of(array->data()->buffers[1]->CopySlice(array->offset() * 8, array->length() * 8));
  return arrow::MakeArray(
      arrow::ArrayData::Make(arrow::int64(), array->length(), {std::move(validity), std::move(values)}));
}

void Batches::warn_of_nulls(const fg_host& host) const {
  const auto warn = [&](std::uint64_t cells, std::string_view why) {
    const std::string text = std::to_string(cells) + " cells are null: " + std::string(why);
    if (cells != 0) host.log(FG_LOG_WARNING, text.data(), text.size());
  };
  warn(numbers_out_of_range_, "their numbers do not fit into int64; the option 'uint64: true' keeps them");
  warn(times_out_of_range_, "their times do not fit into timestamps; the option 'time: plain' keeps them");
}

}  // namespace arrow_sinks
