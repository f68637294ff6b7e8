/* A plugin that keeps to the ABI but for one thing: -DMUTANT=mutant_NAME. mutants.tsv says which check finds it. Every
 * mutant passes all others; mutant_none passes all. What it counts: packets, their sizes, the first lengths. */
#define FG_TARGET_MINOR 1 /* the structs in the size that this host gives them */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "flowgauge/plugin.h"

enum mutant {
  mutant_none,
  mutant_prints, /* nothing wrong either */
  /* exports */
  mutant_exports_more,
  /* descriptor */
  mutant_column_twice,
  mutant_create_refuses,
  mutant_create_crashes,
  mutant_create_loops,
  mutant_create_sleeps,
  mutant_closes_descriptors,
  mutant_writes_to_descriptors,
  mutant_update_sleeps,
  /* options */
  mutant_divides_by_option,
  mutant_refuses_silently,
  mutant_reads_first_item,
  /* zero-state */
  mutant_begins_at_one,
  mutant_divides_by_packets,
  mutant_empty_series_with_minimum,
  mutant_divides_by_shown,
  /* batch-invariance */
  mutant_counts_batches,
  mutant_forgets_last_batch,
  /* stride */
  mutant_steps_by_sizeof,
  mutant_writes_beside_state,
  mutant_writes_behind_cells,
  mutant_writes_unwanted,
  mutant_writes_packets,
  mutant_asks_for_another_end,
  /* interleaving */
  mutant_numbers_rows,
  mutant_compares_with_other_flows,
  mutant_counts_by_source,
  mutant_counts_by_destination,
  mutant_counts_by_endpoints,
  mutant_counts_by_network,
  mutant_counts_by_mac,
  mutant_counts_by_vlan,
  /* instances */
  mutant_shows_worker,
  mutant_counts_instances,
  /* emit-twice */
  mutant_counts_emits,
  mutant_clears_in_emit,
  /* hostile-values */
  mutant_infinite_ratio,
  mutant_divides_by_header,
  mutant_boolean_of_marks,
  mutant_text_of_bytes,
  mutant_reads_behind_payload,
  mutant_reads_behind_headers,
  mutant_list_in_state,
  mutant_list_in_freed_memory,
  mutant_reals_in_state,
  mutant_texts_in_state,
  /* contamination */
  mutant_shows_port,
  mutant_shows_address,
  mutant_shows_hour,
  mutant_shows_vlan,
  mutant_shows_ttl,
  mutant_shows_window,
  mutant_shows_scope,
  mutant_shows_ip_id,
  mutant_shows_dscp,
  /* counters */
  mutant_count_changes_rows,
  mutant_count_falls,
  mutant_count_leaves_out,
  mutant_count_counts_itself,
  mutant_count_writes_behind,
  mutant_count_crashes,
  mutant_count_fails,
  mutant_count_changes_umask,
  /* clock-and-output */
  mutant_reads_time,
  mutant_reads_clock_in_emit,
  mutant_prints_in_update,
  /* versions */
  mutant_insists_on_size,
  mutant_trusts_every_host,
  mutant_reads_on,
  /* release */
  mutant_keeps_states,
  mutant_has_no_release,
  mutant_keeps_instances,
  mutant_fails_in_release,
  mutant_fails_in_destroy,
  /* limits */
  mutant_keeps_every_packet,
  mutant_allocates_without_end,
  mutant_trusts_arena,
  /* process-state */
  mutant_changes_locale,
  mutant_changes_umask,
  mutant_changes_folder,
  mutant_closes_input,
  mutant_blocks_signals,
  mutant_ignores_signal,
  mutant_lowers_limit,
  mutant_sets_timer,
  /* schemas */
  mutant_schema_names_nothing,
  mutant_schema_has_wrong_type,
  mutant_derive_divides_by_rows,
  mutant_derive_writes_nan,
  mutant_derive_remembers,
  mutant_derive_writes_inputs,
  mutant_derive_reads_clock,
  /* derived */
  mutant_derived_reads_nothing,
  mutant_derived_reads_wrong_type,
  mutant_derived_divides_by_rows,
  mutant_derived_remembers,
  mutant_derived_writes_inputs,
  mutant_derived_writes_unwanted,
  mutant_derived_points_to_heap,
  mutant_derived_works_on_one_thread,
  /* sink-rows */
  mutant_sink_refuses,
  mutant_sink_counts_up,
  mutant_sink_counts_back,
  mutant_sink_loses_rows,
  mutant_sink_gives_rows_up,
  mutant_sink_closes_silently,
  mutant_sink_throws,
  mutant_sink_exits,
  mutant_sink_aborts,
  mutant_sink_fails,
  mutant_sink_fails_silently,
  mutant_sink_fails_in_finish,
  mutant_sink_fails_in_destroy,
  mutant_sink_traps_in_finish,
  mutant_sink_traps_in_destroy,
  mutant_sink_exits_in_destroy,
  mutant_sink_tells_wrongly,
  /* sink-batches */
  mutant_sink_keeps_batches,
  mutant_sink_reads_released,
  mutant_sink_writes_into_batch,
  mutant_sink_reads_beyond,
  /* sink-places */
  mutant_sink_closes_file,
  mutant_sink_sets_flags,
  mutant_sink_ignores_errors,
  mutant_sink_writes_nowhere,
  mutant_sink_overwrites,
  mutant_sink_never_replaces,
  mutant_sink_is_early,
  /* sink-instances */
  mutant_sink_shares_memory,
  mutant_sink_never_repeats,
  /* sink-process */
  mutant_sink_changes_folder,
  mutant_sink_changes_umask,
  mutant_sink_sets_timer,
  /* nothing wrong: it is no mistake to take what one is given */
  mutant_sink_takes_batches,
  mutant_sink_needs_server,
  mutant_sink_blocks
};

