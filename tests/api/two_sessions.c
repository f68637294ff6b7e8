/* Two sessions in two threads of one process at once, each with several workers: both see all rows. Their callbacks
 * know whose they are.
 *
 * usage: two_sessions CAPTURE PLUGIN_FOLDER ROWS */
#include <flowgauge/flowgauge.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct work {
  const char* capture;
  const char* plugins;
  const char* schema;
  int64_t rows;
  uint64_t frames; /* of the last progress */
  unsigned lines;  /* of the log */
  int failed;
};

static void on_progress(void* user, const flowgauge_progress* progress) {
  ((struct work*)user)->frames = progress->frames;
}

static void on_log(void* user, flowgauge_log_level level, const char* text) {
  (void)level;
  ((struct work*)user)->lines += text[0] != '\0';
}

static void say(struct work* work, const char* text) {
  fprintf(stderr, "%s: %s\n", work->schema, text);
  work->failed = 1;
}

static void read_rows(struct work* work, flowgauge_session* session) {
  flowgauge_error* error;
  struct ArrowArrayStream stream;
  if (flowgauge_session_stream(session, NULL, NULL, &stream, &error) != FLOWGAUGE_OK) {
    say(work, flowgauge_error_text(error));
    flowgauge_error_free(error);
    return;
  }
  for (;;) {
    struct ArrowArray batch;
    if (stream.get_next(&stream, &batch) != 0) {
      say(work, stream.get_last_error(&stream));
      break;
    }
    if (batch.release == NULL) break;
    work->rows += batch.length;
    batch.release(&batch);
  }
  stream.release(&stream);
}

static void* run(void* user) {
  struct work* work = user;
  flowgauge_options options;
  flowgauge_options_init(&options);
  options.schema = work->schema;
  options.trial = FLOWGAUGE_TRIAL_NONE;
  options.flags = FLOWGAUGE_INSECURE_PLUGINS;
  options.threads = 3;
  options.plugin_folders = &work->plugins;
  options.plugin_folder_count = 1;
  options.log = on_log;
  options.log_user = work;
  options.log_level = FLOWGAUGE_LOG_DEBUG;
  options.progress = on_progress;
  options.progress_user = work;

  flowgauge_session* session;
  flowgauge_error* error;
  if (flowgauge_session_open(&options, &session, &error) != FLOWGAUGE_OK ||
      flowgauge_session_add_capture(session, work->capture, &error) != FLOWGAUGE_OK) {
    say(work, flowgauge_error_text(error));
    flowgauge_error_free(error);
  } else {
    read_rows(work, session);
  }
  flowgauge_session_close(session);
  return NULL;
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  struct work works[] = {{.capture = argv[1], .plugins = argv[2], .schema = "rustiflow"},
                         {.capture = argv[1], .plugins = argv[2], .schema = "cic"}};
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    if (pthread_create(&threads[i], NULL, run, &works[i]) != 0) return 2;
  int failed = 0;
  for (int i = 0; i < 2; ++i) {
    pthread_join(threads[i], NULL);
    printf("%s: %lld rows, %llu frames\n", works[i].schema, (long long)works[i].rows,
           (unsigned long long)works[i].frames);
    if (works[i].rows != atoll(argv[3])) say(&works[i], "other rows than expected");
    if (works[i].frames == 0) say(&works[i], "no progress was told");
    failed |= works[i].failed;
  }
  return failed;
}
