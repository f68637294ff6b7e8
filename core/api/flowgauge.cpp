#include "core/api/flowgauge.h"

#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/api/callbacks.h"
#include "core/api/failure.h"
#include "core/api/given.h"
#include "core/api/session_spec.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/base/version.h"
#include "core/engine/column_origin.h"
#include "core/engine/plugin_json.h"
#include "core/engine/run_files.h"
#include "core/engine/session.h"
#include "core/engine/table_paths.h"
#include "core/plugin/catalog.h"
#include "core/plugin/contamination.h"
#include "core/plugin/descriptor_rules.h"
#include "core/profile/canonical.h"
#include "core/report/run_report.h"

namespace flowgauge::api {
namespace {

// Texts of a column, which its session keeps.
struct ColumnTexts {
  fg_type type;
  std::string name, unit, classes, expression, definition, role;
};

struct TableTexts {
  std::string schema, version;
  std::vector<ColumnTexts> columns;
};

ColumnTexts column_texts(const Plan& plan, const PlannedOutput& output, std::size_t index) {
  const OutputColumn& column = output.columns[index];
  const ColumnOrigin origin = column_origin(plan, output, index);
  std::vector<std::string> classes;
  for (const ContaminationClass& one : contamination_classes(column.reveals)) classes.emplace_back(one.name);
  return {column.type,
          column.name,
          std::string(unit_name(column.unit)),
          join(classes),
          origin.expression,
          origin.definition,
          std::string(origin.role)};
}

std::vector<TableTexts> table_texts(const Plan& plan) {
  std::vector<TableTexts> tables;
  for (const PlannedOutput& output : plan.outputs) {
    TableTexts& table = tables.emplace_back(output.schema.name, output.schema.version);
    for (std::size_t i = 0; i < output.columns.size(); ++i) table.columns.push_back(column_texts(plan, output, i));
  }
  return tables;
}

Answer<char*> copy_of(const std::string& text) {
  auto* const copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy == nullptr) throw std::bad_alloc();
  std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

// The problem that the exit code is of; an error says what happened, a report the whole of it.
Answer<void> outcome_of(const RunReport& report) {
  if (report.exit_code == ExitCode::kOk) return {};
  for (const Error& problem : report.problems)
    if (problem.code == report.exit_code) return std::unexpected(problem);
  const bool is_interrupted = report.exit_code == ExitCode::kInterrupted;
  return std::unexpected(Failure{static_cast<flowgauge_status>(report.exit_code),
                                 is_interrupted ? "interrupted: the rows are of what was read until then"
                                                : "the run did not end well; its report says why"});
}

}  // namespace
}  // namespace flowgauge::api

struct flowgauge_session {
  explicit flowgauge_session(flowgauge::Session opened, bool replaces_files)
      : session(std::move(opened)), force(replaces_files), tables(flowgauge::api::table_texts(session.plan())) {}

  // What it is used for: a session runs once.
  enum class Use { kNothing, kFiles, kStreams };

  flowgauge::Session session;
  bool force;
  Use use = Use::kNothing;
  std::vector<flowgauge::api::TableTexts> tables;
};

namespace flowgauge::api {
namespace {

Answer<const TableTexts*> table_of(const flowgauge_session* session, std::uint32_t table) {
  if (auto there = expect(session, "session"); !there) return std::unexpected(there.error());
  if (table >= session->tables.size())
    return misuse(fmt::format("there is no table number {}; the session has {}", table, session->tables.size()));
  return &session->tables[table];
}

// Whether it may take another input, or run.
Answer<void> expect_unused(const flowgauge_session* session) {
  if (auto there = expect(session, "session"); !there) return there;
  if (session->use == flowgauge_session::Use::kNothing) return {};
  return misuse("the session is run or streamed already: it takes no further input, and does not run again");
}

Answer<void> run_to_files(flowgauge_session& of) {
  of.use = flowgauge_session::Use::kFiles;
  const Plan& plan = of.session.plan();
  const RunTables tables{{paths_as_planned(plan)}, of.force};
  if (const auto checked = check_run_files(plan, of.session.captures(), tables.paths, std::nullopt, of.force); !checked)
    return std::unexpected(checked.error());
  if (const auto done = of.session.run(tables); !done) return std::unexpected(done.error());
  const auto report = of.session.report();
  if (!report) return std::unexpected(report.error());
  return outcome_of(*report);
}

Answer<StreamOptions> stream_options(const flowgauge_stream_options* given) {
  const auto options = taken(given, "stream_options");
  if (!options) return std::unexpected(options.error());
  if (options->numbers > FLOWGAUGE_NUMBERS_UINT64)
    return misuse("stream_options.numbers is none of FLOWGAUGE_NUMBERS_...");
  if (options->batch_rows > rules::kMostBatchRows)
    return misuse(fmt::format("stream_options.batch_rows is more than {}", rules::kMostBatchRows));
  StreamOptions own;
  own.unsigned_as = options->numbers == FLOWGAUGE_NUMBERS_UINT64 ? UnsignedAs::kUint64 : UnsignedAs::kInt64;
  if (options->batch_rows != 0) own.batch_rows = options->batch_rows;
  if (options->waiting != nullptr)
    own.waiting = [ask = options->waiting, user = options->waiting_user] {
      return ask(user) == 0 ? Wait::kGoOn : Wait::kGiveUp;
    };
  return own;
}

// All that can be found, as JSON.
Answer<std::string> list_of(const flowgauge_options& options, flowgauge_list what) {
  if (what != FLOWGAUGE_LIST_PLUGINS && what != FLOWGAUGE_LIST_COLUMNS)
    return misuse("the argument 'what' is none of FLOWGAUGE_LIST_...");
  const auto paths = plugin_paths(options);
  if (!paths) return std::unexpected(paths.error());
  Callbacks callbacks(options);
  const LogScope scope(&callbacks);
  std::vector<std::string> refusals;
  const auto plan = load_all_plugins(*paths, refusals);
  for (const std::string& refusal : refusals) log_warning("{}", refusal);
  return what == FLOWGAUGE_LIST_PLUGINS ? modules_json(plan->modules.modules()) : columns_json(plan->catalog);
}

}  // namespace
}  // namespace flowgauge::api

