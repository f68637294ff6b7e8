// The C API by its header alone: what goes in, what comes out, and what is refused.
#include <flowgauge/flowgauge.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kCapture = std::string(FLOWGAUGE_SOURCE_DIR) + "/fixtures/demo.pcap";
constexpr std::int64_t kFlows = 16;  // of that

// A status with its text.
struct Outcome {
  flowgauge_status status = FLOWGAUGE_OK;
  std::string text;
};

// Calls a function with the error behind its arguments.
template <class Function, class... Arguments>
Outcome call(Function function, Arguments... arguments) {
  flowgauge_error* error = nullptr;
  Outcome outcome;
  outcome.status = function(arguments..., &error);
  EXPECT_EQ(flowgauge_error_status(error), outcome.status);
  EXPECT_EQ(error == nullptr, outcome.status == FLOWGAUGE_OK);
  outcome.text = flowgauge_error_text(error);
  flowgauge_error_free(error);
  // Who does not want to know why is told that it failed, all the same.
  return outcome;
}

class Options {
 public:
  Options() {
    flowgauge_options_init(&c);
    c.trial = FLOWGAUGE_TRIAL_NONE;
    c.flags = FLOWGAUGE_INSECURE_PLUGINS;  // a group may write to the build folder
    c.plugin_folders = folders_;
    c.plugin_folder_count = 2;
  }
  Options& set(std::vector<const char*> words) {
    settings_ = std::move(words);
    c.settings = settings_.data();
    c.setting_count = settings_.size();
    return *this;
  }

  flowgauge_options c{};

 private:
  const char* folders_[2] = {PLUGINS, SHAPES};
  std::vector<const char*> settings_;
};

