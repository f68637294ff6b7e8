/* A plugin as its author wrote it on the day of ABI 1.0, in plain C, from the header of that day
 * (fixtures/abi/1.0/plugin.h). It uses all of the ABI. Today's host must run it, unchanged, for ever. */
#include <stdlib.h>
#include <string.h>

#include "plugin.h"

/* Lengths of a flow's packets, on the heap: release must free them. */
typedef struct state {
  uint64_t* lengths;
  uint64_t count;
  int64_t newest_ns;
  uint64_t last_port;
  int64_t last_timestamp_ns;
  uint64_t last_vlan;
  uint64_t payload_sum;
} state;

typedef struct instance {
  const fg_host* host;
  uint64_t factor;
  int64_t offset;
  double ratio;
  int shout;
  char label[16];
  size_t label_bytes;
} instance;

enum { LABEL, LENGTHS, SUM, SCALED, SHIFTED, RATIO, SHOUT, NEWEST, ODD, PORT, STAMP, VLAN, PAYLOAD, SCOPE, COLUMNS };

static const fg_column columns[] = {
    {"label", "The option, once per packet", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0},
    {"lengths", "IP lengths", FG_LIST_U64, FG_UNIT_BYTES, FG_REVEALS_NOTHING, 0, 0, 0},
    {"sum", "IP lengths as a series", FG_SERIES, FG_UNIT_BYTES, FG_REVEALS_NOTHING, FG_REVEALS_OS, 0, 0},
    {"scaled", "Packets times the option", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING, 0, 0, 0},
    {"shifted", "Packets plus the option", FG_I64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING, 0, 0, 0},
    {"ratio", "Packets times the option", FG_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0},
    {"shout", "The option", FG_BOOL, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0},
    {"newest", "Last packet in order of arrival", FG_TIME, FG_UNIT_NS, FG_REVEALS_TIME, 0, 0, 0},
    {"odd", "Packets, null if even", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING, 0, FG_NULLABLE, 0},
    {"port", "Destination port of the key", FG_U64, FG_UNIT_NONE, FG_REVEALS_PORT, 0, 0, 0},
    {"stamp", "Timestamp of the last packet", FG_I64, FG_UNIT_NS, FG_REVEALS_TIME, 0, 0, 0},
    {"vlan", "Outer VLAN id", FG_U64, FG_UNIT_NONE, FG_REVEALS_PATH, 0, 0, 0},
    {"payload", "Sum of the payload bytes seen", FG_U64, FG_UNIT_NONE, FG_REVEALS_IDENTITY, 0, 0, 0},
    {"scope", "The host's name of the source address's scope", FG_STRING, FG_UNIT_NONE, FG_REVEALS_PATH, 0, 0, 0},
};

static const fg_option options[] = {
    {"factor", "For 'scaled'", "2", FG_U64, FG_UNIT_NONE},   {"offset", "For 'shifted'", "-1", FG_I64, FG_UNIT_NONE},
    {"ratio", "For 'ratio'", "0.5", FG_F64, FG_UNIT_NONE},   {"shout", "For 'shout'", "true", FG_BOOL, FG_UNIT_NONE},
    {"label", "For 'label'", "ab", FG_STRING, FG_UNIT_NONE},
};

static fg_status create(const fg_create* call, void** made) {
  const fg_value* values = call->options;
  instance* self = (instance*)calloc(1, sizeof *self);
  if (self == NULL) return FG_ERROR;
  if (values[4].string.size_bytes > sizeof self->label) {
    static const char text[] = "the label is too long";
    call->host->log(FG_LOG_ERROR, text, sizeof text - 1);
    free(self);
    return FG_ERROR;
  }
  self->host = call->host;
  self->factor = values[0].u64;
  self->offset = values[1].i64;
  self->ratio = values[2].f64;
  self->shout = values[3].boolean != 0;
  self->label_bytes = (size_t)values[4].string.size_bytes;
  memcpy(self->label, values[4].string.data, self->label_bytes);
  *made = self;
  return FG_OK;
}