namespace api = flowgauge::api;
using api::Answer;
using api::expect;
using api::guarded;

extern "C" {

const char* flowgauge_version(void) { return FLOWGAUGE_VERSION; }

uint32_t flowgauge_api_minor(void) { return FLOWGAUGE_API_MINOR; }

void flowgauge_text_free(char* text) { std::free(text); }

flowgauge_status flowgauge_session_open(const flowgauge_options* options, flowgauge_session** session,
                                        flowgauge_error** error) {
  return guarded(error, [&]() -> Answer<void> {
    if (auto there = expect(session, "session"); !there) return there;
    *session = nullptr;
    const auto own = api::taken(options, "options");
    if (!own) return std::unexpected(own.error());
    auto spec = api::session_spec(*own);
    if (!spec) return std::unexpected(spec.error());
    auto opened = flowgauge::Session::open(std::move(*spec));
    if (!opened) return std::unexpected(opened.error());
    *session = new flowgauge_session(std::move(*opened), (own->flags & FLOWGAUGE_FORCE) != 0);
    return {};
  });
}

void flowgauge_session_close(flowgauge_session* session) { delete session; }

flowgauge_status flowgauge_session_add_capture(flowgauge_session* session, const char* path, flowgauge_error** error) {
  return guarded(error, [&]() -> Answer<void> {
    if (auto there = api::expect_unused(session); !there) return there;
    if (auto there = expect(path, "path"); !there) return there;
    const std::string own(path);
    if (const auto done = session->session.add_captures({&own, 1}); !done) return std::unexpected(done.error());
    return {};
  });
}

flowgauge_status flowgauge_session_add_interface(flowgauge_session* session, const char* name,
                                                 flowgauge_error** error) {
  return guarded(error, [&]() -> Answer<void> {
    if (auto there = api::expect_unused(session); !there) return there;
    if (auto there = expect(name, "name"); !there) return there;
    if (const auto done = session->session.add_interface(name); !done) return std::unexpected(done.error());
    return {};
  });
}

flowgauge_status flowgauge_session_add_events(flowgauge_session* session, const char* folder, flowgauge_error** error) {
  return guarded(error, [&]() -> Answer<void> {
    if (auto there = api::expect_unused(session); !there) return there;
    if (auto there = expect(folder, "folder"); !there) return there;
    if (const auto done = session->session.add_events(folder); !done) return std::unexpected(done.error());
    return {};
  });
}

flowgauge_status flowgauge_session_write_events(flowgauge_session* session, const char* folder, uint32_t first,
                                                uint32_t count, flowgauge_error** error) {
  return guarded(error, [&]() -> Answer<void> {
    if (auto there = api::expect_unused(session); !there) return there;
    if (auto there = expect(folder, "folder"); !there) return there;
    if (first == 0) return api::misuse("the argument 'first' is 0; numbers of captures begin with 1");
    std::optional<flowgauge::Error> damage;
    const auto note = [&](const flowgauge::WrittenEvents& file) {
      if (!damage && !file.problems.empty()) damage = file.problems.front();
    };
    const auto done = session->session.write_events({.folder = folder, .place = {first, count}}, note);
    if (!done) return std::unexpected(done.error());
    if (damage) return std::unexpected(*damage);
    return {};
  });
}

flowgauge_status flowgauge_session_run(flowgauge_session* session, flowgauge_error** error) {
  return guarded(error, [&]() -> Answer<void> {
    if (auto there = api::expect_unused(session); !there) return there;
    return api::run_to_files(*session);
  });
}

void flowgauge_session_interrupt(flowgauge_session* session) {
  if (session != nullptr) session->session.interrupt();
}

flowgauge_status flowgauge_session_report(flowgauge_session* session, char** json, flowgauge_error** error) {
  return guarded(error, [&]() -> Answer<void> {
    if (auto there = expect(json, "json"); !there) return there;
    *json = nullptr;
    if (auto there = expect(session, "session"); !there) return there;
    const auto report = session->session.report();
    if (!report) return api::misuse(report.error().message);
    const auto copy = api::copy_of(report_json(*report));
    *json = *copy;
    return {};
  });
}

flowgauge_status flowgauge_session_profile(const flowgauge_session* session, char** yaml, flowgauge_error** error) {
  return guarded(error, [&]() -> Answer<void> {
    if (auto there = expect(yaml, "yaml"); !there) return there;
    *yaml = nullptr;
    if (auto there = expect(session, "session"); !there) return there;
    const auto copy = api::copy_of(flowgauge::describe(session->session.plan().profile));
    *yaml = *copy;
    return {};
  });
}

uint32_t flowgauge_session_table_count(const flowgauge_session* session) {
  return session == nullptr ? 0 : static_cast<uint32_t>(session->tables.size());
}

flowgauge_status flowgauge_session_table(const flowgauge_session* session, uint32_t table, flowgauge_table* out,
                                         flowgauge_error** error) {
  return guarded(error, [&]() -> Answer<void> {
    const auto texts = api::table_of(session, table);
    if (!texts) return std::unexpected(texts.error());
    return api::filled(
        out,
        flowgauge_table{.struct_size = 0,
                        .column_count = static_cast<uint32_t>((*texts)->columns.size()),
                        .schema = (*texts)->schema.c_str(),
                        .schema_version = (*texts)->version.c_str(),
                        .rows = session->session.plan().rows == flowgauge::RowsOf::kPackets ? FLOWGAUGE_ROWS_OF_PACKETS
                                                                                            : FLOWGAUGE_ROWS_OF_FLOWS,
                        .reserved = 0},
        "out");
  });
}

flowgauge_status flowgauge_session_column(const flowgauge_session* session, uint32_t table, uint32_t column,
                                          flowgauge_column* out, flowgauge_error** error) {
  return guarded(error, [&]() -> Answer<void> {
    const auto texts = api::table_of(session, table);
    if (!texts) return std::unexpected(texts.error());
    const auto& columns = (*texts)->columns;
    if (column >= columns.size())
      return api::misuse(fmt::format("there is no column number {}; the table has {}", column, columns.size()));
    const api::ColumnTexts& own = columns[column];
    return api::filled(out,
                       flowgauge_column{.struct_size = 0,
                                        .type = own.type,
                                        .name = own.name.c_str(),
                                        .unit = own.unit.c_str(),
                                        .classes = own.classes.c_str(),
                                        .expression = own.expression.c_str(),
                                        .definition = own.definition.c_str(),
                                        .role = own.role.c_str()},
                       "out");
  });
}

flowgauge_status flowgauge_session_stream(flowgauge_session* session, const char* schema,
                                          const flowgauge_stream_options* options, struct ArrowArrayStream* out,
                                          flowgauge_error** error) {
  return guarded(error, [&]() -> Answer<void> {
    if (auto there = expect(out, "out"); !there) return there;
    *out = ArrowArrayStream{};
    if (auto there = expect(session, "session"); !there) return there;
    if (session->use == flowgauge_session::Use::kFiles) return api::expect_unused(session);
    const auto own = api::stream_options(options);
    if (!own) return std::unexpected(own.error());
    std::size_t output = 0;
    if (schema != nullptr) {
      const auto found = session->session.find_output(schema);
      if (!found) return std::unexpected(found.error());
      output = *found;
    }
    if (const auto done = session->session.stream(output, *own, *out); !done) return std::unexpected(done.error());
    session->use = flowgauge_session::Use::kStreams;
    return {};
  });
}

flowgauge_status flowgauge_session_start(flowgauge_session* session, flowgauge_error** error) {
  return guarded(error, [&]() -> Answer<void> {
    if (auto there = expect(session, "session"); !there) return there;
    if (session->use != flowgauge_session::Use::kStreams) return api::misuse("the session has no stream to start");
    if (const auto done = session->session.start(); !done) return std::unexpected(done.error());
    return {};
  });
}

flowgauge_status flowgauge_list_json(const flowgauge_options* options, flowgauge_list what, char** json,
                                     flowgauge_error** error) {
  return guarded(error, [&]() -> Answer<void> {
    if (auto there = expect(json, "json"); !there) return there;
    *json = nullptr;
    const auto own = api::taken(options, "options");
    if (!own) return std::unexpected(own.error());
    const auto text = api::list_of(*own, what);
    if (!text) return std::unexpected(text.error());
    const auto copy = api::copy_of(*text);
    *json = *copy;
    return {};
  });
}

}  // extern "C"