#define IS(name) (MUTANT == mutant_##name)
#define FIRST 8 /* lengths that are kept */

typedef struct state {
  uint64_t packets;
  uint64_t bytes;
  uint64_t payload;
  uint64_t least_complement; /* so that zero is the empty series */
  uint64_t greatest;
  uint64_t other; /* what a mutant counts */
  double ratio;
  uint64_t* lengths;
  uint32_t kept;
  uint8_t marks;
  uint8_t byte;
  uint16_t kin;
} state;

typedef struct instance {
  uint64_t window;
  uint64_t worker;
  uint64_t last_length;
  uint64_t packets; /* of all flows */
  uint64_t calls;   /* of count */
  const fg_host* host;
  uint64_t* by_kin;
} instance;

enum { PACKETS, SIZES, RATIO, FLAG, TEXT, LENGTHS, OTHER };

static const fg_column columns[] = {
    {"packets", "Packets", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING, 0, 0, 0},
    {"sizes", "Packet lengths", FG_SERIES, FG_UNIT_BYTES, FG_REVEALS_NOTHING, 0, 0, 0},
    {"ratio", "Greatest share of payload", FG_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0},
    {"flag", "Whether there were marks", FG_BOOL, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0},
    {"text", "A text", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0},
    {"lengths", "The first lengths",
     IS(reals_in_state)   ? FG_LIST_F64
     : IS(texts_in_state) ? FG_LIST_STRING
                          : FG_LIST_U64,
     FG_UNIT_BYTES, FG_REVEALS_NOTHING, 0, 0, 0},
    {IS(column_twice) ? "packets" : "other", "What only mutants count", FG_U64, FG_UNIT_COUNT, FG_REVEALS_NOTHING, 0, 0,
     0},
};

static const fg_packet_filter filters[] = {{6, 0, 443}, {17, 0, 0}, {1, 0, 0}};

static const fg_option options[] = {
    {"window", "Packets of one window", "4", FG_U64, FG_UNIT_PACKETS},
    {"marks", "Kinds of packets that count", "1, 2", FG_LIST_U64, FG_UNIT_NONE, .minimum = "1", .maximum = "9"},
};

