/* flowgauge/plugin.h - the flowgauge plugin ABI, major 1. Plain C99; includes nothing of flowgauge.
 *
 * A plugin is a shared object with ONE exported symbol, the constant `fg_module_v1` (at the end of
 * this page). It is data, not a function: the host reads and judges all of it before it calls any
 * code in the plugin. C++ authors use flowgauge/sdk.hpp, which writes everything below for them.
 *
 * GROWTH. The rules that let a plugin of today run on the hosts of tomorrow, and the other way:
 *  1. A struct that crosses the boundary begins with `struct_size`, filled in by whoever made it,
 *     or is an element of an array that is stepped by a `stride` its maker gives. Such structs
 *     grow at their end only. A field never moves, changes its meaning or disappears.
 *  2. Whoever reads a field newer than 1.0 asks first: FG_HAS(pointer, field), for packets
 *     FG_HAS_PACKET(batch, field). What is not there counts as zero.
 *  3. fg_string, the lists, fg_series, fg_value and fg_vector lie in arrays without a stride,
 *     fg_array in the middle of structs: frozen for v1.
 *  4. Enumerations are uint32_t with fixed numbers. 0 is never valid, 1..0x7fffffff are flowgauge's,
 *     from 0x80000000 is for experiments and never shipped. Bit sets: bits 0-31 flowgauge's,
 *     32-47 reserved, 48-63 for experiments. A host refuses values and bits it does not know.
 *  5. `min_host_minor` is the oldest 1.x host the module runs on; it is the only version compared.
 *
 * SIGHT. A feature sees what it needs, no more. A packet shows lengths, header numbers, gaps and
 * times relative to its flow's start. Addresses, ports, MACs, tags, absolute times and payload lie
 * behind `needs`; what was not asked for is a NULL pointer.
 *
 * UNITS are in the names: _ns nanoseconds, _bytes bytes. Text is UTF-8.
 * THREADS. Each function says in brackets who calls it, in one run:
 *   [once, before threads]  once for each instance, one after the other, before any worker runs
 *   [worker]                the instance's worker. Calls on one instance never overlap; other
 *                           workers call theirs meanwhile: keep no writable global variables
 *   [once, after threads]   once for each instance, one after the other, when no worker runs
 *   [sink]                  the sink's own thread, which no other sink uses; calls on one instance never overlap
 *   [any thread]            several threads at once
 * OWNERSHIP. What the module points to is static and stays for the life of the process (modules are
 * never unloaded). What a call receives is the host's and is valid until the call returns.
 */
#ifndef FLOWGAUGE_PLUGIN_H
#define FLOWGAUGE_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#define FG_ABI_MINOR 1 /* what this header describes */

/* The oldest host the module shall run on. Fields newer than this are hidden, so that using one by
 * mistake does not compile. Define it before the include to use more; min_host_minor follows it. */
#ifndef FG_TARGET_MINOR
#define FG_TARGET_MINOR 0
#endif