static void destroy(void* made) { free(made); }

static fg_status update(void* made, const fg_batch* batch) {
  uint32_t i, b;
  (void)made;
  for (i = 0; i < batch->count; ++i) {
    const fg_packet* packet = (const fg_packet*)(batch->packets + (size_t)i * batch->packet_stride);
    const fg_key* key = (const fg_key*)(batch->keys + (size_t)i * batch->key_stride);
    const fg_tags* tags = (const fg_tags*)(batch->tags + (size_t)i * batch->tags_stride);
    const fg_payload* payload = (const fg_payload*)(batch->payloads + (size_t)i * batch->payload_stride);
    state* flow = (state*)(batch->records[i] + batch->state_offset);
    uint64_t* lengths = (uint64_t*)realloc(flow->lengths, (size_t)(flow->count + 1) * sizeof *lengths);
    if (lengths == NULL || !FG_HAS_PACKET(batch, icmp_code)) return FG_ERROR;
    flow->lengths = lengths;
    flow->lengths[flow->count++] = packet->ip_length_bytes;
    flow->newest_ns = packet->time_ns;
    flow->last_port = key->destination_port;
    flow->last_timestamp_ns = batch->timestamps_ns[i];
    flow->last_vlan = tags->outer_vlan_id;
    for (b = 0; b < payload->size_bytes; ++b) flow->payload_sum += payload->data[b];
  }
  return FG_OK;
}

static fg_series series_of(const state* flow) {
  fg_series series = {0, 0, 0, 0, 0, 0};
  uint64_t i;
  for (i = 0; i < flow->count; ++i) {
    const int64_t value = (int64_t)flow->lengths[i];
    series.min = i == 0 || value < series.min ? value : series.min;
    series.max = i == 0 || value > series.max ? value : series.max;
    series.sum += value;
    series.sum_squares_low += flow->lengths[i] * flow->lengths[i];
  }
  series.count = flow->count;
  return series;
}

static fg_string label_of(const instance* self, const state* flow, const fg_emit* call, uint32_t row) {
  fg_string text = {NULL, 0};
  const size_t size = self->label_bytes * (size_t)flow->count;
  char* memory = (char*)call->host->arena_alloc(call->arena, row, size);
  uint64_t i;
  if (memory == NULL) return text;
  for (i = 0; i < flow->count; ++i) memcpy(memory + i * self->label_bytes, self->label, self->label_bytes);
  text.data = memory;
  text.size_bytes = size;
  return text;
}

static fg_list_u64 lengths_of(const state* flow, const fg_emit* call, uint32_t row) {
  fg_list_u64 list = {NULL, 0};
  const size_t size = (size_t)flow->count * sizeof(uint64_t);
  uint64_t* memory = (uint64_t*)call->host->arena_alloc(call->arena, row, size);
  if (memory == NULL) return list;
  memcpy(memory, flow->lengths, size);
  list.data = memory;
  list.size = flow->count;
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
    CELL(fg_string, LABEL) = label_of(self, flow, call, row);
    CELL(fg_list_u64, LENGTHS) = lengths_of(flow, call, row);
    CELL(fg_series, SUM) = series_of(flow);
    CELL(uint64_t, SCALED) = (view->packets[0] + view->packets[1]) * self->factor;
    CELL(int64_t, SHIFTED) = (int64_t)flow->count + self->offset;
    CELL(double, RATIO) = (double)flow->count * self->ratio;
    CELL(uint8_t, SHOUT) = (uint8_t)self->shout;
    CELL(int64_t, NEWEST) = flow->newest_ns;
    CELL(uint64_t, ODD) = flow->count % 2 == 1 ? flow->count : 0;
    if (call->columns[ODD].cells != NULL && flow->count % 2 == 1)
      call->columns[ODD].validity[row / 64] |= (uint64_t)1 << (row % 64);
    CELL(uint64_t, PORT) = flow->last_port;
    CELL(int64_t, STAMP) = flow->last_timestamp_ns;
    CELL(uint64_t, VLAN) = flow->last_vlan;
    CELL(uint64_t, PAYLOAD) = flow->payload_sum;
    CELL(fg_string, SCOPE) = view->source_scope;
  }
  return FG_OK;
}

