/* Counts the flows of captures: the rows of schema `rustiflow`, and the cells of them that are null. */
#include <flowgauge/flowgauge.h>
#include <inttypes.h>
#include <stdio.h>

/* Says what went wrong. The status is one of the program's exit codes. */
static int fail(flowgauge_error* error) {
  const int status = (int)flowgauge_error_status(error);
  fprintf(stderr, "count_rows: %s\n", flowgauge_error_text(error));
  flowgauge_error_free(error);
  return status;
}

static int count(struct ArrowArrayStream* rows_of) {
  int64_t batches = 0, rows = 0, nulls = 0;
  for (;;) {
    struct ArrowArray batch;
    if (rows_of->get_next(rows_of, &batch) != 0) {
      fprintf(stderr, "count_rows: %s\n", rows_of->get_last_error(rows_of));
      return 1;
    }
    if (batch.release == NULL) break; /* the end */
    batches += 1;
    rows += batch.length;
    for (int64_t column = 0; column < batch.n_children; ++column) nulls += batch.children[column]->null_count;
    batch.release(&batch);
  }
  printf("%" PRId64 " rows, %" PRId64 " nulls, %s\n", rows, nulls, batches == 0 ? "no batch" : "in batches");
  return 0;
}

int main(int argc, char** argv) {
  flowgauge_options options;
  flowgauge_options_init(&options);
  options.schema = "rustiflow";
  options.trial = FLOWGAUGE_TRIAL_NONE; /* the plugins are those of the installation */
  const char* const settings[] = {"flow.idle_timeout=60s"};
  options.settings = settings;
  options.setting_count = sizeof settings / sizeof settings[0];

  flowgauge_session* session;
  flowgauge_error* error;
  if (flowgauge_session_open(&options, &session, &error) != FLOWGAUGE_OK) return fail(error);
  int status = 0;
  for (int i = 1; i < argc && status == 0; ++i)
    if (flowgauge_session_add_capture(session, argv[i], &error) != FLOWGAUGE_OK) status = fail(error);
  struct ArrowArrayStream rows;
  if (status == 0) {
    if (flowgauge_session_stream(session, NULL, NULL, &rows, &error) == FLOWGAUGE_OK) {
      status = count(&rows);
      rows.release(&rows);
    } else {
      status = fail(error);
    }
  }
  flowgauge_session_close(session);
  return status;
}