#define COUNTS_KIN                                                                                          \
  (IS(counts_by_source) || IS(counts_by_destination) || IS(counts_by_endpoints) || IS(counts_by_network) || \
   IS(counts_by_mac) || IS(counts_by_vlan))

static uint8_t byte_behind; /* what nobody shows */
static uint64_t live_instances;
static volatile char* newest;

#if defined(EXPORTS_MORE)
FG_EXPORT int helper_that_everybody_sees(void);
int helper_that_everybody_sees(void) { return 1; }
#endif

static void say(const fg_host* host, const char* text) { host->log(FG_LOG_ERROR, text, strlen(text)); }

static fg_status create(const fg_create* call, void** made) {
  const uint64_t window = call->options[0].u64;
  instance* self;
  if (IS(changes_locale)) setlocale(LC_ALL, "C.UTF-8");
  if (IS(create_refuses)) {
    say(call->host, "not today");
    return FG_ERROR;
  }
  if (IS(prints)) puts("made");
  if (IS(create_crashes)) abort();
  for (int other = STDERR_FILENO + 1; other < 32; ++other) {
    if (IS(closes_descriptors)) close(other);
    if (IS(writes_to_descriptors) && write(other, "t0", 2) < 0) continue;
  }
  while (IS(create_loops)) {
  }
  while (IS(create_sleeps)) pause();
  if (window == 0 && !IS(divides_by_option)) {
    if (!IS(refuses_silently)) say(call->host, "window must not be 0");
    return FG_ERROR;
  }
  if (IS(reads_first_item) && call->option_lists[1].u64.data[0] > 9) return FG_ERROR;
  self = (instance*)calloc(1, sizeof *self);
  if (self == NULL) return FG_ERROR;
  if (COUNTS_KIN && (self->by_kin = (uint64_t*)calloc(65536, sizeof *self->by_kin)) == NULL) return FG_ERROR;
  self->window = window;
  self->worker = call->worker;
  self->host = call->host;
  ++live_instances;
  *made = self;
  return FG_OK;
}

static void destroy(void* made) {
  if (IS(sets_timer)) alarm(1000);
  if (IS(fails_in_destroy)) say(((instance*)made)->host, "a key is gone");
  --live_instances;
  free(((instance*)made)->by_kin);
  if (!IS(keeps_instances)) free(made);
}

/* One packet of a flow whose state has room for `kept` lengths. */
static fg_status keep_length(state* flow, uint64_t length) {
  uint64_t* more;
  if (IS(keeps_every_packet)) {
    if ((flow->kept & (flow->kept - 1)) == 0) { /* a power of two, or none: twice the room */
      more = (uint64_t*)realloc(flow->lengths, (flow->kept == 0 ? 1U : flow->kept * 2U) * sizeof *more);
      if (more == NULL) return FG_ERROR;
      flow->lengths = more;
    }
    flow->lengths[flow->kept++] = length;
    return FG_OK;
  }
  if (flow->kept == FIRST) return FG_OK;
  if (flow->lengths == NULL) flow->lengths = (uint64_t*)malloc(FIRST * sizeof *flow->lengths);
  if (flow->lengths == NULL) return FG_ERROR;
  flow->lengths[flow->kept++] = length;
  return FG_OK;
}

/* Is packet i the first of its flow in the batch? */
static int is_first(const fg_batch* batch, uint32_t i) {
  uint32_t j;
  for (j = 0; j < i; ++j) {
    if (batch->records[j] == batch->records[i]) return 0;
  }
  return 1;
}

static int has_no_vlan(const fg_batch* batch, uint32_t i) {
  return ((const fg_tags*)(batch->tags + (size_t)i * batch->tags_stride))->vlan_count == 0;
}

