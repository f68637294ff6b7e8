/* flowgauge/flowgauge.h - flow feature rows in your own process: the C API of libflowgauge.so.0. Plain C11; includes
 * nothing of flowgauge. docs/library.md shows how to use it from C and from Python.
 *
 * A session is one run: a profile, inputs, and then either tables in files, as the program `flowgauge` writes them, or
 * the rows of one table as a stream of Arrow record batches.
 *
 * NAMES begin with flowgauge_ or FLOWGAUGE_. Those of the plugin ABI (flowgauge/plugin.h) begin with fg_ or FG_: a
 * program may include both.
 *
 * GROWTH. A program that was built with this header runs with every later libflowgauge.so.0:
 *  1. A struct that crosses the boundary begins with `struct_size`, filled in by the caller, and only ever grows at its
 *     end. What the caller's struct does not have counts as zero, and zero always means the default.
 *  2. A field never moves, changes its meaning or disappears; nor does a function.
 *  3. Enumerations are uint32_t with fixed numbers. Later versions may return numbers that are not listed here.
 *
 * ERRORS. A function that can fail returns a flowgauge_status, and takes `error` as its last argument. If that is not
 * NULL, *error is set: to NULL after success, else to an error that the caller frees with flowgauge_error_free. A NULL
 * where the text does not allow it is FLOWGAUGE_MISUSE, no crash. After an error all other results are NULL or zero.
 *
 * THREADS. Any number of sessions may live and run at once, each used by one thread at a time; that thread may change.
 * flowgauge_session_interrupt alone may be called by any thread at any time until the session is closed.
 * The library sets no signal handler, does not change the current folder, and prints nothing.
 *
 * OWNERSHIP. Text that goes in is copied; text that comes out belongs to what it was asked of, unless it is said to be
 * the caller's. All text is UTF-8 and ends with a NUL.
 *
 * UNITS are in the names: _ns nanoseconds, _bytes bytes.
 */
#ifndef FLOWGAUGE_FLOWGAUGE_H
#define FLOWGAUGE_FLOWGAUGE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FLOWGAUGE_API_MINOR 1 /* what this header describes: API 0.minor; it grows with each addition */

#if defined(__GNUC__)
#define FLOWGAUGE_API __attribute__((visibility("default")))
#else
#define FLOWGAUGE_API
#endif

