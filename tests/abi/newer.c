/* A plugin of a future author: built from the header of an imagined ABI 1.2 (newer_header.py), whose structs have a
 * field `imagined` each. It fills in what the host reads, and asks before it reads what the host fills in.
 * With REQUIRED it does not ask, and says so: its min_host_minor is 2. */
#define FG_TARGET_MINOR 2
#include <flowgauge/plugin.h>
#include <stdio.h>

#define ANYTHING 0x1111111111111111u

typedef struct state {
  uint64_t packets;
  uint64_t with_field;
} state;

enum { PACKETS, WITH_FIELD, HOST_FIELDS };

/* How many of the structs that `create` and `emit` get have the field. */
static uint64_t created_with;

static fg_status create(const fg_create* call, void** instance) {
  created_with = (FG_HAS(call, imagined) ? 1 : 0) + (FG_HAS(call->host, imagined) ? 1 : 0);
  *instance = &created_with;
  return call->options[0].u64 == 7 ? FG_OK : FG_ERROR;
}
static void destroy(void* instance) { (void)instance; }

static fg_status update(void* instance, const fg_batch* batch) {
  uint32_t i;
  (void)instance;
  if (FG_HAS(batch, imagined)) return FG_ERROR; /* not of a 1.1 */
  for (i = 0; i < batch->count; ++i) {
    state* flow = (state*)(batch->records[i] + batch->state_offset);
    flow->packets += 1;
    if (FG_HAS_PACKET(batch, imagined)) flow->with_field += 1;
  }
  return FG_OK;
}

static fg_status emit(void* instance, const fg_emit* call) {
  uint32_t row;
  for (row = 0; row < call->row_count; ++row) {
    const state* flow = (const state*)(call->records[row] + call->state_offset);
    const uint64_t values[] = {flow->packets, flow->with_field,
                               *(const uint64_t*)instance + (FG_HAS(call, imagined) ? 1 : 0)};
    uint32_t c;
    for (c = PACKETS; c <= HOST_FIELDS; ++c)
      if (call->columns[c].cells != NULL) ((uint64_t*)call->columns[c].cells)[row] = values[c];
  }
  return FG_OK;
}

#define NUMBER(name, doc) \
  { name, doc, FG_U64, FG_UNIT_COUNT, FG_REVEALS_NOTHING, 0, 0, 0, "nowhere", ANYTHING }
static const fg_column columns[] = {
    NUMBER("packets", "Packets"),
    NUMBER("with_field", "Packets that have the new field"),
    NUMBER("host_fields", "Structs of the host that have it"),
};
static const fg_option options[] = {
    {.name = "seven", .doc = "7", .default_value = "7", .type = FG_U64, .unit = FG_UNIT_NONE, .imagined = ANYTHING}};
static const fg_feature feature = {
    .struct_size = sizeof(fg_feature),
    .state_size = sizeof(state),
    .state_align = 8,
    .name = "newer",
    .version = "1.0",
    .doc = "Knows ABI 1.2.",
    .columns = FG_ARRAY(columns),
    .options = FG_ARRAY(options),
    .create = create,
    .destroy = destroy,
    .update = update,
    .emit = emit,
    .imagined = ANYTHING,
};

static fg_status derive(const fg_derive_call* call) {
  uint32_t row;
  for (row = 0; row < call->row_count && call->outputs[0].cells != NULL; ++row)
    ((uint64_t*)call->outputs[0].cells)[row] = 2 * ((const uint64_t*)call->inputs[0].cells)[row];
  return FG_HAS(call, imagined) ? FG_ERROR : FG_OK;
}
static const fg_input inputs[] = {{"newer.packets", FG_U64, 0, ANYTHING}};
static const fg_column outputs[] = {NUMBER("twice", "Twice the packets")};
static const fg_derive twice = {sizeof(fg_derive), 0, FG_ARRAY(inputs), FG_ARRAY(outputs), derive, ANYTHING};
static const fg_derive* const derives[] = {&twice};

#define ENTRY(name, expression) \
  { name, expression, FG_U64, FG_UNIT_COUNT, FG_WHEN_BOTH, 0, NULL, ANYTHING }
static const fg_schema_column entries[] = {
    ENTRY("packets", "newer.packets"),         ENTRY("twice", "newer.twice"),
    ENTRY("derived", "newer_derived.twice"),   ENTRY("with field", "newer.with_field"),
    ENTRY("host fields", "newer.host_fields"),
};
static const fg_schema schema = {
    .struct_size = sizeof(fg_schema),
    .derive_count = 1,
    .name = "newer",
    .version = "1.0",
    .doc = "What the feature of that name saw.",
    .columns = FG_ARRAY(entries),
    .derives = derives,
    .options = FG_NO_ARRAY,
    .imagined = ANYTHING,
};

static const fg_derived derived_feature = {
    .struct_size = sizeof(fg_derived),
    .derive_count = 1,
    .name = "newer_derived",
    .version = "1.0",
    .doc = "Made of what the feature saw.",
    .derives = derives,
    .imagined = ANYTHING,
};

/* Rows as a line with their number, and whether any struct of the host's has what is new. */
static int has_more;
static int file;
static uint64_t rows;
static fg_status open_sink(const fg_sink_open* open, void** instance) {
  (void)instance;
  file = open->file_descriptor;
  has_more = FG_HAS(open, imagined);
  return FG_OK;
}
static fg_status write_sink(void* instance, struct ArrowArray* batch, fg_sink_state* said) {
  (void)instance;
  rows += (uint64_t)batch->length;
  has_more |= FG_HAS(said, imagined);
  return FG_OK;
}
static fg_status finish_sink(void* instance, const fg_sink_finish* finish, fg_sink_state* said) {
  (void)instance;
  said->rows_certain = rows;
  return FG_HAS(finish, imagined) || dprintf(file, "%d rows, more fields: %d\n", (int)rows, has_more) < 0 ? FG_ERROR
                                                                                                          : FG_OK;
}
static void destroy_sink(void* instance) { (void)instance; }
static const fg_sink sink = {
    .struct_size = sizeof(fg_sink),
    .place = FG_PLACE_FILE,
    .name = "newer",
    .version = "1.0",
    .doc = "Knows ABI 1.2.",
    .open = open_sink,
    .write = write_sink,
    .finish = finish_sink,
    .destroy = destroy_sink,
    .imagined = ANYTHING,
};
static const fg_sink* const sinks[] = {&sink};

static const fg_feature* const features[] = {&feature};
static const fg_derived* const derived[] = {&derived_feature};
static const fg_schema* const schemas[] = {&schema};
const fg_module fg_module_v1 = {
    .struct_size = sizeof(fg_module),
#if defined(REQUIRED)
    .min_host_minor = FG_TARGET_MINOR,
#else
    .min_host_minor = 0,
#endif
    .built_minor = FG_ABI_MINOR,
    .feature_count = 1,
    .schema_count = 1,
    .name = "newer",
    .version = "1.0",
    .licence = "Apache-2.0",
    .features = features,
    .schemas = schemas,
    .derived = derived,
    .derived_count = 1,
    .sinks = sinks,
    .sink_count = 1,
    .imagined = ANYTHING,
};