/* What flows that are alike have in common, as a number below the size of a table. */
static uint64_t kin_of(const fg_batch* batch, uint32_t i) {
  const fg_key* key = batch->keys == NULL ? NULL : (const fg_key*)(batch->keys + (size_t)i * batch->key_stride);
  const fg_tags* tags = batch->tags == NULL ? NULL : (const fg_tags*)(batch->tags + (size_t)i * batch->tags_stride);
  uint64_t kin = 0;
  int at;
  if (IS(counts_by_vlan)) return tags->outer_vlan_id;
  if (IS(counts_by_mac)) return key->source_mac[0] * 256U + key->source_mac[1];
  for (at = 0; at < (IS(counts_by_network) ? 3 : 4); ++at) {
    if (!IS(counts_by_destination)) kin = kin * 31 + key->source_address[at];
    if (!IS(counts_by_source)) kin = kin * 31 + key->destination_address[at];
  }
  return kin % 65536;
}

static void count_kin(instance* self, const fg_batch* batch, uint32_t i, state* flow) {
  if (flow->packets > 1) return;
  flow->kin = (uint16_t)kin_of(batch, i);
  flow->other = self->by_kin[flow->kin]++; /* flows like it that are there */
}

static void count_other(instance* self, const fg_batch* batch, uint32_t i, const fg_packet* packet, state* flow) {
  if (IS(counts_batches)) flow->other += (uint64_t)is_first(batch, i);
  if (IS(forgets_last_batch)) flow->other = is_first(batch, i) ? 1 : flow->other + 1;
  if (IS(compares_with_other_flows)) {
    flow->other += packet->ip_length_bytes > self->last_length;
    self->last_length = packet->ip_length_bytes;
  }
  if (COUNTS_KIN && !(IS(counts_by_vlan) && has_no_vlan(batch, i))) count_kin(self, batch, i, flow);
  if (IS(shows_ttl)) flow->other = packet->ttl;
  if (IS(shows_window) && packet->direction_index == 0 && packet->direction == FG_FORWARD)
    flow->other = packet->tcp_window;
  if (IS(reads_time)) flow->other += time(NULL) == 0;
  if (IS(prints_in_update)) puts("one more");
  if (IS(reads_behind_payload)) {
    const fg_payload* payload = (const fg_payload*)(batch->payloads + (size_t)i * batch->payload_stride);
    byte_behind = ((const volatile uint8_t*)payload->data)[payload->size_bytes];
  }
  if (IS(reads_behind_headers)) {
    const fg_headers* headers = (const fg_headers*)(batch->headers + (size_t)i * batch->headers_stride);
    byte_behind = ((const volatile uint8_t*)headers->data)[headers->size_bytes];
  }
  if (IS(shows_ip_id) || IS(shows_dscp)) {
    const fg_fields* fields = (const fg_fields*)(batch->fields + (size_t)i * batch->fields_stride);
    flow->other = IS(shows_dscp) ? (uint64_t)fields->traffic_class >> 2 : fields->ip_id;
  }
  if (IS(count_changes_rows)) flow->other = self->calls;
  if (IS(shows_worker)) flow->other = self->worker;
  if (IS(counts_instances)) flow->other = live_instances;
  if (IS(divides_by_option)) flow->other += packet->flow_index / self->window;
  if (IS(divides_by_header)) flow->other += 100U / packet->l4_header_bytes;
  if (IS(shows_port)) {
    flow->other = ((const fg_key*)(batch->keys + (size_t)i * batch->key_stride))->destination_port & 1U;
  }
  if (IS(shows_hour)) flow->other = (uint64_t)(batch->timestamps_ns[i] / 1000000000 / 3600) % 24U;
  if (IS(trusts_every_host)) flow->other += batch->headers != NULL;
  if (IS(reads_on)) flow->other += *(const volatile uint64_t*)(batch + 1);
  if (IS(writes_beside_state)) *(volatile uint64_t*)(flow + 1) += 1;
  if (IS(writes_packets)) ((fg_packet*)packet)->ttl = 0;
  if (IS(asks_for_another_end) && flow->packets > 1) batch->ends[i] = 2;
  if (IS(allocates_without_end) && flow->packets > 100) {
    newest = (volatile char*)malloc(1 << 20);
    newest[0] = 1;
  }
}

