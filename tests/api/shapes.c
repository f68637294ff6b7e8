/* Test feature and schema `shapes`: cells of every type with all that is awkward in them - nulls, lists of any length,
 * empty ones too, numbers that no signed type holds, texts with quotes, commas and line ends, and texts that are no
 * UTF-8. */
#include <flowgauge/plugin.h>
#include <string.h>

#define MOST 12u

typedef struct state {
  uint64_t count;
  uint64_t lengths[MOST]; /* of the first packets */
} state;

static fg_status create(const fg_create* to, void** instance) {
  (void)to;
  *instance = NULL;
  return FG_OK;
}

static void destroy(void* instance) { (void)instance; }

static fg_status update(void* instance, const fg_batch* batch) {
  (void)instance;
  for (uint32_t i = 0; i < batch->count; ++i) {
    const fg_packet* packet = (const fg_packet*)(const void*)(batch->packets + (size_t)i * batch->packet_stride);
    state* flow = (state*)(void*)(batch->records[i] + batch->state_offset);
    if (flow->count < MOST) flow->lengths[flow->count] = packet->ip_length_bytes;
    ++flow->count;
  }
  return FG_OK;
}

enum { LENGTHS, MAYBE_LENGTHS, HUGE, MAYBE_HUGE, BELOW_ZERO, REAL, MAYBE_REAL, ODD, MAYBE_ODD, TEXT, MAYBE_TEXT };

static const char* const texts[] = {"",         "plain", "a,b",           "\"quoted\"",           "two\nlines",
                                    "\xc3\xa4", "\xff",  "half \xe2\x82", "\xf0\x9f\x90\x9f,\xfe"};

static void put(const fg_emit* emit, int column, uint32_t row, const void* cell, size_t size, int valid) {
  const fg_vector* vector = &emit->columns[column];
  if (vector->cells == NULL || !valid) return;
  memcpy((unsigned char*)vector->cells + row * size, cell, size);
  if (vector->validity != NULL) vector->validity[row / 64] |= UINT64_C(1) << row % 64;
}

static fg_status emit_rows(void* instance, const fg_emit* emit) {
  (void)instance;
  for (uint32_t row = 0; row < emit->row_count; ++row) {
    const state* flow = (const state*)(const void*)(emit->records[row] + emit->state_offset);
    const int valid = flow->count % 3 != 0;
    const uint64_t items = flow->count < MOST ? flow->count : MOST;
    uint64_t* own = emit->host->arena_alloc(emit->arena, row, MOST * sizeof(uint64_t));
    if (own == NULL) return FG_ERROR;
    memcpy(own, flow->lengths, MOST * sizeof(uint64_t));
    const fg_list_u64 all = {own, items}, but_one = {own, items - 1};
    const uint64_t huge = UINT64_MAX - flow->count % 2 * (UINT64_MAX / 2 + 1) - flow->count;
    const int64_t below = -(int64_t)flow->count;
    const double real = (double)flow->lengths[0] / 3.0 - 100.0;
    const uint8_t odd = flow->count % 2;
    const char* text = texts[(flow->count + flow->lengths[0]) % (sizeof texts / sizeof texts[0])];
    const fg_string cell = {text, strlen(text)};
    put(emit, LENGTHS, row, &all, sizeof all, 1);
    put(emit, MAYBE_LENGTHS, row, &but_one, sizeof but_one, valid);
    put(emit, HUGE, row, &huge, sizeof huge, 1);
    put(emit, MAYBE_HUGE, row, &huge, sizeof huge, valid);
    put(emit, BELOW_ZERO, row, &below, sizeof below, 1);
    put(emit, REAL, row, &real, sizeof real, 1);
    put(emit, MAYBE_REAL, row, &real, sizeof real, valid);
    put(emit, ODD, row, &odd, sizeof odd, 1);
    put(emit, MAYBE_ODD, row, &odd, sizeof odd, valid);
    put(emit, TEXT, row, &cell, sizeof cell, 1);
    put(emit, MAYBE_TEXT, row, &cell, sizeof cell, valid);
  }
  return FG_OK;
}

#define COLUMN(name, type, flags) \
  { name, "A cell that is awkward.", type, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, flags, 0 }
static const fg_column columns[] = {
    COLUMN("lengths", FG_LIST_U64, 0),
    COLUMN("maybe_lengths", FG_LIST_U64, FG_NULLABLE),
    COLUMN("huge", FG_U64, 0),
    COLUMN("maybe_huge", FG_U64, FG_NULLABLE),
    COLUMN("below_zero", FG_I64, 0),
    COLUMN("real", FG_F64, 0),
    COLUMN("maybe_real", FG_F64, FG_NULLABLE),
    COLUMN("odd", FG_BOOL, 0),
    COLUMN("maybe_odd", FG_BOOL, FG_NULLABLE),
    COLUMN("text", FG_STRING, 0),
    COLUMN("maybe_text", FG_STRING, FG_NULLABLE),
};

static const fg_feature feature = {
    .struct_size = sizeof(fg_feature),
    .state_size = sizeof(state),
    .state_align = 8,
    .name = "shapes",
    .version = "1",
    .doc = "Cells of every type",
    .columns = FG_ARRAY(columns),
    .create = create,
    .destroy = destroy,
    .update = update,
    .emit = emit_rows,
};

#define ENTRY(name, type) \
  { name, "shapes." name, type, FG_UNIT_NONE, FG_WHEN_BOTH, 0, NULL }
static const fg_schema_column entries[] = {
    ENTRY("lengths", FG_LIST_U64),  ENTRY("maybe_lengths", FG_LIST_U64),
    ENTRY("huge", FG_U64),          ENTRY("maybe_huge", FG_U64),
    ENTRY("below_zero", FG_I64),    ENTRY("real", FG_F64),
    ENTRY("maybe_real", FG_F64),    ENTRY("odd", FG_BOOL),
    ENTRY("maybe_odd", FG_BOOL),    ENTRY("text", FG_STRING),
    ENTRY("maybe_text", FG_STRING),
};

static const fg_schema schema = {
    .struct_size = sizeof(fg_schema),
    .name = "shapes",
    .version = "1",
    .doc = "Every cell of the feature",
    .columns = FG_ARRAY(entries),
};

static const fg_feature* const features[] = {&feature};
static const fg_schema* const schemas[] = {&schema};

const fg_module fg_module_v1 = {
    .struct_size = sizeof(fg_module),
    .min_host_minor = FG_TARGET_MINOR,
    .built_minor = FG_ABI_MINOR,
    .feature_count = 1,
    .schema_count = 1,
    .name = "shapes",
    .version = "1",
    .licence = "Apache-2.0",
    .features = features,
    .schemas = schemas,
};
