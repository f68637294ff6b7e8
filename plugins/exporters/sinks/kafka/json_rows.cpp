#include "json_rows.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace kafka_sink {
namespace {

// RFC 8259 7.
void append_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') {
      out += '\\';
      out += letter;
    } else if (static_cast<unsigned char>(letter) < 0x20) {
      std::array<char, 8> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "\\u%04x", static_cast<unsigned>(letter));
      out += escaped.data();
    } else {
      out += letter;
    }
  }
  out += '"';
}

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), written.ptr);
}

void append_cell(std::string& out, const fg::BatchColumn& column, std::int64_t row) {
  if (column.is_null(row)) {
    out += "null";
    return;
  }
  switch (column.type()) {
    case FG_U64:
      return append_number(out, column.u64(row));
    case FG_I64:
      return append_number(out, column.i64(row));
    case FG_F64:
      return append_number(out, column.f64(row));
    case FG_BOOL:
      out += column.boolean(row) ? '1' : '0';
      return;
    case FG_STRING:
      return append_text(out, column.text(row));
    default: {
      const fg::BatchColumn items = column.items();
      const auto [first, end] = column.range(row);
      out += '[';
      for (std::int32_t i = first; i < end; ++i) {
        if (i != first) out += ',';
        append_cell(out, items, i);
      }
      out += ']';
    }
  }
}

}  // namespace

JsonRows::JsonRows(const ArrowSchema& schema) {
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    std::string& name = names_.emplace_back(i == 0 ? "{" : ",");
    append_text(name, schema.children[i]->name);
    name += ':';
  }
}

std::string_view JsonRows::row(const fg::Batch& batch, std::int64_t row) {
  text_.clear();
  for (std::size_t i = 0; i < names_.size(); ++i) {
    text_ += names_[i];
    append_cell(text_, batch.column(static_cast<std::int64_t>(i)), row);
  }
  text_ += '}';
  return text_;
}

std::string JsonRows::cell(const fg::BatchColumn& column, std::int64_t row) {
  std::string text;
  if (column.is_null(row)) return text;
  if (column.type() == FG_STRING) return std::string(column.text(row));
  append_cell(text, column, row);
  return text;
}

}  // namespace kafka_sink