static const fg_counter counters[] = {
    {"packets", "Packets of all flows", FG_UNIT_PACKETS, 0},
    {"others", "What only mutants count", FG_UNIT_COUNT, 0},
};

static fg_status update(void* made, const fg_batch* batch) {
  const size_t step = IS(steps_by_sizeof) ? sizeof(fg_packet) : batch->packet_stride;
  uint32_t i;
  if (IS(changes_umask)) umask(077);
  if (IS(changes_folder) && chdir("/") != 0) return FG_ERROR;
  if (IS(lowers_limit)) {
    const struct rlimit few = {512, 512};
    setrlimit(RLIMIT_NOFILE, &few);
  }
  while (IS(update_sleeps)) pause();
  if (IS(insists_on_size) && batch->struct_size != sizeof(fg_batch)) return FG_ERROR;
  for (i = 0; i < batch->count; ++i) {
    const fg_packet* packet = (const fg_packet*)(batch->packets + i * step);
    state* flow = (state*)(batch->records[i] + batch->state_offset);
    const uint64_t length = packet->ip_length_bytes;
    const double ratio = (double)packet->payload_length_bytes / (double)length;
    if (ratio > flow->ratio && (length > 0 || IS(infinite_ratio))) flow->ratio = ratio;
    flow->packets += 1;
    ((instance*)made)->packets += 1;
    flow->bytes += length;
    flow->payload += packet->payload_length_bytes;
    if (~length > flow->least_complement) flow->least_complement = ~length;
    if (length > flow->greatest) flow->greatest = length;
    flow->marks |= packet->marks;
    flow->byte = packet->icmp_type;
    if (keep_length(flow, length) != FG_OK) return FG_ERROR;
    count_other((instance*)made, batch, i, packet, flow);
  }
  return FG_OK;
}

static void count(void* made, uint64_t* values) {
  instance* self = (instance*)made;
  ++self->calls;
  values[0] = self->packets;
  if (!IS(count_leaves_out)) values[1] = 0;
  if (IS(count_falls)) values[1] = 1000 - self->packets;
  if (IS(count_counts_itself)) values[1] = self->calls;
  if (IS(count_writes_behind)) values[2] = 1;
  if (IS(count_crashes)) abort();
  if (IS(count_fails)) say(self->host, "a number is gone");
  if (IS(count_changes_umask)) umask(077);
}

static void emit_series(const state* flow, fg_series* cell) {
  cell->count = flow->packets;
  if (flow->packets == 0 && !IS(empty_series_with_minimum)) return;
  cell->sum = (int64_t)flow->bytes;
  cell->min = (int64_t)~flow->least_complement;
  cell->max = (int64_t)flow->greatest;
}

static void emit_text(const state* flow, const fg_emit* call, uint32_t row, fg_string* cell) {
  const uint64_t size = IS(text_of_bytes) ? 1 : 3;
  const char letter = (char)('a' + flow->byte);
  char* memory = (char*)call->host->arena_alloc(call->arena, row, size);
  if (memory == NULL && !IS(trusts_arena)) return;
  memcpy(memory, IS(text_of_bytes) ? &letter : "abc", size);
  cell->data = memory;
  cell->size_bytes = size;
}

static const uint64_t* freed(void) {
  uint64_t* volatile memory = (uint64_t*)malloc(4096);
  const uint64_t* const was = memory;
  free(memory);
  return was;
}