#if defined(__cplusplus)
extern "C" {
#endif

/* Does the struct behind `pointer` have `field`? Its maker may be older than this header. */
#define FG_HAS(pointer, field) \
  ((pointer)->struct_size >= (size_t)((const char*)(&(pointer)->field + 1) - (const char*)(pointer)))

/* A table of descriptors. `stride` is sizeof one item as its author compiled it. */
typedef struct fg_array {
  const void* items;
  uint32_t count;
  uint32_t stride;
} fg_array;
#define FG_ARRAY(array) \
  { (array), (uint32_t)(sizeof(array) / sizeof((array)[0])), (uint32_t)sizeof((array)[0]) }
#define FG_NO_ARRAY \
  { NULL, 0, 0 }

/* ---------------------------------------------------------------- values and columns */

typedef uint32_t fg_type; /* of a cell in a column vector */
#define FG_U64 1u         /* uint64_t */
#define FG_I64 2u         /* int64_t */
#define FG_F64 3u         /* double, never NaN or infinite */
#define FG_BOOL 4u        /* uint8_t, 0 or 1 */
#define FG_STRING 5u      /* fg_string */
#define FG_SERIES 6u      /* fg_series */
#define FG_LIST_U64 7u    /* fg_list_u64 */
#define FG_TIME 8u        /* int64_t, ns since the flow's start; the host makes it absolute and adds class time */
#if FG_TARGET_MINOR >= 1
#define FG_LIST_I64 9u     /* fg_list_i64 */
#define FG_LIST_F64 10u    /* fg_list_f64, no item NaN or infinite */
#define FG_LIST_STRING 11u /* fg_list_string */
#endif

#define FG_NEVER INT64_MIN /* in a cell of type FG_TIME: no such moment; the host writes 0 */

typedef uint32_t fg_unit;
#define FG_UNIT_NONE 1u /* a name, a code, a ratio */
#define FG_UNIT_COUNT 2u
#define FG_UNIT_PACKETS 3u
#define FG_UNIT_BYTES 4u
#define FG_UNIT_NS 5u
#define FG_UNIT_US 6u
#define FG_UNIT_MS 7u
#define FG_UNIT_S 8u
#define FG_UNIT_PER_S 9u
#define FG_UNIT_BYTES_PER_S 10u

/* What a column can give away (docs/columns.md). A bit set: 0 means nothing. */
typedef uint64_t fg_contamination;
#define FG_REVEALS_NOTHING 0u
#define FG_REVEALS_IDENTITY (1u << 0) /* addresses, MACs, ids made from them, server names */
#define FG_REVEALS_PORT (1u << 1)     /* raw ports */
#define FG_REVEALS_TIME (1u << 2)     /* absolute time */
#define FG_REVEALS_OS (1u << 3)       /* TTL, initial window, extremes of header lengths, IP ids, TCP options */
#define FG_REVEALS_PATH (1u << 4)     /* scope, locality, VLAN, tunnel, DSCP */
#define FG_REVEALS_TOOL (1u << 5)     /* what this program's own limits set */

/* UTF-8 without NUL, not NUL-terminated. `data` is static in the module, comes from arena_alloc of the same emit or
 * derive call, or is a text of fg_flow. Never point into an instance or a flow's state: sinks read rows after those are
 * gone. */
typedef struct fg_string {
  const char* data;
  uint64_t size_bytes;
} fg_string;

/* Same ownership as fg_string. `size` counts the items. */
typedef struct fg_list_u64 {
  const uint64_t* data;
  uint64_t size;
} fg_list_u64;

#if FG_TARGET_MINOR >= 1
typedef struct fg_list_i64 {
  const int64_t* data;
  uint64_t size;
} fg_list_i64;

typedef struct fg_list_f64 {
  const double* data;
  uint64_t size;
} fg_list_f64;

/* The texts are static or of the same arena, too. */
typedef struct fg_list_string {
  const fg_string* data;
  uint64_t size;
} fg_list_string;
#endif

/* Exact integers; schemas take .count .total .mean .std .std_sample .min .max from them.
 * Empty: all fields 0. The sum of squares is sum_squares_high * 2^64 + sum_squares_low. */
typedef struct fg_series {
  uint64_t count;
  int64_t sum;
  uint64_t sum_squares_low;
  uint64_t sum_squares_high;
  int64_t min;
  int64_t max;
} fg_series;

/* The value of an option. Which member is valid is said by the option's declared type. */
typedef union fg_value {
  uint64_t u64;
  int64_t i64;
  double f64;
  uint64_t boolean;
  fg_string string;
} fg_value;

/* The cells of one column for the rows of a call, zeroed by the host. `validity` has one bit a row,
 * row r in word r / 64 at bit r % 64; 1: the cell has a value. It is NULL unless the column is
 * declared nullable, and begins all zero (null): set the bit with the cell. */
typedef struct fg_vector {
  void* cells; /* NULL: nobody wants this column; skip it, it may be costly */
  uint64_t* validity;
} fg_vector;

typedef uint32_t fg_column_flags;
#define FG_NULLABLE 1u /* cells may be null: the vector has a validity bitmap */

typedef struct fg_column { /* stepped by stride */
  const char* name;        /* [a-z0-9_]+, at most 64 as all such names; the full name is FEATURE.NAME */
  const char* doc;         /* one sentence */
  fg_type type;
  fg_unit unit;
  fg_contamination reveals;
  fg_contamination extremes_reveal; /* of a series: what .min and .max reveal beyond that */
  fg_column_flags flags;
  uint32_t reserved;
#if FG_TARGET_MINOR >= 1
  const char* source; /* where its definition is written: "RFC 9293 3.1"; NULL: nowhere but in doc */
#endif
} fg_column;

typedef struct fg_option {   /* stepped by stride */
  const char* name;          /* key in the profile, [a-z0-9_]+ */
  const char* doc;           /* one sentence */
  const char* default_value; /* as it would stand in the profile: "true"; NULL: must be given. Of a list: "1, 2" */
  fg_type type; /* FG_U64, FG_I64, FG_F64, FG_BOOL or FG_STRING; since 1.1 lists of a feature, see fg_create */
  fg_unit unit;
#if FG_TARGET_MINOR >= 1
  /* As they would stand in the profile; of a list, of each item. NULL: what the type allows. */
  const char* minimum; /* of numbers, inclusive */
  const char* maximum;
  const char* const* choices; /* [choice_count] the only texts, of FG_STRING and FG_LIST_STRING */
  uint32_t choice_count;      /* 0: any text */
  uint32_t reserved;
#endif
} fg_option;

/* ---------------------------------------------------------------- host services */

typedef struct fg_arena fg_arena; /* opaque; lives as long as the rows of one emit or derive call */
#define FG_ROW_BYTES 65536u       /* of strings and lists, per row */

typedef uint32_t fg_log_level;
#define FG_LOG_ERROR 1u
#define FG_LOG_WARNING 2u
#define FG_LOG_INFO 3u
#define FG_LOG_DEBUG 4u

/* Valid from create until destroy returns. Every function may be called from every thread,
 * except arena_alloc: only within the emit or derive call that gave the arena. */
typedef struct fg_host {
  uint32_t struct_size;
  uint32_t minor;      /* the host speaks ABI 1.minor */
  const char* version; /* "flowgauge 0.1.0", for messages */
  /* [any thread] Not from update: the hot path does not log. What a thread of the plugin's own logs is not shown. */
  void (*log)(fg_log_level level, const char* text, size_t size_bytes);
  /* [any thread, within the call that gave the arena] Uninitialised memory for the cells of row
   * `row` of the call, aligned to 8. A feature or derive has FG_ROW_BYTES a row, each piece counted
   * in whole 8 bytes. NULL when that much is not left: the host counts the cut; ask for less, or
   * write nothing. */
  void* (*arena_alloc)(fg_arena* arena, uint32_t row, size_t size_bytes);
#if FG_TARGET_MINOR >= 1
  /* [any thread] What is wrong with the place of a sink, while it is: a condition. `sink` is fg_sink_open.sink. `name`
   * is [a-z0-9_]+, of at most FG_SINK_CONDITIONS names of a sink. `text` is a sentence for people, with the cause; what
   * is longer than FG_CONDITION_BYTES is cut. Said again, the text takes the place of the one before. No text (NULL, or
   * of 0 bytes): it is over, as all are where destroy has returned. Not for each row. What breaks a rule is counted and
   * has no effect. */
  void (*condition)(uint64_t sink, const char* name, const char* text, size_t size_bytes);
#endif
} fg_host;

#if FG_TARGET_MINOR >= 1
#define FG_SINK_CONDITIONS 16u
#define FG_CONDITION_BYTES 512u
#endif

/* ---------------------------------------------------------------- packets */

/* `direction` of a packet; also the index of per-direction arrays. */
#define FG_FORWARD 0u /* sent by the flow's source */
#define FG_BACKWARD 1u

#define FG_MARK_OUT_OF_ORDER 1u   /* older than the flow's newest packet: its gap is 0 */
#define FG_MARK_FIRST_FRAGMENT 2u /* first of several IP fragments, with the transport header */
#define FG_MARK_LATER_FRAGMENT 4u /* has no transport header: ports are its flow's, numbers are 0 */
#define FG_MARK_ICMP 8u           /* icmp_type and icmp_code are there */

/* One packet, with what the flow knew at its arrival. The first 64 bytes are what most features
 * read. Lengths are from the headers, independent of the snap length. Header numbers are in host
 * order; fields of a header the packet does not have are 0. */
typedef struct fg_packet {   /* stepped by fg_batch.packet_stride */
  int64_t time_ns;           /* since the flow's first packet in order of arrival; negative if older */
  uint64_t gap_ns;           /* since the flow's greatest time so far; 0 if first or out of order */
  uint64_t direction_gap_ns; /* the same, in this packet's direction */
  uint64_t flow_index;       /* packets of the flow before this one */
  uint64_t direction_index;  /* the same, in this packet's direction */
  uint32_t ip_length_bytes;
  uint32_t payload_length_bytes;
  uint32_t tcp_seq;
  uint32_t tcp_ack;
  uint16_t l3_header_bytes;
  uint16_t tcp_window;     /* as sent, unscaled */
  uint8_t l4_header_bytes; /* TCP, DCCP data offset x 4 as sent, at most 255; UDP, ICMP 8; SCTP 12; others 0 */
  uint8_t tcp_flags;       /* CWR ECE URG ACK PSH RST SYN FIN, FIN lowest */
  uint8_t direction;       /* FG_FORWARD or FG_BACKWARD */
  uint8_t marks;           /* FG_MARK_... */

  uint8_t ip_protocol; /* IANA number */
  uint8_t ip_version;  /* 4 or 6 */
  uint8_t ttl;         /* or hop limit */
  uint8_t icmp_type;
  uint8_t icmp_code;
  uint8_t reserved[3];
} fg_packet;

/* With FG_NEEDS_KEY. Addresses in network order; IPv4 in the first 4 bytes, the others 0. */
typedef struct fg_key { /* stepped by fg_batch.key_stride, fg_emit.key_stride */
  uint8_t source_address[16];
  uint8_t destination_address[16];
  uint16_t source_port; /* host order, 0 where the protocol has none */
  uint16_t destination_port;
  uint8_t has_mac; /* 0: no Ethernet header; the MACs are 0 */
  uint8_t source_mac[6];
  uint8_t destination_mac[6];
  uint8_t reserved[3];
} fg_key;

/* With FG_NEEDS_TAGS. */
typedef struct fg_tags { /* stepped by fg_batch.tags_stride, fg_emit.tags_stride */
  uint32_t tunnel_id;    /* VNI, key, session, ... (docs/semantics.md 1); 0 if none, see has_tunnel_id */
  uint16_t outer_vlan_id;
  uint16_t inner_vlan_id;
  uint8_t vlan_count;
  uint8_t tunnel_type; /* 0 none, 1 vxlan, 2 geneve, 3 gre, 4 gtpu, 5 teredo, 6 ipip, 7 6in4, 8 4in6, 9 ip6in6,
                          10 erspan, 11 pptp, 12 wccp, 13 l2tp, 14 l2tpv3, 15 etherip, 16 mpls_udp, 17 vxlan_gpe,
                          18 gue, 19 lisp, 20 capwap; later versions add to them */
  uint8_t has_tunnel_id;
  uint8_t reserved;
} fg_tags;

/* With FG_NEEDS_PAYLOAD: the captured payload, at most the bytes that were asked for, as on the wire. */
typedef struct fg_payload { /* stepped by fg_batch.payload_stride */
  const uint8_t* data;
  uint32_t size_bytes;
  uint32_t reserved;
} fg_payload;

#if FG_TARGET_MINOR >= 1
#define FG_FIELD_IP_ID 1u         /* IPv4; of IPv6, fragments */
#define FG_FIELD_DONT_FRAGMENT 2u /* IPv4: the flag is set */
#define FG_FIELD_FLOW_LABEL 4u    /* IPv6 */
#define FG_FIELD_MSS 8u           /* the TCP options: present with the length that the standard says */
#define FG_FIELD_WINDOW_SCALE 16u
#define FG_FIELD_SACK_PERMITTED 32u
#define FG_FIELD_TIMESTAMPS 64u
#define FG_FIELD_OPTIONS_CUT 128u /* the TCP options are not all captured, or their lengths contradict each other */

/* With FG_NEEDS_FIELDS: numbers of the IP and TCP header that not every run computes. In host order; what the packet
 * does not have is 0, and all of it where more than FG_HEADER_BYTES of headers stand before the payload. Columns made
 * from it say class os, of the traffic class class path (docs/columns.md). */
typedef struct fg_fields { /* stepped by fg_batch.fields_stride */
  uint64_t tcp_options;    /* option kind k is there: bit k, of kinds above 62 bit 63 */
  uint32_t ip_id;
  uint32_t flow_label;
  uint32_t tcp_timestamp;
  uint32_t tcp_timestamp_echo;
  uint16_t tcp_mss;
  uint16_t present; /* FG_FIELD_... bits */
  uint8_t tcp_window_scale;
  uint8_t traffic_class; /* DSCP in the upper 6 bits, ECN in the lower 2 */
  uint8_t reserved[2];
} fg_fields;
#define FG_HEADER_BYTES 2048u

/* With FG_NEEDS_HEADERS: from the IP header's first byte to the transport header's last, as captured; empty where that
 * is more than FG_HEADER_BYTES. The IP header has fg_packet.l3_header_bytes. */
typedef struct fg_headers { /* stepped by fg_batch.headers_stride */
  const uint8_t* data;
  uint32_t size_bytes;
  uint32_t reserved;
} fg_headers;
#endif

/* Up to 64 packets in arrival order. A flow may occur several times: go through it in order.
 * The feature's state of packet i lies at records[i] + state_offset. It is all-zero when the flow
 * begins, aligned to state_align, and stays at its address until the flow has been released.
 * Arrays behind a need are NULL without it. */
typedef struct fg_batch {
  uint32_t struct_size;
  uint32_t count;
  const unsigned char* packets;  /* fg_packet */
  unsigned char* const* records; /* [count]: the flow record of each packet */
  uint32_t packet_stride;        /* from one packet to the next, >= packet_size */
  uint32_t packet_size;          /* bytes of fg_packet this host fills in */
  uint32_t state_offset;         /* of the feature being called */
  uint32_t key_stride;
  const unsigned char* keys;     /* fg_key, source and destination of the FLOW; FG_NEEDS_KEY */
  const int64_t* timestamps_ns;  /* [count] since the epoch; FG_NEEDS_TIME */
  const unsigned char* tags;     /* fg_tags; FG_NEEDS_TAGS */
  const unsigned char* payloads; /* fg_payload; FG_NEEDS_PAYLOAD */
  uint32_t tags_stride;
  uint32_t payload_stride;
  uint64_t ring_drops; /* live: packets lost so far where these came through; FG_NO_RING from a file */
#if FG_TARGET_MINOR >= 1
  const unsigned char* fields;  /* fg_fields; FG_NEEDS_FIELDS */
  const unsigned char* headers; /* fg_headers; FG_NEEDS_HEADERS */
  uint32_t fields_stride;
  uint32_t headers_stride;
  /* [count], all 0; NULL unless the feature declares ends. Set ends[i] to 1 + the place of one of them to ask that the
   * flow of packet i ends with this packet (docs/semantics.md 3). */
  uint32_t* ends;
#endif
} fg_batch;
#define FG_NO_RING UINT64_MAX
#define FG_HAS_PACKET(batch, field) \
  ((batch)->packet_size >= offsetof(fg_packet, field) + sizeof(((fg_packet*)0)->field))

/* ---------------------------------------------------------------- flows, for emit */

/* Coarse names that the host makes from addresses and ports (docs/columns.md). They are all a
 * feature without FG_NEEDS_KEY learns of them. Text: fg_flow's fg_string members, static. */
typedef struct fg_flow { /* stepped by fg_emit.flow_stride */
  uint64_t duration_ns;
  uint64_t packets[2]; /* by direction */
  uint64_t bytes[2];   /* IP length, by direction */
  uint8_t ip_version;
  uint8_t ip_protocol;
  uint8_t reserved[6];
  fg_string source_scope; /* loopback link_local private shared multicast broadcast unspecified global */
  fg_string destination_scope;
  fg_string path_locality;     /* multicast loopback link_local private mixed public other */
  fg_string source_port_class; /* well-known registered dynamic */
  fg_string destination_port_class;
  fg_string service_group; /* of the destination port */
  /* By direction, on the scale of fg_packet.time_ns; FG_NEVER in all three where it sent nothing. */
  int64_t first_ns[2]; /* smallest */
  int64_t last_ns[2];  /* greatest */
  int64_t start_ns[2]; /* of the packet that arrived first */
#if FG_TARGET_MINOR >= 1
  /* Class tool: columns made from these say so. */
  uint32_t end_reason;  /* IPFIX flowEndReason: 1 idle, 2 active timeout, 3 end of flow, 4 forced, 5 resources */
  uint32_t is_snapshot; /* 1: the flow lives on, and end_reason is 2 */
  uint64_t segment;     /* 0 for the first, counted up by continuation */
#endif
} fg_flow;

/* Where emit writes. columns[c] holds `row_count` cells of the type that the feature's column c
 * declares. Every column is computed as if the flow ended at its last packet; states do not change:
 * emit also serves snapshots of flows that live on. */
typedef struct fg_emit {
  uint32_t struct_size;
  uint32_t row_count;
  const unsigned char* const* records; /* [row_count]: state at records[r] + state_offset */
  const unsigned char* flows;          /* fg_flow */
  const fg_vector* columns;            /* [the feature's own column count] */
  fg_arena* arena;
  const fg_host* host;
  uint32_t state_offset;
  uint32_t flow_stride;
  const unsigned char* keys;    /* fg_key; FG_NEEDS_KEY */
  const int64_t* first_seen_ns; /* [row_count] since the epoch; FG_NEEDS_TIME */
  const unsigned char* tags;    /* fg_tags; FG_NEEDS_TAGS */
  uint32_t key_stride;
  uint32_t tags_stride;
} fg_emit;

/* `count` flows whose records end now, for release. */
typedef struct fg_flows {
  uint32_t struct_size;
  uint32_t count;
  unsigned char* const* records;
  uint32_t state_offset;
  uint32_t reserved;
} fg_flows;

/* ---------------------------------------------------------------- feature */

typedef uint32_t fg_status; /* returned by what can fail; the text goes to fg_host.log first */
#define FG_OK 1u
#define FG_ERROR 2u /* the run stops with an error: rows are never silently wrong */

/* What a feature wants to see beyond fg_packet and fg_flow. Under a profile that excludes any of the
 * classes that one of its needs gives away, the feature has no columns. */
typedef uint64_t fg_needs;
#define FG_NEEDS_NOTHING 0u
#define FG_NEEDS_KEY (1u << 0)     /* addresses, ports, MACs: classes identity and port */
#define FG_NEEDS_TIME (1u << 1)    /* absolute time: class time */
#define FG_NEEDS_TAGS (1u << 2)    /* VLAN ids and tunnel: class path */
#define FG_NEEDS_PAYLOAD (1u << 3) /* payload_bytes of fg_feature says how many: class identity */
#if FG_TARGET_MINOR >= 1
#define FG_NEEDS_FIELDS (1u << 4)  /* fg_fields: columns say what they give away, as with fg_packet */
#define FG_NEEDS_HEADERS (1u << 5) /* raw IP and transport headers: classes identity, port, os and path */
#endif

#if FG_TARGET_MINOR >= 1
/* Why a feature may end a flow: fg_batch.ends. */
typedef struct fg_end { /* stepped by stride */
  const char* name;     /* [a-z0-9_]+; flow.end_reason_text is "FEATURE: NAME" */
  const char* doc;      /* one sentence */
} fg_end;

/* The value of an option that is a list: the member of the option's declared type. */
typedef union fg_list_value {
  fg_list_u64 u64;
  fg_list_i64 i64;
  fg_list_f64 f64;
  fg_list_string string;
} fg_list_value;

/* Packets that a feature is shown: those of flows of `ip_protocol` with `port` at either end. */
typedef struct fg_packet_filter { /* stepped by stride */
  uint8_t ip_protocol;            /* IANA number, of the flow; 0: any */
  uint8_t reserved;
  uint16_t port; /* of the flow; 0: any. The feature's columns reveal class port then */
} fg_packet_filter;

/* What an instance of a feature counts over all its flows, for the run's report, not for rows. */
typedef struct fg_counter { /* stepped by stride */
  const char* name;         /* [a-z0-9_]+ */
  const char* doc;          /* one sentence */
  fg_unit unit;
  uint32_t reserved;
} fg_counter;
#endif

typedef struct fg_create {
  uint32_t struct_size;
  uint32_t worker;         /* 0, 1, ...: which of the instances this is */
  const fg_host* host;     /* may be kept until destroy returns */
  const fg_value* options; /* in the declared order, checked against the declaration */
#if FG_TARGET_MINOR >= 1
  const char* module_path; /* the plugin's file, as found: absolute */
  const char* data_dir;    /* the folder that it lies in, for files that come with it: absolute, no '/' at its end */
  const fg_list_value* option_lists; /* in the declared order; of options that are no list empty */
#endif
} fg_create;

typedef struct fg_feature {
  uint32_t struct_size;
  uint32_t state_size;    /* bytes per flow; 0 is allowed */
  uint32_t state_align;   /* a power of two, at most 64 */
  uint32_t payload_bytes; /* with FG_NEEDS_PAYLOAD: how many of a packet's first payload bytes */
  fg_needs needs;
  const char* name; /* [a-z0-9_]+ */
  const char* version;
  const char* doc;
  fg_array columns; /* fg_column, at least one */
  fg_array options; /* fg_option */

  /* Each is there, but release and count. A run whose tables use none of the columns calls none of them. */
  /* [once, before threads] FG_ERROR stops the start. *instance may be NULL where the feature keeps nothing. */
  fg_status (*create)(const fg_create* create, void** instance);
  /* [once, after threads] */
  void (*destroy)(void* instance);
  /* [worker] Hot. Reads packets, writes states. */
  fg_status (*update)(void* instance, const fg_batch* batch);
  /* [worker] Reads states, writes cells. Also called for flows that live on (snapshots). */
  fg_status (*emit)(void* instance, const fg_emit* emit);
  /* [worker] NULL unless the state owns memory. Once per flow, after its last emit; frees, no more. */
  void (*release)(void* instance, const fg_flows* flows);
#if FG_TARGET_MINOR >= 1
  fg_array ends;           /* fg_end */
  fg_array packet_filters; /* fg_packet_filter: update is shown what fits one of them; none: every packet */
  fg_array counters;       /* fg_counter */
  /* [worker] Writes the counters' values so far, in the declared order; NULL without counters. Between batches, and
   * before destroy. */
  void (*count)(void* instance, uint64_t* values);
#endif
} fg_feature;

/* ---------------------------------------------------------------- schema (exporter) */

/* Which form of the schema an entry belongs to: the full one, or the one a profile with excluded
 * classes gets. Entries whose classes are excluded are left out of the clean form by the host. */
typedef uint32_t fg_when;
#define FG_WHEN_BOTH 1u
#define FG_WHEN_FULL 2u
#define FG_WHEN_CLEAN 3u

typedef uint32_t fg_schema_column_flags;
#define FG_REQUIRED 1u /* a profile that excludes this entry's classes cannot use the schema */

typedef struct fg_schema_column { /* stepped by stride */
  const char* name;               /* as it stands in the output's header */
  const char* expression;         /* over column names: "us(iat.fwd.mean)" (docs/writing-a-schema.md) */
  fg_type type;                   /* FG_U64, FG_I64, FG_F64, FG_BOOL, FG_STRING or a list */
  fg_unit unit;
  fg_when when;
  fg_schema_column_flags flags;
  const char* only_if; /* NULL: always. "gaps=fill": where the schema's option has that value, as text */
} fg_schema_column;

/* A column that a derive reads. The host refuses the schema or derived feature where the column has another type. */
typedef struct fg_input { /* stepped by stride */
  const char* name;       /* full: "tcp_flags.fwd_syn"; a series as a whole: "iat.fwd" */
  fg_type type;           /* FG_I64 for a column of type FG_TIME: absolute when it is read here */
  uint32_t reserved;
} fg_input;

/* What one derive call reads and writes. inputs[i] and outputs[i] hold `row_count` cells in the
 * declared types; an output's cells are NULL if nobody wants it. */
typedef struct fg_derive_call {
  uint32_t struct_size;
  uint32_t row_count;
  const fg_vector* inputs; /* in the declared order, all of them there */
  const fg_vector* outputs;
  fg_arena* arena;
  const fg_host* host;
} fg_derive_call;

/* Code for what an expression cannot say. Its outputs may stand in expressions as SCHEMA.NAME, those of a derived
 * feature as FEATURE.NAME.
 * It gets its declared inputs alone. Each output reveals what any input reveals, whatever it
 * declares itself (`reveals` only adds): where outputs need different inputs, write two derives.
 * Stateless: any thread. */
typedef struct fg_derive {
  uint32_t struct_size;
  uint32_t reserved;
  fg_array inputs;  /* fg_input */
  fg_array outputs; /* fg_column; not FG_SERIES, not FG_TIME */
  /* [any thread] */
  fg_status (*derive)(const fg_derive_call* call);
} fg_derive;

typedef struct fg_schema {
  uint32_t struct_size;
  uint32_t derive_count;
  const char* name; /* [a-z0-9_]+ */
  const char* version;
  const char* doc;
  fg_array columns; /* fg_schema_column, in output order */
  const fg_derive* const* derives;
  fg_array options; /* fg_option, for only_if */
} fg_schema;

/* ---------------------------------------------------------------- derived feature */

#if FG_TARGET_MINOR >= 1
/* Columns made of other features' columns, row by row, after emit: derives whose outputs stand in every table as
 * FEATURE.NAME. It keeps no state and has no options. Inputs are columns of features that see packets. */
typedef struct fg_derived {
  uint32_t struct_size;
  uint32_t derive_count;
  const char* name; /* [a-z0-9_]+ */
  const char* version;
  const char* doc;
  const fg_derive* const* derives;
} fg_derived;
#endif

/* ---------------------------------------------------------------- sink */

#if FG_TARGET_MINOR >= 1
/* The structs of the Arrow C data interface, as their specification has them, with its guard: other headers may declare
 * them too. https://arrow.apache.org/docs/format/CDataInterface.html */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

/* Where the rows of a table go. A table is a struct array: each of its fields is a column, int64 ("l"), float64 ("g"),
 * bool ("b") or utf8 ("u"), any cell of which may be null. Field metadata: flowgauge.unit, .classes, .role,
 * .expression, .definition; of absolute times .time: ns, us, ms or s since the epoch, or text. A sink whose name is
 * NAME takes the files whose names end in ".NAME". */
typedef uint32_t fg_place;
#define FG_PLACE_FILE \
  1u /* the host opens a file, pipe or device: PATH.part, its renaming and what is there are its own */
#define FG_PLACE_OWN 2u /* the sink opens its place by its path: a table of a database, a topic */

/* What a sink takes beyond those types. Where a table has a column that its sink does not take, the run is refused. */
typedef uint64_t fg_takes;
#define FG_TAKES_NO_MORE 0u
#define FG_TAKES_UNSIGNED (1u << 0) /* FG_U64 is uint64 ("L"); else int64, and what does not fit is null and counted */
#define FG_TAKES_LISTS (1u << 1)    /* "+l" of the types above */

typedef uint32_t fg_open_flags;
#define FG_OPEN_LIVE 1u    /* the rows are of a live run: flush is called a few times a second */
#define FG_OPEN_REPLACE 2u /* of FG_PLACE_OWN: what is there may be replaced; else its rows stay as they are */

typedef struct fg_sink_open {
  uint32_t struct_size;
  fg_open_flags flags;
  const fg_host* host;              /* may be kept until destroy returns */
  const char* path;                 /* as the user wrote it, "-" for standard output; of FG_PLACE_OWN: the place */
  const struct ArrowSchema* schema; /* the host's, until destroy returns */
  const fg_value* options;          /* in the declared order, checked against the declaration */
  const fg_list_value* option_lists;
  const char* module_path; /* as in fg_create */
  const char* data_dir;
  int32_t file_descriptor; /* of FG_PLACE_FILE: to write to, empty or a stream. The host's: not to be closed. Else -1 */
  uint32_t reserved;
  uint64_t sink; /* this one, for fg_host.condition */
} fg_sink_open;

/* What became of the rows that were handed over, filled in by each call. Counts never fall; together they are at most
 * the rows that were handed over, and after a whole finish all of them. */
typedef struct fg_sink_state {
  uint32_t struct_size;
  uint32_t is_closed;    /* 1: whoever read the rows went away; the run ends quietly */
  uint64_t rows_certain; /* are where they belong, whatever happens next */
  uint64_t rows_failed;  /* will never be; the run fails at its end, and says how many */
} fg_sink_state;

typedef uint32_t fg_finish;
#define FG_FINISH_COMPLETE 1u /* the table is whole */
#define FG_FINISH_PARTIAL 2u  /* the run failed or was interrupted: the rows so far shall be readable */
#define FG_FINISH_DISCARD 3u  /* no row has come, and none shall be left */

typedef struct fg_sink_finish {
  uint32_t struct_size;
  fg_finish how;
  const char* account; /* a JSON object, as of PATH.meta.json (docs/table-metadata.md): columns, versions, ledger */
} fg_sink_finish;

typedef struct fg_sink {
  uint32_t struct_size;
  fg_place place;
  fg_takes takes;
  const char* name; /* [a-z0-9_]+: the end of file names, and `format` in a profile */
  const char* version;
  const char* doc;
  fg_array options;    /* fg_option, lists too */
  uint32_t batch_rows; /* of a batch, 1 to 65536; 0: 8192. The last may have less, those of a live run too */
  uint32_t reserved;

  /* Each is there, but flush. */
  /* [once, before threads] FG_ERROR stops the start. */
  fg_status (*open)(const fg_sink_open* open, void** instance);
  /* [sink] The sink may take the batch: it copies the struct, sets batch->release to NULL, and calls the copy's release
   * before destroy returns. What it leaves there the host releases. Buffers are read-only. It may block as long as its
   * place does: the run waits. */
  fg_status (*write)(void* instance, struct ArrowArray* batch, fg_sink_state* state);
  /* [sink] What was handed over reaches its place, as far as that is possible within so much time. NULL: cannot. */
  fg_status (*flush)(void* instance, uint64_t time_ns, fg_sink_state* state);
  /* [sink] Once, the last but destroy. After an FG_ERROR always FG_FINISH_PARTIAL. */
  fg_status (*finish)(void* instance, const fg_sink_finish* finish, fg_sink_state* state);
  /* [sink] */
  void (*destroy)(void* instance);
} fg_sink;
#endif

/* ---------------------------------------------------------------- module: the entry */

typedef struct fg_module {
  uint32_t struct_size;
  uint32_t min_host_minor; /* at fixed offset 4 in every major version: read before all else */
  uint32_t built_minor;    /* FG_ABI_MINOR of the header it was compiled with; for messages and the conformance check */
  uint32_t feature_count;
  uint32_t schema_count;
  uint32_t reserved;
  const char* name;    /* [a-z0-9_]+ */
  const char* version; /* of the module, free text */
  const char* licence; /* SPDX expression */
  const fg_feature* const* features;
  const fg_schema* const* schemas;
#if FG_TARGET_MINOR >= 1
  const char* vendor;  /* who made it; NULL: not said. So of the next two */
  const char* url;     /* where it is described */
  const char* support; /* where to ask: an address, a page */
  const fg_derived* const* derived;
  uint64_t derived_count;
  const fg_sink* const* sinks;
  uint64_t sink_count;
#endif
} fg_module;

#define FG_MODULE_SYMBOL "fg_module_v1"
#if defined(__GNUC__)
#define FG_EXPORT __attribute__((visibility("default")))
#else
#define FG_EXPORT
#endif

extern FG_EXPORT const fg_module fg_module_v1;

#if defined(__cplusplus)
}
#endif
#endif
