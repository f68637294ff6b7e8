/* header_watch: two small features in one module, in plain C99 over the ABI's header alone.
 *   ttl        the TTL (hop limit) that each side began with, and how often it changed
 *   fragments  packets that came in pieces */
#include <flowgauge/plugin.h>

/* What both features' updates do first: the i-th packet of a batch, and the state of its flow. */
static const fg_packet* packet_of(const fg_batch* batch, uint32_t i) {
  return (const fg_packet*)(batch->packets + (size_t)i * batch->packet_stride);
}
static void* state_of(const fg_batch* batch, uint32_t i) { return batch->records[i] + batch->state_offset; }

/* Neither has options nor memory of its own: nothing to create, nothing to destroy. */
static fg_status create(const fg_create* call, void** instance) {
  (void)call;
  *instance = NULL;
  return FG_OK;
}
static void destroy(void* instance) { (void)instance; }

/* ---------------------------------------------------------------- ttl */

typedef struct ttl_state { /* by direction; all zero when a flow begins */
  uint8_t has_packets[2];
  uint8_t first[2];
  uint8_t last[2];
  uint8_t reserved[2];
  uint32_t changes;
} ttl_state;

enum { TTL_FWD, TTL_BWD, TTL_CHANGES };
static const fg_column ttl_columns[] = {
    {"fwd_first", "Of the source's first packet", FG_U64, FG_UNIT_NONE, FG_REVEALS_OS, 0, 0, 0},
    {"bwd_first", "Of the other side's first packet, null without one", FG_U64, FG_UNIT_NONE, FG_REVEALS_OS, 0,
     FG_NULLABLE, 0},
    {"changes", "Packets with another TTL than the one before in their direction", FG_U64, FG_UNIT_PACKETS,
     FG_REVEALS_NOTHING, 0, 0, 0},
};

static fg_status ttl_update(void* instance, const fg_batch* batch) {
  uint32_t i;
  (void)instance;
  for (i = 0; i < batch->count; ++i) {
    const fg_packet* packet = packet_of(batch, i);
    ttl_state* state = (ttl_state*)state_of(batch, i);
    const uint8_t side = packet->direction;
    if (!state->has_packets[side]) {
      state->has_packets[side] = 1;
      state->first[side] = packet->ttl;
    } else if (state->last[side] != packet->ttl) {
      state->changes += 1;
    }
    state->last[side] = packet->ttl;
  }
  return FG_OK;
}

static fg_status ttl_emit(void* instance, const fg_emit* call) {
  uint64_t* fwd = (uint64_t*)call->columns[TTL_FWD].cells;
  uint64_t* bwd = (uint64_t*)call->columns[TTL_BWD].cells;
  uint64_t* changes = (uint64_t*)call->columns[TTL_CHANGES].cells;
  uint32_t row;
  (void)instance;
  for (row = 0; row < call->row_count; ++row) {
    const ttl_state* state = (const ttl_state*)(call->records[row] + call->state_offset);
    if (fwd != NULL) fwd[row] = state->first[FG_FORWARD];
    if (bwd != NULL && state->has_packets[FG_BACKWARD]) {
      bwd[row] = state->first[FG_BACKWARD];
      call->columns[TTL_BWD].validity[row / 64] |= (uint64_t)1 << (row % 64);
    }
    if (changes != NULL) changes[row] = state->changes;
  }
  return FG_OK;
}

static const fg_feature ttl = {
    .struct_size = sizeof(fg_feature),
    .state_size = sizeof(ttl_state),
    .state_align = 4,
    .needs = FG_NEEDS_NOTHING,
    .name = "ttl",
    .version = "1.0",
    .doc = "TTL or hop limit, per direction.",
    .columns = FG_ARRAY(ttl_columns),
    .options = FG_NO_ARRAY,
    .create = create,
    .destroy = destroy,
    .update = ttl_update,
    .emit = ttl_emit,
};

/* ---------------------------------------------------------------- fragments */

typedef struct fragments_state {
  uint64_t packets;
} fragments_state;

static const fg_column fragments_columns[] = {
    {"packets", "Fragments of IP packets", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING, 0, 0, 0},
};

static fg_status fragments_update(void* instance, const fg_batch* batch) {
  const uint8_t any = FG_MARK_FIRST_FRAGMENT | FG_MARK_LATER_FRAGMENT;
  uint32_t i;
  (void)instance;
  for (i = 0; i < batch->count; ++i)
    if (packet_of(batch, i)->marks & any) ((fragments_state*)state_of(batch, i))->packets += 1;
  return FG_OK;
}

static fg_status fragments_emit(void* instance, const fg_emit* call) {
  uint64_t* packets = (uint64_t*)call->columns[0].cells;
  uint32_t row;
  (void)instance;
  if (packets == NULL) return FG_OK;
  for (row = 0; row < call->row_count; ++row)
    packets[row] = ((const fragments_state*)(call->records[row] + call->state_offset))->packets;
  return FG_OK;
}

static const fg_feature fragments = {
    .struct_size = sizeof(fg_feature),
    .state_size = sizeof(fragments_state),
    .state_align = 8,
    .needs = FG_NEEDS_NOTHING,
    .name = "fragments",
    .version = "1.0",
    .doc = "How many packets came in pieces.",
    .columns = FG_ARRAY(fragments_columns),
    .options = FG_NO_ARRAY,
    .create = create,
    .destroy = destroy,
    .update = fragments_update,
    .emit = fragments_emit,
};

/* ---------------------------------------------------------------- the entry */

static const fg_feature* const features[] = {&ttl, &fragments};

const fg_module fg_module_v1 = {
    .struct_size = sizeof(fg_module),
    .min_host_minor = FG_TARGET_MINOR,
    .built_minor = FG_ABI_MINOR,
    .feature_count = 2,
    .name = "header_watch",
    .version = "1.0",
    .licence = "Apache-2.0",
    .features = features,
};
