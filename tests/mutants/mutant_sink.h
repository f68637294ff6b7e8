/* The mutant's sink: each row becomes a line with the number in its first column, gathered and written at the end or on
 * flush. Included by mutant.c, which says what IS() is. */
#include <errno.h>
#include <fcntl.h>

#define SINK_ROOM 65536u
#define OPENS_ITSELF (IS(sink_overwrites) || IS(sink_never_replaces))

struct sink {
  const fg_host* host;
  char* text;
  size_t bytes, room;
  uint64_t gathered; /* rows of the text */
  struct ArrowArray kept;
  const int64_t* column;
  uint64_t number;
  int file;
  int is_closed;
};

void mutant_throw(void); /* throw.cpp; only of sink_throws */

static int sink_says(const struct sink* self, const char* text) {
  self->host->log(FG_LOG_ERROR, text, strlen(text));
  return FG_ERROR;
}

static int open_file(const char* path, int flags) { return open(path, flags, 0644); }

static fg_status open_sink(const fg_sink_open* open, void** instance) {
  struct sink* self = calloc(1, sizeof *self);
  self->host = open->host;
  self->number = open->sink;
  self->file = open->file_descriptor;
  if (IS(sink_refuses) || (IS(sink_needs_server) && strcmp(open->path, "server:1") != 0)) {
    sink_says(self, "not today");
    free(self);
    return FG_ERROR;
  }
  if (OPENS_ITSELF) self->file = open_file(open->path, O_WRONLY | O_CREAT | (IS(sink_overwrites) ? O_TRUNC : O_EXCL));
  if (OPENS_ITSELF && self->file < 0) {
    sink_says(self, strerror(errno));
    free(self);
    return FG_ERROR;
  }
  if (IS(sink_sets_flags)) fcntl(self->file, F_SETFL, fcntl(self->file, F_GETFL) | O_APPEND);
  *instance = self;
  return FG_OK;
}

/* What is gathered goes out, and is certain. */
static fg_status put_out(struct sink* self, fg_sink_state* state) {
  size_t done = IS(sink_writes_nowhere) || IS(sink_needs_server) ? self->bytes : 0;
  while (done < self->bytes) {
    const ssize_t count = write(self->file, self->text + done, self->bytes - done);
    if (count < 0 && errno == EPIPE) {
      state->is_closed = 1;
      return FG_OK;
    }
    if (count < 0 && IS(sink_ignores_errors)) break;
    if (count < 0) return sink_says(self, strerror(errno));
    done += (size_t)count;
  }
  if (!IS(sink_is_early)) state->rows_certain += self->gathered;
  self->bytes = 0;
  self->gathered = 0;
  return FG_OK;
}

/* Names that are none, too many, texts that are none; and it forgets to end them. */
static void tell_wrongly(const struct sink* self) {
  char name[32];
  int i;
  self->host->condition(self->number, NULL, "x", 1);
  self->host->condition(self->number, "Not a name", "x", 1);
  self->host->condition(self->number, "no_text", NULL, SIZE_MAX);
  for (i = 0; i < 1000; ++i) {
    snprintf(name, sizeof name, "name_%d", i);
    self->host->condition(self->number, name, "a\nb\033[2J\377", 8);
  }
}

static void add_line(struct sink* self, int64_t number) {
  static int shared;
  static int is_first = 1;
  if (self->bytes + 64 > self->room) {
    self->room += SINK_ROOM;
    self->text = realloc(self->text, self->room);
  }
  if (IS(sink_shares_memory)) number += shared++;
  if (IS(sink_never_repeats) && is_first) number = getpid() + time(NULL);
  if (IS(sink_never_repeats)) is_first = 0;
  self->bytes += (size_t)snprintf(self->text + self->bytes, 64, "%lld\n", (long long)number);
}

static fg_status write_sink(void* instance, struct ArrowArray* batch, fg_sink_state* state) {
  struct sink* self = instance;
  const int64_t rows = batch->length;
  const int64_t* numbers = batch->children[0]->buffers[1];
  int64_t row;
  if (IS(sink_throws)) mutant_throw();
  if (IS(sink_exits)) exit(0);
  if (IS(sink_aborts)) abort();
  if (IS(sink_blocks)) { /* a server that never answers; who watches sees that it has come here */
    if (write(self->file, "blocked\n", 8) != 8) return FG_ERROR;
    for (;;) pause();
  }
  if (IS(sink_tells_wrongly)) tell_wrongly(self);
  if (IS(sink_fails)) return sink_says(self, "the table has moved");
  if (IS(sink_fails_silently)) return FG_ERROR;
  if (IS(sink_changes_folder) && chdir("/") != 0) return FG_ERROR;
  if (IS(sink_changes_umask)) umask(0);
  if (IS(sink_writes_into_batch)) ((int64_t*)numbers)[0] = 0;
  for (row = 0; row < rows + (IS(sink_reads_beyond) ? 8 : 0); ++row) add_line(self, numbers[row]);
  self->gathered += (uint64_t)rows;
  if (IS(sink_is_early)) state->rows_certain += (uint64_t)rows;
  if (IS(sink_counts_up)) state->rows_certain += (uint64_t)rows + 1;
  if (IS(sink_counts_back)) state->rows_certain = self->gathered % 2 == 1 ? 1 : 0;
  if (IS(sink_closes_silently)) state->is_closed = 1;
  if (IS(sink_keeps_batches) || IS(sink_takes_batches)) {
    self->kept = *batch;
    batch->release = NULL;
    if (IS(sink_takes_batches)) self->kept.release(&self->kept);
  }
  if (IS(sink_reads_released)) {
    if (self->column != NULL && self->column[0] == -1) add_line(self, 0);
    self->column = numbers;
  }
  return FG_OK;
}

static fg_status flush_sink(void* instance, uint64_t time_ns, fg_sink_state* state) {
  (void)time_ns;
  return put_out(instance, state);
}

static fg_status finish_sink(void* instance, const fg_sink_finish* finish, fg_sink_state* state) {
  struct sink* self = instance;
  fg_status status;
  if (finish->how == FG_FINISH_DISCARD) return FG_OK;
  if (IS(sink_fails_in_finish)) return sink_says(self, "no index can be written");
  if (IS(sink_traps_in_finish)) abort();
  if (IS(sink_sets_timer)) alarm(1000);
  status = put_out(self, state);
  if (IS(sink_loses_rows) && state->rows_certain > 0) --state->rows_certain;
  if (IS(sink_gives_rows_up) && state->rows_certain > 0) {
    --state->rows_certain;
    ++state->rows_failed;
  }
  if (IS(sink_closes_file)) close(self->file);
  return status;
}

static void destroy_sink(void* instance) {
  struct sink* self = instance;
  if (IS(sink_fails_in_destroy)) sink_says(self, "a lock is left behind");
  if (IS(sink_traps_in_destroy)) abort();
  if (IS(sink_exits_in_destroy)) exit(0);
  if (OPENS_ITSELF) close(self->file);
  free(self->text);
  free(self);
}

static const fg_sink sink_table = {
    .struct_size = sizeof(fg_sink),
    .place = IS(sink_writes_nowhere) || IS(sink_needs_server) || OPENS_ITSELF ? FG_PLACE_OWN : FG_PLACE_FILE,
    .name = "mutant",
    .version = "1",
    .doc = "The first column, line by line",
    .open = open_sink,
    .write = write_sink,
    .flush = flush_sink,
    .finish = finish_sink,
    .destroy = destroy_sink,
};
static const fg_sink* const sinks[] = {&sink_table};
