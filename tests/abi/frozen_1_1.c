/* A plugin of ABI 1.1 in plain C, from the copy of its header (fixtures/abi/1.1/plugin.h). It uses what came with 1.1:
 * a sink, a derived feature, counters, filters, ends, lists. Today's host must run it, unchanged, for ever. */
#define FG_TARGET_MINOR 1
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plugin.h"

/* ---------------------------------------------------------------- a feature */

#define KEPT 4

typedef struct state {
  int64_t steps[KEPT]; /* from one length to the next */
  int64_t length;      /* of the newest */
  uint64_t packets;
  uint64_t mss;
} state;

typedef struct instance {
  uint64_t longest; /* flows of so many packets end; 0: none */
  int64_t factor;   /* the sum of the option's list */
  uint64_t packets;
  uint64_t has_folder;
} instance;

enum { STEPS, SCALED, MSS, REASON, SEGMENT, FOLDER };

static const fg_column columns[] = {
    {"steps", "From one length to the next", FG_LIST_I64, FG_UNIT_BYTES, FG_REVEALS_NOTHING, 0, 0, 0, "the first four"},
    {"scaled", "Packets times the option", FG_I64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING, 0, 0, 0, NULL},
    {"mss", "TCP's maximum segment size", FG_U64, FG_UNIT_BYTES, FG_REVEALS_OS, 0, FG_NULLABLE, 0, NULL},
    {"reason", "Why the flow ended", FG_U64, FG_UNIT_NONE, FG_REVEALS_TOOL, 0, 0, 0, NULL},
    {"segment", "Segments before", FG_U64, FG_UNIT_COUNT, FG_REVEALS_TOOL, 0, 0, 0, NULL},
    {"folder", "Whether it knows where it lies", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0, NULL},
};
static const char* const moods[] = {"calm", "short"};
static const fg_option options[] = {
    {"factors", "What packets are multiplied by, together", "1, 1", FG_LIST_I64, FG_UNIT_NONE, "-9", "9", NULL, 0, 0},
    {"mood", "short: flows end early", "calm", FG_STRING, FG_UNIT_NONE, NULL, NULL, moods, 2, 0},
};
static const fg_end ends[] = {{"long_enough", "It has as many packets as the option says"}};
static const fg_packet_filter filters[] = {{6, 0, 0}, {17, 0, 53}};
static const fg_counter counters[] = {{"packets", "Packets that it was shown", FG_UNIT_PACKETS, 0}};

static fg_status create(const fg_create* call, void** made) {
  instance* self = (instance*)calloc(1, sizeof *self);
  const fg_list_i64 factors = call->option_lists[0].i64;
  const fg_string mood = call->options[1].string;
  uint64_t i;
  if (self == NULL) return FG_ERROR;
  for (i = 0; i < factors.size; ++i) self->factor += factors.data[i];
  if (mood.size_bytes == 5 && memcmp(mood.data, "short", 5) == 0) self->longest = 3;
  self->has_folder = strncmp(call->module_path, call->data_dir, strlen(call->data_dir)) == 0;
  *made = self;
  return FG_OK;
}

static void destroy(void* made) { free(made); }

static fg_status update(void* made, const fg_batch* batch) {
  instance* self = (instance*)made;
  uint32_t i;
  for (i = 0; i < batch->count; ++i) {
    const fg_packet* packet = (const fg_packet*)(batch->packets + (size_t)i * batch->packet_stride);
    const fg_fields* fields = (const fg_fields*)(batch->fields + (size_t)i * batch->fields_stride);
    state* flow = (state*)(batch->records[i] + batch->state_offset);
    const int64_t length = (int64_t)packet->ip_length_bytes;
    if (flow->packets > 0 && flow->packets <= KEPT) flow->steps[flow->packets - 1] = length - flow->length;
    flow->length = length;
    ++flow->packets;
    ++self->packets;
    if (fields->tcp_mss != 0) flow->mss = fields->tcp_mss;
    if (flow->packets == self->longest) batch->ends[i] = 1;
  }
  return FG_OK;
}