static void release(void* made, const fg_flows* flows) {
  uint32_t i;
  (void)made;
  for (i = 0; i < flows->count; ++i) free(((state*)(flows->records[i] + flows->state_offset))->lengths);
}

static const fg_feature frozen = {
    sizeof(fg_feature),
    sizeof(state),
    8,
    4, /* payload bytes */
    FG_NEEDS_KEY | FG_NEEDS_TIME | FG_NEEDS_TAGS | FG_NEEDS_PAYLOAD,
    "frozen_1_0",
    "1.0",
    "Uses all of ABI 1.0.",
    FG_ARRAY(columns),
    FG_ARRAY(options),
    create,
    destroy,
    update,
    emit,
    release,
};

/* ---------------------------------------------------------------- a schema with a derive */

static const fg_input inputs[] = {{"frozen_1_0.sum", FG_SERIES, 0}, {"frozen_1_0.scaled", FG_U64, 0}};
static const fg_column outputs[] = {
    {"mean", "Mean IP length", FG_F64, FG_UNIT_BYTES, FG_REVEALS_NOTHING, 0, 0, 0},
    {"size", "small or large", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0},
};

static fg_status derive(const fg_derive_call* call) {
  const fg_series* sums = (const fg_series*)call->inputs[0].cells;
  const uint64_t* scaled = (const uint64_t*)call->inputs[1].cells;
  double* means = (double*)call->outputs[0].cells;
  fg_string* sizes = (fg_string*)call->outputs[1].cells;
  uint32_t row;
  for (row = 0; row < call->row_count; ++row) {
    const fg_string small = {"small", 5}, large = {"large", 5};
    if (means != NULL && sums[row].count > 0) means[row] = (double)sums[row].sum / (double)sums[row].count;
    if (sizes != NULL) sizes[row] = scaled[row] > 4 ? large : small;
  }
  return FG_OK;
}

static const fg_derive sizes = {sizeof(fg_derive), 0, FG_ARRAY(inputs), FG_ARRAY(outputs), derive};
static const fg_derive* const derives[] = {&sizes};

static const fg_schema_column entries[] = {
    {"Packets", "frozen_1_0.scaled / 2", FG_F64, FG_UNIT_PACKETS, FG_WHEN_BOTH, 0, NULL},
    {"Total", "frozen_1_0.sum.total", FG_U64, FG_UNIT_BYTES, FG_WHEN_BOTH, FG_REQUIRED, NULL},
    {"Mean", "frozen_schema_1_0.mean", FG_F64, FG_UNIT_BYTES, FG_WHEN_BOTH, 0, NULL},
    {"Size", "frozen_schema_1_0.size", FG_STRING, FG_UNIT_NONE, FG_WHEN_BOTH, 0, NULL},
    {"Port", "frozen_1_0.port", FG_U64, FG_UNIT_NONE, FG_WHEN_FULL, 0, NULL},
};

static const fg_schema schema = {
    sizeof(fg_schema), 1, "frozen_schema_1_0", "1.0", "A schema of ABI 1.0.", FG_ARRAY(entries), derives, FG_NO_ARRAY,
};

static const fg_feature* const features[] = {&frozen};
static const fg_schema* const schemas[] = {&schema};
const fg_module fg_module_v1 = {
    sizeof(fg_module), FG_TARGET_MINOR, FG_ABI_MINOR, 1, 1, 0, "frozen_1_0", "1.0", "Apache-2.0", features, schemas,
};