static void emit_lengths(const state* flow, const fg_emit* call, uint32_t row, fg_list_u64* cell) {
  const uint64_t count = flow->kept < FIRST ? flow->kept : FIRST;
  uint64_t* memory;
  if (count == 0) return;
  memory = (uint64_t*)call->host->arena_alloc(call->arena, row, count * sizeof *memory);
  if (memory == NULL) return;
  memcpy(memory, flow->lengths, count * sizeof *memory);
  cell->data = memory;
  cell->size = count;
  if (flow->marks == 0) return;
  if (IS(list_in_state)) cell->data = &flow->packets;
  if (IS(list_in_freed_memory)) cell->data = freed();
  if (IS(list_in_state) || IS(list_in_freed_memory)) cell->size = 1;
}

static void emit_reals(const state* flow, fg_list_f64* cell) {
  cell->data = &flow->ratio;
  cell->size = flow->marks != 0;
}

/* The list is where it may be, its text is not. */
static void emit_texts(const state* flow, const fg_emit* call, uint32_t row, fg_list_string* cell) {
  fg_string* text = (fg_string*)call->host->arena_alloc(call->arena, row, sizeof *text);
  if (text == NULL || flow->marks == 0) return;
  text->data = (const char*)&flow->packets;
  text->size_bytes = 1;
  cell->data = text;
  cell->size = 1;
}

static void emit_list(const state* flow, const fg_emit* call, uint32_t row, void* cells) {
  if (IS(reals_in_state))
    emit_reals(flow, (fg_list_f64*)cells + row);
  else if (IS(texts_in_state))
    emit_texts(flow, call, row, (fg_list_string*)cells + row);
  else
    emit_lengths(flow, call, row, (fg_list_u64*)cells + row);
}

static uint64_t other_of(const state* flow, const fg_emit* call, uint32_t row) {
  if (IS(numbers_rows)) return row;
  if (IS(counts_emits)) return ++((state*)flow)->other;
  if (IS(divides_by_packets)) return flow->bytes / flow->packets;
  if (IS(divides_by_shown)) {
    const fg_flow* shown = (const fg_flow*)(call->flows + (size_t)row * call->flow_stride);
    return shown->packets[0] + shown->packets[1] == 0 ? 0 : flow->bytes / flow->packets;
  }
  if (IS(shows_address)) return ((const fg_key*)(call->keys + (size_t)row * call->key_stride))->source_address[3];
  if (IS(shows_scope)) {
    const fg_flow* shown = (const fg_flow*)(call->flows + (size_t)row * call->flow_stride);
    return shown->source_scope.size_bytes;
  }
  if (IS(reads_clock_in_emit)) {
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return flow->other + (now.tv_nsec < 0);
  }
  if (IS(shows_vlan)) return ((const fg_tags*)(call->tags + (size_t)row * call->tags_stride))->outer_vlan_id;
  return flow->other;
}

static fg_status emit(void* made, const fg_emit* call) {
  const fg_vector* to = call->columns;
  uint32_t row;
  (void)made;
  if (IS(closes_input)) close(0);
  if (IS(ignores_signal)) signal(SIGHUP, SIG_IGN);
  for (row = 0; row < call->row_count; ++row) {
    state* flow = (state*)(call->records[row] + call->state_offset);
    if (to[PACKETS].cells != NULL) ((uint64_t*)to[PACKETS].cells)[row] = flow->packets + IS(begins_at_one);
    if (to[SIZES].cells != NULL) emit_series(flow, (fg_series*)to[SIZES].cells + row);
    if (to[RATIO].cells != NULL) ((double*)to[RATIO].cells)[row] = flow->ratio;
    if (to[FLAG].cells != NULL) {
      ((uint8_t*)to[FLAG].cells)[row] = IS(boolean_of_marks) ? flow->marks : flow->marks != 0;
    }
    if (to[TEXT].cells != NULL) emit_text(flow, call, row, (fg_string*)to[TEXT].cells + row);
    if (to[LENGTHS].cells != NULL) emit_list(flow, call, row, to[LENGTHS].cells);
    if (to[OTHER].cells != NULL || IS(writes_unwanted)) {
      ((uint64_t*)to[OTHER].cells)[row] = other_of(flow, call, row);
    }
    if (IS(clears_in_emit)) flow->greatest = 0;
  }
  if (IS(writes_behind_cells) && to[OTHER].cells != NULL) ((uint64_t*)to[OTHER].cells)[call->row_count] = 1;
  return FG_OK;
}