class Session {
 public:
  explicit Session(const Options& options = {}) {
    const Outcome opened = call(flowgauge_session_open, &options.c, &c);
    EXPECT_EQ(opened.status, FLOWGAUGE_OK) << opened.text;
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() { flowgauge_session_close(c); }

  Session& add(const std::string& path) {
    const Outcome added = call(flowgauge_session_add_capture, c, path.c_str());
    EXPECT_EQ(added.status, FLOWGAUGE_OK) << added.text;
    return *this;
  }
  std::string report() {
    char* json = nullptr;
    const Outcome told = call(flowgauge_session_report, c, &json);
    if (told.status != FLOWGAUGE_OK) return told.text;
    std::string text(json);
    flowgauge_text_free(json);
    return text;
  }

  // The first value of the name.
  std::string reported(const std::string& name) {
    const std::string text = report();
    const std::size_t at = text.find("\"" + name + "\": ");
    if (at == std::string::npos) return "nothing";
    const std::size_t begin = at + name.size() + 4;
    return text.substr(begin, text.find_first_of(",\n", begin) - begin);
  }

  flowgauge_session* c = nullptr;
};

Outcome refusal(const Options& options) {
  flowgauge_session* session = nullptr;
  const Outcome outcome = call(flowgauge_session_open, &options.c, &session);
  EXPECT_EQ(session, nullptr);
  flowgauge_session_close(session);
  return outcome;
}

// A stream, and what its end was.
class Stream {
 public:
  explicit Stream(flowgauge_session* session, const char* schema = nullptr,
                  const flowgauge_stream_options* options = nullptr) {
    const Outcome made = call(flowgauge_session_stream, session, schema, options, &c);
    EXPECT_EQ(made.status, FLOWGAUGE_OK) << made.text;
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() {
    if (c.release != nullptr) c.release(&c);
  }

  // -1: the end; -2: an error, see text.
  std::int64_t next() {
    ArrowArray batch{};
    status = c.get_next(&c, &batch);
    if (status != 0) {
      text = c.get_last_error(&c);
      return -2;
    }
    if (batch.release == nullptr) return -1;
    const std::int64_t rows = batch.length;
    batch.release(&batch);
    return rows;
  }
  std::int64_t rest() {
    std::int64_t rows = 0;
    for (std::int64_t more = next(); more >= 0; more = next()) rows += more;
    return rows;
  }

  ArrowArrayStream c{};
  int status = 0;
  std::string text;
};

class Folder {
 public:
  Folder() {
    std::string made = (fs::temp_directory_path() / "flowgauge_api.XXXXXX").string();
    path_ = ::mkdtemp(made.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Api, ItsVersionIsThatOfItsHeader) {
  EXPECT_EQ(flowgauge_api_minor(), static_cast<std::uint32_t>(FLOWGAUGE_API_MINOR));
  EXPECT_THAT(flowgauge_version(), StartsWith("0."));
}

TEST(Api, NothingIsNoCrash) {
  flowgauge_session_close(nullptr);
  flowgauge_session_interrupt(nullptr);
  flowgauge_error_free(nullptr);
  flowgauge_text_free(nullptr);
  EXPECT_EQ(flowgauge_error_status(nullptr), FLOWGAUGE_OK);
  EXPECT_STREQ(flowgauge_error_text(nullptr), "");
  EXPECT_EQ(flowgauge_session_table_count(nullptr), 0U);

  char* json = nullptr;
  ArrowArrayStream stream{};
  flowgauge_table table{.struct_size = sizeof table, .column_count = 0, .schema = nullptr, .schema_version = nullptr};
  const Session session;
  EXPECT_EQ(call(flowgauge_session_open, static_cast<const flowgauge_options*>(nullptr),
                 static_cast<flowgauge_session**>(nullptr))
                .text,
            "the argument 'session' is NULL");
  for (const Outcome& outcome :
       {call(flowgauge_session_add_capture, static_cast<flowgauge_session*>(nullptr), "x"),
        call(flowgauge_session_add_interface, static_cast<flowgauge_session*>(nullptr), "x"),
        call(flowgauge_session_run, static_cast<flowgauge_session*>(nullptr)),
        call(flowgauge_session_start, static_cast<flowgauge_session*>(nullptr)),
        call(flowgauge_session_report, static_cast<flowgauge_session*>(nullptr), &json),
        call(flowgauge_session_stream, static_cast<flowgauge_session*>(nullptr), static_cast<const char*>(nullptr),
             static_cast<const flowgauge_stream_options*>(nullptr), &stream),
        call(flowgauge_session_table, static_cast<const flowgauge_session*>(nullptr), 0U, &table)}) {
    EXPECT_EQ(outcome.status, FLOWGAUGE_MISUSE);
    EXPECT_EQ(outcome.text, "the argument 'session' is NULL");
  }
  EXPECT_EQ(call(flowgauge_session_add_capture, session.c, static_cast<const char*>(nullptr)).text,
            "the argument 'path' is NULL");
  EXPECT_EQ(call(flowgauge_session_add_interface, session.c, static_cast<const char*>(nullptr)).text,
            "the argument 'name' is NULL");
  EXPECT_EQ(call(flowgauge_session_report, session.c, static_cast<char**>(nullptr)).text,
            "the argument 'json' is NULL");
  EXPECT_EQ(call(flowgauge_session_stream, session.c, static_cast<const char*>(nullptr),
                 static_cast<const flowgauge_stream_options*>(nullptr), static_cast<ArrowArrayStream*>(nullptr))
                .text,
            "the argument 'out' is NULL");
  EXPECT_EQ(call(flowgauge_session_table, static_cast<const flowgauge_session*>(session.c), 0U,
                 static_cast<flowgauge_table*>(nullptr))
                .text,
            "the argument 'out' is NULL");
  // Without the wish to know why.
  EXPECT_EQ(flowgauge_session_run(nullptr, nullptr), FLOWGAUGE_MISUSE);
}

TEST(Api, StructsOfOtherHeaders) {
  Options options;
  options.c.struct_size = 0;
  EXPECT_EQ(refusal(options).text, "options.struct_size is not set: begin with flowgauge_options_init");

  // An older one ends before what it does not have.
  options.c.struct_size = offsetof(flowgauge_options, duration_ns);
  options.c.threads = 0xffffffff;
  options.c.program = reinterpret_cast<const char*>(1);
  flowgauge_session* session = nullptr;
  EXPECT_EQ(call(flowgauge_session_open, &options.c, &session).text, "");
  flowgauge_session_close(session);
  options.c.threads = 0;
  options.c.program = nullptr;

  // A newer one may be larger, but ask for nothing that is not known here.
  struct Newer {
    flowgauge_options known;
    std::uint64_t more;
  } newer{options.c, 0};
  newer.known.struct_size = sizeof newer;
  EXPECT_EQ(call(flowgauge_session_open, &newer.known, &session).text, "");
  flowgauge_table table{};
  EXPECT_EQ(call(flowgauge_session_table, static_cast<const flowgauge_session*>(session), 0U, &table).text,
            "out->struct_size is not set");
  table.struct_size = offsetof(flowgauge_table, schema);
  table.schema = "untouched";
  EXPECT_EQ(call(flowgauge_session_table, static_cast<const flowgauge_session*>(session), 0U, &table).text, "");
  EXPECT_EQ(table.column_count, 10U);
  EXPECT_STREQ(table.schema, "untouched");
  flowgauge_session_close(session);
  newer.more = 1;
  EXPECT_THAT(call(flowgauge_session_open, &newer.known, &session).text,
              testing::MatchesRegex("options asks for something that libflowgauge .* does not know yet"));
}

TEST(Api, WhatIsWrongWithoutAnInput) {
  struct Case {
    const char* what;
    std::function<void(Options&)> change;
    flowgauge_status status;
    const char* text;
  };
  const char* const nothing[] = {nullptr};
  const char* const wrong[] = {"source_pi"};
  const Case cases[] = {
      {"profile that is not there", [](Options& o) { o.c.profile = "/nowhere.yaml"; }, FLOWGAUGE_USAGE,
       "profile '/nowhere.yaml' not found"},
      {"both profiles", [](Options& o) { o.c.profile = o.c.profile_text = "basic"; }, FLOWGAUGE_MISUSE,
       "options has both profile and profile_text"},
      {"text that is no YAML", [](Options& o) { o.c.profile_text = "flow: {"; }, FLOWGAUGE_USAGE, "profile:1: "},
      {"text with a wrong key", [](Options& o) { o.c.profile_text = "flow:\n  idle: 1s\n"; }, FLOWGAUGE_USAGE,
       "profile:2: "},
      {"text without a table", [](Options& o) { o.c.profile_text = "threads: 2"; }, FLOWGAUGE_USAGE,
       "the profile names no schema"},
      {"schema that is not there", [](Options& o) { o.c.schema = "basics"; }, FLOWGAUGE_PLUGIN,
       "schema 'basics' not found"},
      {"setting without a value", [](Options& o) { o.set({"flow.linger"}); }, FLOWGAUGE_USAGE,
       "setting 'flow.linger': is not KEY=VALUE"},
      {"setting of no key", [](Options& o) { o.set({"flow.lingers=1s"}); }, FLOWGAUGE_USAGE, "setting flow.lingers: "},
      {"setting of a wrong value", [](Options& o) { o.set({"flow.linger=soon"}); }, FLOWGAUGE_USAGE,
       "setting flow.linger: "},
      {"hostile setting", [](Options& o) { o.set({"flow.linger=&a [*a, *a]"}); }, FLOWGAUGE_USAGE,
       "setting flow.linger: "},
      {"settings that are NULL", [](Options& o) { o.c.setting_count = 1; }, FLOWGAUGE_MISUSE,
       "the argument 'options.settings' is NULL"},
      {"a setting that is NULL", [&](Options& o) { o.c.settings = nothing, o.c.setting_count = 1; }, FLOWGAUGE_MISUSE,
       "the argument 'options.settings' is NULL"},
      {"partitions", [](Options& o) { o.c.partitions = "0-300"; }, FLOWGAUGE_USAGE, "partitions: "},
      {"columns that are NULL", [](Options& o) { o.c.column_count = 1; }, FLOWGAUGE_MISUSE,
       "the argument 'options.columns' is NULL"},
      {"a column that is not there", [&](Options& o) { o.c.columns = wrong, o.c.column_count = 1; }, FLOWGAUGE_USAGE,
       "schema 'basic' has no column 'source_pi'; did you mean 'source_ip'?"},
      {"columns of several tables",
       [&](Options& o) {
         o.c.profile_text = "exporters:\n  - basic\n  - schema: cidds\n    path: cidds.csv\n";
         o.c.columns = wrong, o.c.column_count = 1;
       },
       FLOWGAUGE_USAGE, "columns are chosen of one table, but the profile has 2 tables"},
      {"flags", [](Options& o) { o.c.flags |= 1U << 30; }, FLOWGAUGE_MISUSE, "options.flags has a bit"},
      {"trial", [](Options& o) { o.c.trial = 9; }, FLOWGAUGE_MISUSE, "options.trial is none of"},
      {"log level", [](Options& o) { o.c.log_level = 9; }, FLOWGAUGE_MISUSE, "options.log_level is none of"},
  };
  for (const Case& one : cases) {
    Options options;
    one.change(options);
    const Outcome outcome = refusal(options);
    EXPECT_EQ(outcome.status, one.status) << one.what;
    EXPECT_THAT(outcome.text, HasSubstr(one.text)) << one.what;
    EXPECT_THAT(outcome.text, testing::Not(HasSubstr("\n"))) << one.what;
  }
}

TEST(Api, TablesAndColumnsAreKnownWithoutAnInput) {
  Options options;
  options.c.profile_text = "exporters:\n  - schema: basic\n  - schema: cidds\n    path: cidds.csv\n";
  const Session session(options);
  ASSERT_EQ(flowgauge_session_table_count(session.c), 2U);
  flowgauge_table table{};
  table.struct_size = sizeof table;
  ASSERT_EQ(call(flowgauge_session_table, static_cast<const flowgauge_session*>(session.c), 1U, &table).text, "");
  EXPECT_STREQ(table.schema, "cidds");
  EXPECT_STRNE(table.schema_version, "");
  EXPECT_EQ(table.column_count, 10U);
  flowgauge_column column{};
  column.struct_size = sizeof column;
  const auto column_of = [&](std::uint32_t number, std::uint32_t of) {
    return call(flowgauge_session_column, static_cast<const flowgauge_session*>(session.c), of, number, &column).text;
  };
  ASSERT_EQ(column_of(1, 0), "");
  EXPECT_STREQ(column.name, "source_ip");
  EXPECT_EQ(column.type, FLOWGAUGE_STRING);
  EXPECT_STREQ(column.unit, "");
  EXPECT_STREQ(column.classes, "identity");
  EXPECT_STREQ(column.expression, "flow.src_ip");
  EXPECT_THAT(column.definition, HasSubstr("ddress"));
  EXPECT_STREQ(column.role, "feature");
  ASSERT_EQ(column_of(8, 0), "");
  EXPECT_STREQ(column.name, "duration");
  EXPECT_STREQ(column.unit, "us");
  EXPECT_EQ(column_of(10, 0), "there is no column number 10; the table has 10");
  EXPECT_EQ(column_of(0, 2), "there is no table number 2; the session has 2");
}

TEST(Api, WhatThereIs) {
  Options options;
  const auto list = [&](flowgauge_list what) {
    char* json = nullptr;
    const Outcome listed = call(flowgauge_list_json, static_cast<const flowgauge_options*>(&options.c), what, &json);
    const std::string text = listed.status == FLOWGAUGE_OK ? json : listed.text;
    flowgauge_text_free(json);
    return text;
  };
  EXPECT_THAT(list(FLOWGAUGE_LIST_PLUGINS), HasSubstr("\"name\": \"shapes\""));
  EXPECT_THAT(list(FLOWGAUGE_LIST_COLUMNS), HasSubstr("\"name\": \"flow.src_ip\""));
  EXPECT_THAT(list(FLOWGAUGE_LIST_COLUMNS), HasSubstr("\"name\": \"shapes.maybe_lengths\""));
  EXPECT_EQ(list(3), "the argument 'what' is none of FLOWGAUGE_LIST_...");
  options.c.flags = FLOWGAUGE_INSECURE_PLUGINS << 10;
  EXPECT_THAT(list(FLOWGAUGE_LIST_PLUGINS), HasSubstr("options.flags"));
}

TEST(Api, AStreamHasAllRowsAndThenItsEnd) {
  Session session;
  session.add(kCapture);
  flowgauge_stream_options options;
  flowgauge_stream_options_init(&options);
  options.batch_rows = 1;  // the run waits after a few: it cannot have ended
  Stream stream(session.c, "basic", &options);
  ArrowSchema schema{};
  ASSERT_EQ(stream.c.get_schema(&stream.c, &schema), 0);
  EXPECT_EQ(schema.n_children, 10);
  schema.release(&schema);
  EXPECT_EQ(stream.next(), 1);
  EXPECT_THAT(session.report(), HasSubstr("goes on"));
  EXPECT_EQ(stream.rest(), kFlows - 1);
  EXPECT_EQ(stream.next(), -1) << "the end stays";
  EXPECT_EQ(session.reported("frames_read"), "78");
}

TEST(Api, AStreamOutlivesItsSession) {
  Stream stream(Session().add(kCapture).c);
  EXPECT_EQ(stream.rest(), kFlows);
  EXPECT_EQ(stream.status, 0) << stream.text;
}

TEST(Api, ABatchOutlivesItsStream) {
  ArrowArray batch{};
  {
    Session session;
    session.add(kCapture);
    Stream stream(session.c);
    ASSERT_EQ(stream.c.get_next(&stream.c, &batch), 0);
  }
  ASSERT_NE(batch.release, nullptr);
  EXPECT_EQ(batch.length, kFlows);
  batch.release(&batch);
  EXPECT_EQ(batch.release, nullptr);
}

TEST(Api, AStreamThatIsReleasedEarlyEndsItsRun) {
  Session session;
  for (int i = 0; i < 50; ++i) session.add(kCapture);
  {
    flowgauge_stream_options options;
    flowgauge_stream_options_init(&options);
    options.batch_rows = 1;
    Stream stream(session.c, nullptr, &options);
    EXPECT_EQ(stream.next(), 1);
  }
  EXPECT_EQ(session.reported("reader_gone"), "true");
}

// The run waits for its reader after a few batches, so that it cannot have read all when the interrupt comes.
TEST(Api, AnInterruptInTheMiddleKeepsTheRowsSoFar) {
  Session session;
  for (int i = 0; i < 600; ++i) session.add(kCapture);
  flowgauge_stream_options options;
  flowgauge_stream_options_init(&options);
  options.batch_rows = 1;
  Stream stream(session.c, nullptr, &options);
  EXPECT_EQ(stream.next(), 1);
  std::thread([&] { flowgauge_session_interrupt(session.c); }).join();
  EXPECT_GT(stream.rest(), 0);
  EXPECT_EQ(stream.status, ECANCELED);
  EXPECT_THAT(stream.text, HasSubstr("interrupted"));
  EXPECT_EQ(session.reported("interrupted"), "true");
}

TEST(Api, ProgressEndsWithWhatTheReportSays) {
  struct Seen {
    flowgauge_session* session = nullptr;
    flowgauge_progress last{};
  } seen;
  Options options;
  options.c.progress_user = &seen;
  options.c.progress = [](void* user, const flowgauge_progress* progress) {
    auto& of = *static_cast<Seen*>(user);
    EXPECT_EQ(progress->struct_size, sizeof *progress);
    EXPECT_GE(progress->frames, of.last.frames);
    of.last = *progress;
    if (progress->is_last != 0) flowgauge_session_interrupt(of.session);  // allowed here; and too late
  };
  Session session(options);
  session.add(kCapture);
  seen.session = session.c;
  Stream stream(session.c);
  EXPECT_EQ(stream.rest(), kFlows);
  EXPECT_EQ(stream.status, 0) << stream.text;
  EXPECT_EQ(seen.last.is_last, 1U);
  EXPECT_EQ(seen.last.frames, 78U);
  EXPECT_EQ(seen.last.flows, static_cast<std::uint64_t>(kFlows));
  EXPECT_EQ(seen.last.rows, static_cast<std::uint64_t>(kFlows));
  EXPECT_EQ(seen.last.open_flows, 0U);
  EXPECT_EQ(seen.last.done_bytes, fs::file_size(kCapture));
  EXPECT_EQ(seen.last.total_bytes, fs::file_size(kCapture));
}

TEST(Api, AnInterruptByAnotherThreadBeforeTheRunKeepsItFromBeginning) {
  Session session;
  session.add(kCapture);
  std::thread([&] { flowgauge_session_interrupt(session.c); }).join();
  Stream stream(session.c);
  EXPECT_EQ(stream.rest(), 0);
  EXPECT_EQ(stream.status, ECANCELED);
}

TEST(Api, EventFilesGiveTheRowsOfTheirCaptures) {
  const Folder folder;
  const std::string cut = folder / "cut.pcap";
  std::ofstream(cut) << content(kCapture).substr(0, 5000);
  Session writer;
  writer.add(kCapture);
  EXPECT_EQ(call(flowgauge_session_write_events, writer.c, folder.path().c_str(), 1U, 2U).text, "");
  Session second;
  second.add(cut);
  const Outcome damaged = call(flowgauge_session_write_events, second.c, folder.path().c_str(), 2U, 2U);
  EXPECT_EQ(damaged.status, FLOWGAUGE_INPUT);
  EXPECT_THAT(damaged.text, HasSubstr("cut.pcap"));

  Session whole;
  whole.add(kCapture);
  whole.add(cut);
  Session staged;
  EXPECT_EQ(call(flowgauge_session_add_events, staged.c, folder.path().c_str()).text, "");
  Stream rows_of_whole(whole.c);
  Stream rows(staged.c);
  EXPECT_EQ(rows.rest(), rows_of_whole.rest());
  EXPECT_EQ(rows.status, 0);
  EXPECT_EQ(call(flowgauge_session_write_events, writer.c, folder.path().c_str(), 0U, 2U).text,
            "the argument 'first' is 0; numbers of captures begin with 1");
  EXPECT_THAT(call(flowgauge_session_write_events, writer.c, folder.path().c_str(), 3U, 2U).text,
              HasSubstr("more than the 2 of the job"));
  Session empty;
  EXPECT_THAT(call(flowgauge_session_add_events, empty.c, "/nowhere").text, StartsWith("/nowhere: cannot be read"));
}

TEST(Api, InputsThatCannotBeRead) {
  Session session;
  const Outcome missing = call(flowgauge_session_add_capture, session.c, "/nowhere.pcap");
  if (missing.status == FLOWGAUGE_OK) {  // it is looked at when the run begins
    Stream stream(session.c);
    EXPECT_EQ(stream.rest(), 0);
    EXPECT_EQ(stream.status, EIO);
    EXPECT_THAT(stream.text, HasSubstr("/nowhere.pcap"));
  } else {
    EXPECT_EQ(missing.status, FLOWGAUGE_INPUT);
    EXPECT_THAT(missing.text, HasSubstr("/nowhere.pcap"));
  }

  const Folder folder;
  const std::string cut = folder / "cut.pcap";
  std::ofstream(cut) << content(kCapture).substr(0, 5000);
  Session damaged;
  damaged.add(cut);
  Stream stream(damaged.c);
  EXPECT_GT(stream.rest(), 0) << "rows of all before the damage";
  EXPECT_EQ(stream.status, EIO);
  EXPECT_THAT(stream.text, HasSubstr(cut));
}

TEST(Api, CallsThatASessionIsNotReadyFor) {
  Session session;
  EXPECT_EQ(call(flowgauge_session_start, session.c).status, FLOWGAUGE_MISUSE) << "there is no stream";
  session.add(kCapture);
  ArrowArrayStream stream{};
  EXPECT_EQ(
      call(flowgauge_session_stream, session.c, "cic", static_cast<const flowgauge_stream_options*>(nullptr), &stream)
          .status,
      FLOWGAUGE_USAGE);
  EXPECT_EQ(stream.release, nullptr);
  flowgauge_stream_options options;
  flowgauge_stream_options_init(&options);
  options.batch_rows = 65537;
  const char* const first = nullptr;
  EXPECT_THAT(call(flowgauge_session_stream, session.c, first, &options, &stream).text, HasSubstr("batch_rows"));
  options.batch_rows = 0;
  options.numbers = 2;
  EXPECT_THAT(call(flowgauge_session_stream, session.c, first, &options, &stream).text, HasSubstr("numbers"));
  Stream rows(session.c);
  EXPECT_EQ(rows.rest(), kFlows);
  EXPECT_EQ(call(flowgauge_session_run, session.c).status, FLOWGAUGE_MISUSE) << "it ran";
  EXPECT_EQ(call(flowgauge_session_add_capture, session.c, kCapture.c_str()).status, FLOWGAUGE_MISUSE);
}

TEST(Api, ARunWritesTheTablesOfItsProfile) {
  const Folder folder;
  const std::string table = folder / "flows.csv";
  const std::string profile = "exporters:\n  - schema: basic\n    path: " + table + "\n";
  Options options;
  options.c.profile_text = profile.c_str();
  const auto run = [&] {
    Session session(options);
    session.add(kCapture);
    return call(flowgauge_session_run, session.c);
  };
  EXPECT_EQ(run().text, "");
  EXPECT_THAT(content(table), StartsWith("flow_id,"));
  const Outcome there = run();
  EXPECT_EQ(there.status, FLOWGAUGE_OUTPUT);
  EXPECT_THAT(there.text, HasSubstr(table));
  options.c.flags |= FLOWGAUGE_FORCE;
  EXPECT_EQ(run().text, "");
}

TEST(Api, MessagesGoToTheirCallerAlone) {
  Options options;
  std::string said;
  options.c.log_user = &said;
  options.c.log_level = FLOWGAUGE_LOG_WARNING;
  options.c.log = [](void* user, flowgauge_log_level level, const char* text) {
    EXPECT_LE(level, FLOWGAUGE_LOG_WARNING);
    EXPECT_EQ(std::strchr(text, '\n'), nullptr);
    static_cast<std::string*>(user)->append(text);
  };
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  {
    Session session(options);
    session.add(kCapture);
    Stream stream(session.c);
    EXPECT_EQ(stream.rest(), kFlows);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST(Api, SeveralTablesAreSeveralStreamsOfOneRun) {
  Options options;
  options.c.profile_text = "exporters:\n  - schema: basic\n  - schema: shapes\n    path: shapes.csv\n";
  Session session(options);
  session.add(kCapture);
  Stream basic(session.c, "basic");
  Stream shapes(session.c, "shapes");
  EXPECT_EQ(basic.rest(), kFlows);
  EXPECT_EQ(shapes.rest(), kFlows);
  EXPECT_EQ(session.reported("frames_read"), "78");
}

TEST(Api, SomeColumnsAreAllThereIs) {
  const char* const names[] = {"duration", "source_ip"};
  Options options;
  options.c.columns = names;
  options.c.column_count = 2;
  Session session(options);
  flowgauge_table table{};
  table.struct_size = sizeof table;
  EXPECT_EQ(call(flowgauge_session_table, static_cast<const flowgauge_session*>(session.c), 0U, &table).text, "");
  EXPECT_EQ(table.column_count, 2U);
  session.add(kCapture);
  Stream stream(session.c);
  ArrowSchema schema{};
  ASSERT_EQ(stream.c.get_schema(&stream.c, &schema), 0);
  ASSERT_EQ(schema.n_children, 2);
  EXPECT_STREQ(schema.children[0]->name, "duration");
  EXPECT_STREQ(schema.children[1]->name, "source_ip");
  schema.release(&schema);
  EXPECT_EQ(stream.rest(), kFlows);
}

TEST(Api, ATableSaysWhatItsRowsAre) {
  for (const auto& [schema, rows, count] : {std::tuple{"basic", FLOWGAUGE_ROWS_OF_FLOWS, kFlows},
                                            std::tuple{"packets", FLOWGAUGE_ROWS_OF_PACKETS, std::int64_t{78}}}) {
    Options options;
    options.c.schema = schema;
    Session session(options);
    flowgauge_table table{};
    table.struct_size = sizeof table;
    EXPECT_EQ(call(flowgauge_session_table, static_cast<const flowgauge_session*>(session.c), 0U, &table).text, "");
    EXPECT_EQ(table.rows, rows);
    session.add(kCapture);
    Stream stream(session.c);
    EXPECT_EQ(stream.rest(), count);
    EXPECT_EQ(session.reported("balances"), "true");
  }
}

TEST(Api, AProfileMayHaveTheDefaultTable) {
  Options options;
  options.c.profile_text = "flow:\n  linger: 7s\n";
  options.c.flags |= FLOWGAUGE_DEFAULT_SCHEMA;
  Session session(options);
  ASSERT_EQ(flowgauge_session_table_count(session.c), 1U);
  char* yaml = nullptr;
  ASSERT_EQ(call(flowgauge_session_profile, static_cast<const flowgauge_session*>(session.c), &yaml).text, "");
  EXPECT_THAT(yaml, testing::AllOf(HasSubstr("  linger: 7s\n"), HasSubstr("  - schema: basic\n")));
  flowgauge_text_free(yaml);
}

TEST(Api, WhoWaitsForRowsIsAskedAndMayGiveUp) {
  struct Waiting {
    int asked = 0;
    int gives_up_at = 0;  // 0: never
  };
  const auto read_with = [](Waiting& waiting) {
    Session session;
    session.add(kCapture);
    flowgauge_stream_options options;
    flowgauge_stream_options_init(&options);
    options.waiting = [](void* user) {
      Waiting& own = *static_cast<Waiting*>(user);
      return ++own.asked == own.gives_up_at ? 1 : 0;
    };
    options.waiting_user = &waiting;
    options.batch_rows = 1;
    Stream stream(session.c, nullptr, &options);
    const std::int64_t rows = stream.rest();
    return std::tuple{rows, stream.status, stream.text};
  };
  Waiting patient;
  EXPECT_EQ(read_with(patient), (std::tuple{kFlows, 0, std::string()}));
  EXPECT_GT(patient.asked, kFlows);  // with each batch, and with the end
  Waiting impatient{.asked = 0, .gives_up_at = 1};
  EXPECT_EQ(read_with(impatient),
            (std::tuple{std::int64_t{0}, ECANCELED, std::string("interrupted: the reader of the rows has given up")}));
}

}  // namespace
