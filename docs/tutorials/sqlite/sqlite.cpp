// sqlite: the rows of a table as rows of a table of a SQLite database.
#define FG_TARGET_MINOR 1
#include <sqlite3.h>

#include <chrono>
#include <filesystem>
#include <flowgauge/sdk.hpp>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

// "it's" as a name in SQL.
std::string sql_name(std::string_view name) {
  std::string text = "\"";
  for (const char letter : name) text += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return text + '"';
}

const char* type_of(const ArrowSchema& column) {
  switch (column.format[0]) {
    case 'g':
      return " REAL";
    case 'u':
      return " TEXT";
    default:
      return " INTEGER";  // booleans, too: 0 and 1
  }
}

class Sqlite {
 public:
  static constexpr fg::SinkAbout kAbout{
      .name = "sqlite", .version = "1.0", .doc = "A table of a SQLite database.", .place = FG_PLACE_OWN};
  static constexpr fg::Option kOptions[] = {
      {"table", "What the table is called in the database", FG_STRING, FG_UNIT_NONE, "flows"},
  };

  explicit Sqlite(const fg::SinkOpen<Sqlite>& open)
      : path_(open.path()), table_(open.get<"table">()), is_new_(!std::filesystem::exists(path_)) {
    sqlite3* opened = nullptr;
    const int result = sqlite3_open_v2(path_.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    database_.reset(opened);
    check(result);
    run("BEGIN IMMEDIATE");
    if (open.may_replace()) run("DROP TABLE IF EXISTS " + sql_name(table_));
    make_table(open.schema());
  }

  void write(const fg::Batch& batch) {
    for (std::int64_t row = 0; row < batch.rows(); ++row) {
      for (int i = 0; i < batch.columns(); ++i) check(bind(i + 1, batch.column(i), row));
      if (sqlite3_step(insert_.get()) != SQLITE_DONE) fail();
      check(sqlite3_reset(insert_.get()));
    }
    rows_ += static_cast<std::uint64_t>(batch.rows());
  }

  // Of live runs: whoever asks the database sees the rows so far.
  void flush(std::chrono::nanoseconds) {
    commit();
    run("BEGIN IMMEDIATE");
  }

  void finish(const fg::Finish& finish) {
    if (finish.how != FG_FINISH_DISCARD) return commit();
    run("ROLLBACK");
    insert_.reset();
    database_.reset();
    if (is_new_) std::filesystem::remove(path_);
  }

  std::uint64_t rows_certain() const { return certain_; }

 private:
  void make_table(const ArrowSchema& schema) {
    std::string columns;
    std::string values;
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
      const ArrowSchema& column = *schema.children[i];
      columns += (i == 0 ? "" : ", ") + sql_name(column.name) + type_of(column);
      values += i == 0 ? "?" : ", ?";
    }
    run("CREATE TABLE " + sql_name(table_) + " (" + columns + ")");
    sqlite3_stmt* insert = nullptr;
    const std::string text = "INSERT INTO " + sql_name(table_) + " VALUES (" + values + ")";
    check(sqlite3_prepare_v2(database_.get(), text.c_str(), -1, &insert, nullptr));
    insert_.reset(insert);
  }

  int bind(int place, const fg::BatchColumn& column, std::int64_t row) {
    if (column.is_null(row)) return sqlite3_bind_null(insert_.get(), place);
    switch (column.type()) {
      case FG_F64:
        return sqlite3_bind_double(insert_.get(), place, column.f64(row));
      case FG_BOOL:
        return sqlite3_bind_int(insert_.get(), place, column.boolean(row) ? 1 : 0);
      case FG_STRING: {
        const std::string_view text = column.text(row);
        // The batch outlives the step: no copy is needed. The pointer of an empty text may be null, which SQL would take for NULL.
        const char* const begin = text.empty() ? "" : text.data();
        return sqlite3_bind_text(insert_.get(), place, begin, static_cast<int>(text.size()), SQLITE_STATIC);
      }
      default:
        return sqlite3_bind_int64(insert_.get(), place, column.i64(row));
    }
  }

  void commit() {
    run("COMMIT");
    certain_ = rows_;
  }

  void run(const std::string& statement) {
    check(sqlite3_exec(database_.get(), statement.c_str(), nullptr, nullptr, nullptr));
  }
  void check(int result) const {
    if (result != SQLITE_OK) fail();
  }
  [[noreturn]] void fail() const { throw std::runtime_error(sqlite3_errmsg(database_.get())); }

  std::string path_;
  std::string table_;
  bool is_new_;
  std::unique_ptr<sqlite3, Close> database_;
  std::unique_ptr<sqlite3_stmt, Close> insert_;
  std::uint64_t rows_ = 0;
  std::uint64_t certain_ = 0;
};

}  // namespace

FG_MODULE("sqlite", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<>, fg::Sinks<Sqlite>);