static fg_list_i64 steps_of(const state* flow, const fg_emit* call, uint32_t row) {
  fg_list_i64 list = {NULL, 0};
  const uint64_t more = flow->packets == 0 ? 0 : flow->packets - 1;
  const size_t size = (size_t)(more < KEPT ? more : KEPT);
  int64_t* memory = (int64_t*)call->host->arena_alloc(call->arena, row, size * sizeof *memory);
  if (memory == NULL) return list;
  memcpy(memory, flow->steps, size * sizeof *memory);
  list.data = memory;
  list.size = size;
  return list;
}

#define CELL(type, column) \
  if (call->columns[column].cells != NULL) ((type*)call->columns[column].cells)[row]

static fg_status emit(void* made, const fg_emit* call) {
  const instance* self = (const instance*)made;
  uint32_t row;
  for (row = 0; row < call->row_count; ++row) {
    const state* flow = (const state*)(call->records[row] + call->state_offset);
    const fg_flow* view = (const fg_flow*)(call->flows + (size_t)row * call->flow_stride);
    CELL(fg_list_i64, STEPS) = steps_of(flow, call, row);
    CELL(int64_t, SCALED) = (int64_t)flow->packets * self->factor;
    CELL(uint64_t, MSS) = flow->mss;
    if (call->columns[MSS].cells != NULL && flow->mss != 0)
      call->columns[MSS].validity[row / 64] |= (uint64_t)1 << (row % 64);
    CELL(uint64_t, REASON) = view->end_reason;
    CELL(uint64_t, SEGMENT) = view->segment;
    CELL(uint64_t, FOLDER) = self->has_folder;
  }
  return FG_OK;
}

static void count(void* made, uint64_t* values) { values[0] = ((const instance*)made)->packets; }

static const fg_feature feature = {
    sizeof(fg_feature),
    sizeof(state),
    8,
    0,
    FG_NEEDS_FIELDS,
    "frozen_1_1",
    "1.0",
    "Uses what came with ABI 1.1.",
    FG_ARRAY(columns),
    FG_ARRAY(options),
    create,
    destroy,
    update,
    emit,
    NULL,
    FG_ARRAY(ends),
    FG_ARRAY(filters),
    FG_ARRAY(counters),
    count,
};

/* ---------------------------------------------------------------- a derived feature */

static const fg_input inputs[] = {{"frozen_1_1.scaled", FG_I64, 0}};
static const fg_column outputs[] = {
    {"negative", "The same, below 0", FG_I64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING, 0, 0, 0, NULL}};

static fg_status derive(const fg_derive_call* call) {
  const int64_t* scaled = (const int64_t*)call->inputs[0].cells;
  int64_t* negative = (int64_t*)call->outputs[0].cells;
  uint32_t row;
  for (row = 0; row < call->row_count && negative != NULL; ++row) negative[row] = -scaled[row];
  return FG_OK;
}

static const fg_derive negative = {sizeof(fg_derive), 0, FG_ARRAY(inputs), FG_ARRAY(outputs), derive};
static const fg_derive* const derives[] = {&negative};
static const fg_derived derived = {sizeof(fg_derived), 1, "frozen_derived_1_1", "1.0", "Of ABI 1.1.", derives};

/* ---------------------------------------------------------------- a sink */

typedef struct sink {
  const fg_host* host;
  const struct ArrowSchema* schema;
  FILE* text;
  char* bytes;
  size_t size;
  int file;
  struct ArrowArray kept; /* the newest batch, until the next one comes */
  uint64_t rows;
  char mark;
} sink;

static const fg_option sink_options[] = {
    {"mark", "What stands before each row", ">", FG_STRING, FG_UNIT_NONE, NULL, NULL, NULL, 0, 0}};

static fg_status open_sink(const fg_sink_open* call, void** made) {
  sink* self = (sink*)calloc(1, sizeof *self);
  int64_t i;
  if (self == NULL) return FG_ERROR;
  self->text = open_memstream(&self->bytes, &self->size);
  self->host = call->host;
  self->schema = call->schema;
  self->file = call->file_descriptor;
  self->mark = call->options[0].string.data[0];
  fprintf(self->text, "flags %u", call->flags);
  for (i = 0; i < call->schema->n_children; ++i)
    fprintf(self->text, " %s:%s", call->schema->children[i]->name, call->schema->children[i]->format);
  fputc('\n', self->text);
  *made = self;
  return FG_OK;
}

static int bit(const void* bits, int64_t at) { return ((const uint8_t*)bits)[at / 8] >> (at % 8) & 1; }