#if defined(__cplusplus)
extern "C" {
#endif

/* ---------------------------------------------------------------- the Arrow C interfaces
 *
 * As their specification has them, with its guards: other headers may declare them too.
 * https://arrow.apache.org/docs/format/CDataInterface.html and CStreamInterface.html */

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */

/* ---------------------------------------------------------------- versions */

/* Of the library that is loaded: "0.1.0". Static. Any thread. */
FLOWGAUGE_API const char* flowgauge_version(void);
/* The API that it has: at least FLOWGAUGE_API_MINOR of the header that a program was built with. Any thread. */
FLOWGAUGE_API uint32_t flowgauge_api_minor(void);

/* ---------------------------------------------------------------- errors */

/* What went wrong. 1 to 5 and 130 are the exit codes of the program (docs/exit-codes.md). */
typedef uint32_t flowgauge_status;
#define FLOWGAUGE_OK 0u
#define FLOWGAUGE_USAGE 1u         /* the profile, a setting or another option is wrong */
#define FLOWGAUGE_PLUGIN 2u        /* a plugin cannot be used, or failed while it ran */
#define FLOWGAUGE_INPUT 3u         /* an input cannot be read or is damaged; there are rows of all before the damage */
#define FLOWGAUGE_OUTPUT 4u        /* an output cannot be written */
#define FLOWGAUGE_PRIVILEGE 5u     /* live: a privilege is missing */
#define FLOWGAUGE_MEMORY 6u        /* out of memory; the text names the setting that needs less */
#define FLOWGAUGE_MISUSE 7u        /* the caller's mistake: a NULL, or a call that the session is not ready for */
#define FLOWGAUGE_INTERNAL 8u      /* a mistake in flowgauge: please report it */
#define FLOWGAUGE_INTERRUPTED 130u /* flowgauge_session_interrupt ended the run; there are rows of all before */

/* Opaque. Made by a failing function, owned by its caller. Any thread, one at a time. */
typedef struct flowgauge_error flowgauge_error;

/* The function's status. FLOWGAUGE_OK of NULL. */
FLOWGAUGE_API flowgauge_status flowgauge_error_status(const flowgauge_error* error);
/* What, where, what to do: one or two sentences, without a newline. The error's own. "" of NULL. */
FLOWGAUGE_API const char* flowgauge_error_text(const flowgauge_error* error);
/* NULL is allowed. */
FLOWGAUGE_API void flowgauge_error_free(flowgauge_error* error);

/* Frees text that a function gave to its caller. NULL is allowed. */
FLOWGAUGE_API void flowgauge_text_free(char* text);

/* ---------------------------------------------------------------- options of a session */

typedef uint32_t flowgauge_log_level;
#define FLOWGAUGE_LOG_ERROR 1u
#define FLOWGAUGE_LOG_WARNING 2u
#define FLOWGAUGE_LOG_INFO 3u
#define FLOWGAUGE_LOG_DEBUG 4u

/* Whether plugins are tried before a run, so that one that crashes, hangs or takes all memory stops the start and not
 * this process. */
typedef uint32_t flowgauge_trial;
#define FLOWGAUGE_TRIAL_SPAWN 0u /* by the program flowgauge, in a process of its own; see `program` */
#define FLOWGAUGE_TRIAL_NONE 1u  /* not at all: for whoever has tried them, or has only those of the installation */

/* A bit set. */
typedef uint64_t flowgauge_flags;
#define FLOWGAUGE_FORCE 1u            /* files: an existing table is replaced when the new one is complete */
#define FLOWGAUGE_INSECURE_PLUGINS 2u /* plugins may lie where others can write, as --insecure-plugins */
#define FLOWGAUGE_ORDER_COLUMNS 4u    /* each table ends with what its rows are sorted by, as --order-columns */
#define FLOWGAUGE_DEFAULT_SCHEMA 8u /* API 0.1: a profile that names no table has one of schema `basic`, as none has */

/* How far a run has come. Counts never fall. */
typedef struct flowgauge_progress {
  uint32_t struct_size; /* of the library's own version */
  uint32_t is_last;     /* 1: the run has ended, nothing will change any more */
  uint64_t elapsed_ns;  /* since the first packet could come */
  uint64_t frames;      /* of the inputs, read so far */
  uint64_t flows;       /* begun */
  uint64_t open_flows;
  uint64_t rows;         /* made, of each table */
  uint64_t done_bytes;   /* of capture files, as they lie on the disk */
  uint64_t total_bytes;  /* of all capture files; 0: not known, or live */
  uint64_t memory_bytes; /* of this process, resident; 0: not known */
} flowgauge_progress;

/* What a session shall do. Begin with flowgauge_options_init: all zero is the schema `basic` with default rules. What
 * it points to is copied by the call that gets it, but for the two `user` pointers. */
typedef struct flowgauge_options {
  uint32_t struct_size;
  flowgauge_trial trial;
  flowgauge_flags flags;

  /* At most one of the two; with neither, built-in defaults. */
  const char* profile; /* a path, or a name as `-p` takes it: "basic", "compat/rustiflow" */
  /* The YAML itself (docs/profiles.md). Relative paths in it begin at the current folder. */
  const char* profile_text;

  /* A schema in place of the profile's tables, as `-f` takes it; NULL: those, and `basic` without a profile. */
  const char* schema;

  /* "KEY=VALUE" each, as --set takes it: "flow.idle_timeout=60s", "packets.filter=tcp". Laid over the profile. */
  const char* const* settings;
  uint64_t setting_count;

  /* Folders where plugins are looked for first. Then as the program does: FLOWGAUGE_PLUGIN_PATH, the installation. */
  const char* const* plugin_folders;
  uint64_t plugin_folder_count;

  const char* partitions; /* whose flows are kept, as --partitions: "0-63"; NULL: all */
  uint64_t max_packets;   /* 0: all */
  uint64_t duration_ns;   /* of a live run; 0: until it is interrupted */
  uint32_t threads;       /* workers; 0: as the profile says */
  uint32_t log_level;     /* the least grave messages that are wanted; 0: FLOWGAUGE_LOG_INFO */

  const char* program; /* of FLOWGAUGE_TRIAL_SPAWN; NULL: the one of the installation that the library belongs to */

  /* Both are called by threads of the library too, one call at a time, in the session's calls and while a stream of it
   * is not released. They must not throw or jump away. Of the API they may call flowgauge_session_interrupt alone.
   * `text` has no newline and is valid until the call returns. NULL: nothing is said. */
  void (*log)(void* log_user, flowgauge_log_level level, const char* text);
  void* log_user;
  /* A few times a second while a run goes on, and once at its end. `progress` is valid until the call returns. */
  void (*progress)(void* progress_user, const flowgauge_progress* progress);
  void* progress_user;

  /* API 0.1: names of columns, those that the session's only table shall have, in this order; label columns stay behind
   * the others. What nobody asked for is not computed. None: all. FLOWGAUGE_USAGE where the profile has several tables
   * (choose one by `schema`), or where one is not there. */
  const char* const* columns;
  uint64_t column_count;
} flowgauge_options;

static inline void flowgauge_options_init(flowgauge_options* options) {
  memset(options, 0, sizeof *options);
  options->struct_size = (uint32_t)sizeof *options;
}

/* ---------------------------------------------------------------- sessions */

/* Opaque. From flowgauge_session_open to flowgauge_session_close. */
typedef struct flowgauge_session flowgauge_session;

/* Reads the profile, loads the plugins and binds the schemas: all that can be wrong without an input is found here.
 * `options` NULL: all defaults. *session is the caller's; after an error it is NULL. Plugins stay loaded until the
 * process ends. Any thread. */
FLOWGAUGE_API flowgauge_status flowgauge_session_open(const flowgauge_options* options, flowgauge_session** session,
                                                      flowgauge_error** error);

/* Frees the session; NULL is allowed. No other call of it may be going on. A stream of it lives on and keeps what it
 * needs: its callbacks, too, are called until it is released. */
FLOWGAUGE_API void flowgauge_session_close(flowgauge_session* session);

/* Adds an input: a capture file, or a folder of them. Inputs are one stream of packets, in the order they were added.
 * They are looked at when the run begins. A session has captures or interfaces, not both. */
FLOWGAUGE_API flowgauge_status flowgauge_session_add_capture(flowgauge_session* session, const char* path,
                                                             flowgauge_error** error);
FLOWGAUGE_API flowgauge_status flowgauge_session_add_interface(flowgauge_session* session, const char* name,
                                                               flowgauge_error** error);

/* Adds the event files of a job as input, all of a folder (docs/cluster.md); not beside other inputs. API 0.1. */
FLOWGAUGE_API flowgauge_status flowgauge_session_add_events(flowgauge_session* session, const char* folder,
                                                            flowgauge_error** error);

/* Writes an event file of each capture of the session into the folder: the first of two stages (docs/cluster.md). It is
 * no run; the session may be run behind it. `first` is the number of the first capture in the job, from 1, and `count`
 * how many the job has; 0: those of the session. Blocks. A damaged capture keeps no other from being written: the
 * error, FLOWGAUGE_INPUT, is that of the first one. API 0.1. */
FLOWGAUGE_API flowgauge_status flowgauge_session_write_events(flowgauge_session* session, const char* folder,
                                                              uint32_t first, uint32_t count, flowgauge_error** error);

/* Runs to the end, and writes the tables of the profile to the files it names, with all rules of docs/exit-codes.md.
 * Blocks. A session runs once: this, or its streams. The status is that of the gravest problem. Once the run began,
 * there is a report, whatever happened. */
FLOWGAUGE_API flowgauge_status flowgauge_session_run(flowgauge_session* session, flowgauge_error** error);

/* Ends the run in order: what was read is worked off, open flows end as forced_end, their rows come. Then a run over
 * captures ends with FLOWGAUGE_INTERRUPTED, a live one well. A run that has not begun will not. From any thread, from
 * callbacks, and from signal handlers. NULL is allowed. */
FLOWGAUGE_API void flowgauge_session_interrupt(flowgauge_session* session);

/* What the run did, as a JSON object (docs/run-report.md). *json is the caller's: flowgauge_text_free. Only once the
 * run has ended: flowgauge_session_run returned, or each stream came to its end or was released. */
FLOWGAUGE_API flowgauge_status flowgauge_session_report(flowgauge_session* session, char** json,
                                                        flowgauge_error** error);

/* API 0.1: what the profile and the settings amount to: YAML with every key, as `flowgauge profile check` shows it.
 * *yaml is the caller's: flowgauge_text_free. Any time. */
FLOWGAUGE_API flowgauge_status flowgauge_session_profile(const flowgauge_session* session, char** yaml,
                                                         flowgauge_error** error);

/* ---------------------------------------------------------------- tables and their columns */

typedef uint32_t flowgauge_type;  /* of a column: how a stream has it */
#define FLOWGAUGE_U64 1u          /* int64, or uint64: flowgauge_stream_options.numbers */
#define FLOWGAUGE_I64 2u          /* int64 */
#define FLOWGAUGE_F64 3u          /* float64, never NaN or infinite */
#define FLOWGAUGE_BOOL 4u         /* bool */
#define FLOWGAUGE_STRING 5u       /* utf8 */
#define FLOWGAUGE_LIST_U64 7u     /* list of int64, or of uint64 */
#define FLOWGAUGE_LIST_I64 9u     /* list of int64 */
#define FLOWGAUGE_LIST_F64 10u    /* list of float64 */
#define FLOWGAUGE_LIST_STRING 11u /* list of utf8 */

/* What a table has a row for. All tables of a session have the same. */
typedef uint32_t flowgauge_rows;
#define FLOWGAUGE_ROWS_OF_FLOWS 0u
#define FLOWGAUGE_ROWS_OF_PACKETS 1u /* its columns read those of `packet` (docs/columns.md) */

/* A table of a session, or a schema that could make one. The caller fills in struct_size; texts are the session's. */
typedef struct flowgauge_table {
  uint32_t struct_size;
  uint32_t column_count;
  const char* schema;         /* its name */
  const char* schema_version; /* "" of a profile's own table */
  flowgauge_rows rows;        /* API 0.1 */
  uint32_t reserved;          /* 0 */
} flowgauge_table;

/* A column of a table. The caller fills in struct_size; texts are the session's, "" where there is nothing to say. */
typedef struct flowgauge_column {
  uint32_t struct_size;
  flowgauge_type type;
  const char* name;
  const char* unit;       /* "us", "B/s"; "" of a name, a code, a ratio */
  const char* classes;    /* what it gives away: "identity, port" (docs/columns.md) */
  const char* expression; /* over the columns of features: "us(iat.fwd.mean)" (docs/writing-a-schema.md) */
  const char* definition; /* what those columns mean, in a sentence */
  const char* role;       /* "feature", or "label": a target, and no input of a model */
} flowgauge_column;

/* How many tables the session makes; its profile's, in order. 0 of NULL. With or without an input. */
FLOWGAUGE_API uint32_t flowgauge_session_table_count(const flowgauge_session* session);
/* Table number `table` from 0. FLOWGAUGE_MISUSE where there is none. */
FLOWGAUGE_API flowgauge_status flowgauge_session_table(const flowgauge_session* session, uint32_t table,
                                                       flowgauge_table* out, flowgauge_error** error);
/* Column number `column` from 0, of table number `table`. */
FLOWGAUGE_API flowgauge_status flowgauge_session_column(const flowgauge_session* session, uint32_t table,
                                                        uint32_t column, flowgauge_column* out,
                                                        flowgauge_error** error);

/* ---------------------------------------------------------------- streams */

/* As what numbers without a sign are shown. */
typedef uint32_t flowgauge_numbers;
#define FLOWGAUGE_NUMBERS_INT64 0u /* most readers know it; what does not fit is null, and the report counts it */
#define FLOWGAUGE_NUMBERS_UINT64 1u

/* Zero is the default of each. */
typedef struct flowgauge_stream_options {
  uint32_t struct_size;
  flowgauge_numbers numbers;
  uint64_t batch_rows; /* of a record batch, at most 65536; 0: 8192. The last may have less, those of a live run too. */

  /* API 0.1: called by get_next on its own thread, when it begins and then about 50 times a second while it waits.
   * Whatever is not 0 ends the wait and the run: get_next returns ECANCELED, and of flows that are open no rows are
   * made any more. So a caller can look whether it was asked to end. Of the API it may call flowgauge_session_interrupt
   * alone. NULL: nobody is asked. */
  int (*waiting)(void* waiting_user);
  void* waiting_user;
} flowgauge_stream_options;

static inline void flowgauge_stream_options_init(flowgauge_stream_options* options) {
  memset(options, 0, sizeof *options);
  options->struct_size = (uint32_t)sizeof *options;
}

/* The rows of one table as Arrow record batches, in the order that a file of it has. No file is written. `schema` names
 * the table; NULL: the first. `options` NULL: all defaults. The run begins with the first get_next of any stream; what
 * has none by then is not computed. A run that is a few batches ahead of a reader waits for it: streams of several
 * tables are pulled in turns, or by a thread each.
 *
 * *out is the caller's, to be released by its own `release`, at any time: the last one ends a run that still goes on.
 * It may outlive the session. Its functions follow the specification of Arrow: one thread at a time, any thread. The
 * schema is there at once. get_next blocks until a batch is there. Behind the last row that there is, it returns 0 and
 * an array that is released already; where the run failed, ENOMEM, ECANCELED (the run was interrupted), EINVAL, EACCES
 * or EIO, and get_last_error has the text. Batches may outlive the stream, and be released by any thread.
 *
 * Metadata of a field: flowgauge.unit, flowgauge.classes, flowgauge.role, flowgauge.expression, flowgauge.definition,
 * as in flowgauge_column; of absolute times flowgauge.time: ns, us, ms or s since the epoch, or text. */
FLOWGAUGE_API flowgauge_status flowgauge_session_stream(flowgauge_session* session, const char* schema,
                                                        const flowgauge_stream_options* options,
                                                        struct ArrowArrayStream* out, flowgauge_error** error);

/* Begins the run of the streams now, and not with the first get_next: of a live run, packets are caught from here on.
 * FLOWGAUGE_MISUSE where the session has no stream. */
FLOWGAUGE_API flowgauge_status flowgauge_session_start(flowgauge_session* session, flowgauge_error** error);

/* ---------------------------------------------------------------- what there is */

typedef uint32_t flowgauge_list;
#define FLOWGAUGE_LIST_PLUGINS 1u /* plugins with their features and schemas, as `flowgauge plugins --json` */
#define FLOWGAUGE_LIST_COLUMNS 2u /* the columns of all features, as `flowgauge columns --json` */

/* All that the plugins of `options` and of the installation offer, as JSON; of `options` the plugin folders, the flags
 * and `log` matter. Plugins that are refused are left out, and logged. *json is the caller's: flowgauge_text_free.
 * Any thread. */
FLOWGAUGE_API flowgauge_status flowgauge_list_json(const flowgauge_options* options, flowgauge_list what, char** json,
                                                   flowgauge_error** error);

#if defined(__cplusplus)
}
#endif
#endif