static void release(void* made, const fg_flows* flows) {
  if (IS(blocks_signals)) {
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &one, NULL);
  }
  uint32_t i;
  ((instance*)made)->last_length = 0;
  if (IS(fails_in_release)) say(((instance*)made)->host, "a list has no end");
  for (i = 0; i < flows->count && !IS(keeps_states); ++i) {
    state* flow = (state*)(flows->records[i] + flows->state_offset);
    free(flow->lengths);
    if (COUNTS_KIN && flow->packets > 0) --((instance*)made)->by_kin[flow->kin];
  }
}

static const fg_end ends[] = {{"seen", "It has seen enough"}};

static const fg_feature feature = {
    .struct_size = sizeof(fg_feature),
    .state_size = sizeof(state),
    .state_align = 8,
    .payload_bytes = IS(reads_behind_payload) ? 16 : 0,
    .needs = IS(counts_by_vlan)                                  ? FG_NEEDS_TAGS
             : IS(shows_port) || IS(shows_address) || COUNTS_KIN ? FG_NEEDS_KEY
             : IS(shows_hour)                                    ? FG_NEEDS_TIME
             : IS(shows_vlan)                                    ? FG_NEEDS_TAGS
             : IS(reads_behind_payload)                          ? FG_NEEDS_PAYLOAD
             : IS(reads_behind_headers)                          ? FG_NEEDS_HEADERS
             : IS(shows_ip_id) || IS(shows_dscp)                 ? FG_NEEDS_FIELDS
                                                                 : FG_NEEDS_NOTHING,
    .name = "mutant",
    .version = "1",
    .doc = "Keeps to the ABI but for one thing",
    .columns = FG_ARRAY(columns),
    .options = FG_ARRAY(options),
    .create = create,
    .destroy = destroy,
    .update = update,
    .emit = emit,
    .release = IS(has_no_release) ? NULL : release,
    .ends = {ends, IS(asks_for_another_end) ? 1 : 0, sizeof(fg_end)},
    .counters = FG_ARRAY(counters),
    .count = count,
    .packet_filters = {filters, IS(divides_by_shown) || IS(none) ? 3 : 0, sizeof(fg_packet_filter)},
};

/* The share of the greatest packet in all bytes. */
static const fg_input inputs[] = {{"mutant.sizes", FG_SERIES, 0}, {"mutant.packets", FG_U64, 0}};
static const fg_column outputs[] = {{"share", "Share of the greatest packet", FG_F64, FG_UNIT_NONE, 0, 0, 0, 0}};

static fg_status derive(const fg_derive_call* call) {
  static double last;
  double* cells = (double*)call->outputs[0].cells;
  const fg_series* sizes = (const fg_series*)call->inputs[0].cells;
  volatile uint32_t rows = call->row_count;
  uint32_t row;
  if (IS(derive_divides_by_rows)) rows = 1000 / rows;
  if (cells == NULL) return FG_OK;
  for (row = 0; row < call->row_count; ++row) {
    if (sizes[row].sum != 0 || IS(derive_writes_nan)) cells[row] = (double)sizes[row].max / (double)sizes[row].sum;
    if (IS(derive_remembers)) cells[row] += last;
    if (IS(derive_writes_inputs)) ((fg_series*)sizes)[row].max = 0;
    if (IS(derive_reads_clock)) cells[row] += time(NULL) == 0;
    last = cells[row] > 1 ? 1 : cells[row] + 1;
  }
  return FG_OK;
}

static const fg_derive derive_table = {
    .struct_size = sizeof(fg_derive),
    .inputs = FG_ARRAY(inputs),
    .outputs = FG_ARRAY(outputs),
    .derive = derive,
};
static const fg_derive* const derives[] = {&derive_table};