static void put_cell(sink* self, const struct ArrowSchema* field, const struct ArrowArray* column, int64_t row) {
  const char* format = field->format;
  const void* values = column->buffers[1];
  const int32_t* offsets = (const int32_t*)values;
  int64_t item;
  fputc(' ', self->text);
  if (column->buffers[0] != NULL && !bit(column->buffers[0], row)) {
    fputs("null", self->text);
  } else if (strcmp(format, "l") == 0) {
    fprintf(self->text, "%lld", (long long)((const int64_t*)values)[row]);
  } else if (strcmp(format, "L") == 0) {
    fprintf(self->text, "%llu", (unsigned long long)((const uint64_t*)values)[row]);
  } else if (strcmp(format, "g") == 0) {
    fprintf(self->text, "%.17g", ((const double*)values)[row]);
  } else if (strcmp(format, "b") == 0) {
    fputs(bit(values, row) ? "yes" : "no", self->text);
  } else if (strcmp(format, "u") == 0) {
    fwrite((const char*)column->buffers[2] + offsets[row], 1, (size_t)(offsets[row + 1] - offsets[row]), self->text);
  } else if (strchr("lL", field->children[0]->format[0]) == NULL) {
    fprintf(self->text, "%d items", offsets[row + 1] - offsets[row]);
  } else {
    for (item = offsets[row]; item < offsets[row + 1]; ++item)
      fprintf(self->text, "%lld,", (long long)((const int64_t*)column->children[0]->buffers[1])[item]);
  }
}

static void let_go(sink* self) {
  if (self->kept.release != NULL) self->kept.release(&self->kept);
  self->kept.release = NULL;
}

static fg_status write_sink(void* made, struct ArrowArray* batch, fg_sink_state* said) {
  sink* self = (sink*)made;
  int64_t row, i;
  (void)said;
  let_go(self);
  self->kept = *batch;
  batch->release = NULL;
  for (row = 0; row < self->kept.length; ++row) {
    fputc(self->mark, self->text);
    for (i = 0; i < self->kept.n_children; ++i) put_cell(self, self->schema->children[i], self->kept.children[i], row);
    fputc('\n', self->text);
  }
  self->rows += (uint64_t)self->kept.length;
  return FG_OK;
}

static fg_status finish_sink(void* made, const fg_sink_finish* call, fg_sink_state* said) {
  sink* self = (sink*)made;
  size_t done = 0;
  if (call->how == FG_FINISH_DISCARD) return FG_OK;
  fprintf(self->text, "finish %u %s\n", call->how, call->account[0] == '{' ? "with an account" : "without");
  fflush(self->text);
  while (done < self->size) {
    const ssize_t bytes = write(self->file, self->bytes + done, self->size - done);
    if (bytes < 0 && errno == EPIPE) {
      said->is_closed = 1;
      return FG_OK;
    }
    if (bytes < 0) {
      self->host->log(FG_LOG_ERROR, strerror(errno), strlen(strerror(errno)));
      return FG_ERROR;
    }
    done += (size_t)bytes;
  }
  said->rows_certain = self->rows;
  return FG_OK;
}

static void destroy_sink(void* made) {
  sink* self = (sink*)made;
  let_go(self);
  fclose(self->text);
  free(self->bytes);
  free(self);
}

static const fg_sink lines = {
    sizeof(fg_sink),
    FG_PLACE_FILE,
    FG_TAKES_UNSIGNED | FG_TAKES_LISTS,
    "frozen_1_1",
    "1.0",
    "Lines of ABI 1.1.",
    FG_ARRAY(sink_options),
    5, /* rows of a batch */
    0,
    open_sink,
    write_sink,
    NULL,
    finish_sink,
    destroy_sink,
};

/* ---------------------------------------------------------------- the module */

static const fg_feature* const features[] = {&feature};
static const fg_derived* const all_derived[] = {&derived};
static const fg_sink* const sinks[] = {&lines};
const fg_module fg_module_v1 = {
    sizeof(fg_module),
    FG_TARGET_MINOR,
    FG_ABI_MINOR,
    1,
    0,
    0,
    "frozen_1_1",
    "1.0",
    "Apache-2.0",
    features,
    NULL,
    "Somebody",
    NULL,
    NULL,
    all_derived,
    1,
    sinks,
    1,
};
