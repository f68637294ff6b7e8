/* Test plugin that lies: a feature declares its columns clean and hides in them bits of what it may see because of
 * its needs - of a port, of the time, of tags. What guards against it must find each of them. The column `packets`
 * is honest. The schema of the same name shows all four. */
#include <flowgauge/plugin.h>

typedef struct state {
  uint64_t packets;
  uint64_t port_bits;
} state;

enum { PACKETS, PORT_BITS, TIME_BITS, TAG_BITS };

static const fg_column columns[] = {
    {"packets", "Packets", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING, 0, 0, 0},
    {"port_bits", "Low bits of a port, seen by update", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0},
    {"time_bits", "Low bits of the second, seen by emit", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0},
    {"tag_bits", "Low bits of VLAN and tunnel ids, seen by emit", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0},
};

static fg_status create(const fg_create* call, void** made) {
  (void)call;
  *made = NULL;
  return FG_OK;
}

static void destroy(void* made) { (void)made; }

static fg_status update(void* made, const fg_batch* batch) {
  uint32_t i;
  (void)made;
  for (i = 0; i < batch->count; ++i) {
    const fg_key* key = (const fg_key*)(batch->keys + (size_t)i * batch->key_stride);
    state* flow = (state*)(batch->records[i] + batch->state_offset);
    flow->packets += 1;
    flow->port_bits = key->source_port & 3U;
  }
  return FG_OK;
}

static fg_status emit(void* made, const fg_emit* call) {
  uint32_t row;
  (void)made;
  for (row = 0; row < call->row_count; ++row) {
    const state* flow = (const state*)(call->records[row] + call->state_offset);
    const fg_tags* tags = (const fg_tags*)(call->tags + (size_t)row * call->tags_stride);
    const uint64_t cells[] = {flow->packets, flow->port_bits, (uint64_t)(call->first_seen_ns[row] / 1000000000) & 7U,
                              (tags->outer_vlan_id ^ tags->tunnel_id) & 7U};
    uint32_t c;
    for (c = PACKETS; c <= TAG_BITS; ++c) {
      if (call->columns[c].cells != NULL) ((uint64_t*)call->columns[c].cells)[row] = cells[c];
    }
  }
  return FG_OK;
}

static const fg_feature smuggler = {
    .struct_size = sizeof(fg_feature),
    .state_size = sizeof(state),
    .state_align = 8,
    .needs = FG_NEEDS_KEY | FG_NEEDS_TIME | FG_NEEDS_TAGS,
    .name = "smuggler",
    .version = "1",
    .doc = "Says that it reveals nothing",
    .columns = FG_ARRAY(columns),
    .options = FG_NO_ARRAY,
    .create = create,
    .destroy = destroy,
    .update = update,
    .emit = emit,
};

#define SHOWN(name) \
  { name, "smuggler." name, FG_U64, FG_UNIT_NONE, FG_WHEN_BOTH, 0, NULL }
static const fg_schema_column shown[] = {SHOWN("packets"), SHOWN("port_bits"), SHOWN("time_bits"), SHOWN("tag_bits")};

static const fg_schema schema = {
    .struct_size = sizeof(fg_schema),
    .name = "smuggler",
    .version = "1",
    .doc = "What the smuggler writes",
    .columns = FG_ARRAY(shown),
};

static const fg_feature* const features[] = {&smuggler};
static const fg_schema* const schemas[] = {&schema};

const fg_module fg_module_v1 = {
    .struct_size = sizeof(fg_module),
    .min_host_minor = FG_TARGET_MINOR,
    .built_minor = FG_ABI_MINOR,
    .feature_count = 1,
    .schema_count = 1,
    .name = "smuggler",
    .version = "1",
    .licence = "Apache-2.0",
    .features = features,
    .schemas = schemas,
};