static const fg_schema_column shown[] = {
    {"Packets", IS(schema_names_nothing) ? "mutant.pakets" : "mutant.packets", FG_U64, FG_UNIT_PACKETS, FG_WHEN_BOTH, 0,
     NULL},
    {"Mean", "mutant.sizes.mean", IS(schema_has_wrong_type) ? FG_U64 : FG_F64, FG_UNIT_BYTES, FG_WHEN_BOTH, 0, NULL},
    {"Share", "mutant.share", FG_F64, FG_UNIT_NONE, FG_WHEN_BOTH, 0, NULL},
};

static const fg_schema schema = {
    .struct_size = sizeof(fg_schema),
    .derive_count = 1,
    .name = "mutant",
    .version = "1",
    .doc = "What the mutant counts",
    .columns = FG_ARRAY(shown),
    .derives = derives,
};

/* Half of the packets, and what that is called. */
static const fg_input read_columns[] = {{IS(derived_reads_nothing) ? "mutant.pakets" : "mutant.packets",
                                         IS(derived_reads_wrong_type) ? FG_F64 : FG_U64, 0}};
static const fg_column derived_columns[] = {
    {"half", "Half of the packets", FG_U64, FG_UNIT_PACKETS, 0, 0, 0, 0},
    {"word", "Whether that is any", FG_STRING, FG_UNIT_NONE, 0, 0, 0, 0},
};

static fg_status derive_half(const fg_derive_call* call) {
  static int has_begun;
  static __thread int is_mine;
  static uint64_t last;
  uint64_t* cells = (uint64_t*)call->outputs[0].cells;
  fg_string* words = (fg_string*)call->outputs[1].cells;
  const uint64_t* packets = (const uint64_t*)call->inputs[0].cells;
  volatile uint32_t rows = call->row_count;
  uint32_t row;
  if (IS(derived_divides_by_rows)) rows = 1000 / rows;
  if (IS(derived_works_on_one_thread)) {
    if (!has_begun) has_begun = is_mine = 1;
    if (!is_mine) return FG_ERROR;
  }
  if (IS(derived_writes_unwanted) && words == NULL) words = (fg_string*)(void*)8;
  for (row = 0; row < call->row_count; ++row) {
    const uint64_t half = packets[row] / 2;
    if (cells != NULL) cells[row] = half;
    if (cells != NULL && IS(derived_remembers)) cells[row] += last++;
    if (words != NULL) words[row].data = half == 0 ? "none" : "some";
    if (words != NULL) words[row].size_bytes = 4;
    if (words != NULL && IS(derived_points_to_heap)) words[row].data = strdup("some");
    if (IS(derived_writes_inputs)) ((uint64_t*)packets)[row] = half;
  }
  return FG_OK;
}

static const fg_derive half_table = {
    .struct_size = sizeof(fg_derive),
    .inputs = FG_ARRAY(read_columns),
    .outputs = FG_ARRAY(derived_columns),
    .derive = derive_half,
};
static const fg_derive* const half_derives[] = {&half_table};
static const fg_derived halves = {
    .struct_size = sizeof(fg_derived),
    .derive_count = 1,
    .name = "mutant_halves",
    .version = "1",
    .doc = "Half of what the mutant counts",
    .derives = half_derives,
};

#include "mutant_sink.h"

static const fg_feature* const features[] = {&feature};
static const fg_derived* const derived[] = {&halves};
static const fg_schema* const schemas[] = {&schema};

const fg_module fg_module_v1 = {
    .struct_size = sizeof(fg_module),
    .min_host_minor = IS(trusts_every_host) ? 0 : FG_TARGET_MINOR,
    .built_minor = FG_ABI_MINOR,
    .feature_count = 1,
    .schema_count = 1,
    .name = "mutant",
    .version = "1",
    .licence = "Apache-2.0",
    .features = features,
    .schemas = schemas,
    .derived = derived,
    .derived_count = 1,
    .sinks = sinks,
    .sink_count = 1,
};
