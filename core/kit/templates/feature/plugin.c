/* @NAME@: how many packets of a flow are small. C99, without the C++ SDK. */
#include <flowgauge/plugin.h>
#include <stdlib.h>

/* Name, one sentence, type, unit, what the column can give away. */
enum { SMALL, SHARE };
static const fg_column columns[] = {
    {"small", "Packets of at most limit_bytes", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING, 0, 0, 0},
    {"share", "Small packets per packet", FG_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0},
};

/* What a profile can set, with the default. */
static const fg_option options[] = {
    {"limit_bytes", "IP length up to which a packet is small", "100", FG_U64, FG_UNIT_BYTES},
};

/* The state of one flow: it begins as zero bytes. */
typedef struct state {
  uint64_t packets;
  uint64_t small;
} state;

/* One for each worker. */
typedef struct instance {
  uint64_t limit_bytes;
} instance;

static fg_status create(const fg_create* call, void** made) {
  instance* self = (instance*)malloc(sizeof *self);
  if (self == NULL) return FG_ERROR;
  self->limit_bytes = call->options[0].u64;
  *made = self;
  return FG_OK;
}

static void destroy(void* made) { free(made); }

static fg_status update(void* made, const fg_batch* batch) {
  const instance* self = (const instance*)made;
  uint32_t i;
  for (i = 0; i < batch->count; ++i) {
    const fg_packet* packet = (const fg_packet*)(batch->packets + (size_t)i * batch->packet_stride);
    state* flow = (state*)(batch->records[i] + batch->state_offset);
    ++flow->packets;
    if (packet->ip_length_bytes <= self->limit_bytes) ++flow->small;
  }
  return FG_OK;
}

static fg_status emit(void* made, const fg_emit* call) {
  uint64_t* small = (uint64_t*)call->columns[SMALL].cells; /* NULL: nobody wants the column */
  double* share = (double*)call->columns[SHARE].cells;
  uint32_t row;
  (void)made;
  for (row = 0; row < call->row_count; ++row) {
    const state* flow = (const state*)(call->records[row] + call->state_offset);
    if (small != NULL) small[row] = flow->small;
    if (share != NULL) share[row] = flow->packets == 0 ? 0.0 : (double)flow->small / (double)flow->packets;
  }
  return FG_OK;
}

static const fg_feature feature = {
    .struct_size = sizeof(fg_feature),
    .state_size = sizeof(state),
    .state_align = 8,
    .needs = FG_NEEDS_NOTHING,
    .name = "@NAME@",
    .version = "0.1",
    .doc = "Small packets of a flow.",
    .columns = FG_ARRAY(columns),
    .options = FG_ARRAY(options),
    .create = create,
    .destroy = destroy,
    .update = update,
    .emit = emit,
};

static const fg_feature* const features[] = {&feature};

const fg_module fg_module_v1 = {
    .struct_size = sizeof(fg_module),
    .min_host_minor = FG_TARGET_MINOR,
    .built_minor = FG_ABI_MINOR,
    .feature_count = 1,
    .name = "@NAME@",
    .version = "0.1",
    .licence = "@LICENCE@",
    .features = features,
};
