/* Test schema `canonical`: every column that exists, under its own name, so that whole tables can be
 * compared with the oracle cell by cell. Written in plain C over the ABI header, without the SDK. */
#include <flowgauge/plugin.h>

/* An output column named like the column it shows. */
#define COLUMN(name, type, unit) \
  { name, name, type, unit, FG_WHEN_BOTH, 0, NULL }
#define TEXT(name) COLUMN(name, FG_STRING, FG_UNIT_NONE)
#define NUMBER(name) COLUMN(name, FG_U64, FG_UNIT_NONE)
#define MARK(name) COLUMN(name, FG_BOOL, FG_UNIT_NONE)
#define PACKETS(name) COLUMN(name, FG_U64, FG_UNIT_PACKETS)
#define MOMENT(name) COLUMN(name, FG_I64, FG_UNIT_NS)
#define SPAN(name) COLUMN(name, FG_U64, FG_UNIT_NS)
#define LIST(name, unit) COLUMN(name, FG_LIST_U64, unit)

/* A series is opened into its six members. */
#define SERIES(name, unit)                                                                                      \
  COLUMN(name ".count", FG_U64, FG_UNIT_COUNT), COLUMN(name ".total", FG_U64, unit),                            \
      COLUMN(name ".mean", FG_F64, unit), COLUMN(name ".std", FG_F64, unit), COLUMN(name ".max", FG_U64, unit), \
      COLUMN(name ".min", FG_U64, unit)

#define FLAGS(of)                                                                                        \
  PACKETS("tcp_flags." of "_fin"), PACKETS("tcp_flags." of "_syn"), PACKETS("tcp_flags." of "_rst"),     \
      PACKETS("tcp_flags." of "_psh"), PACKETS("tcp_flags." of "_ack"), PACKETS("tcp_flags." of "_urg"), \
      PACKETS("tcp_flags." of "_cwr"), PACKETS("tcp_flags." of "_ece")

#define BULKS(of)                                                                                              \
  COLUMN("bulk." of "_count", FG_U64, FG_UNIT_COUNT), COLUMN("bulk." of "_rate", FG_F64, FG_UNIT_BYTES_PER_S), \
      SERIES("bulk." of "_packets", FG_UNIT_PACKETS), SERIES("bulk." of "_bytes", FG_UNIT_BYTES),              \
      SERIES("bulk." of "_duration", FG_UNIT_NS)

#define SIZE_BINS(of)                                                                                               \
  PACKETS("size_bins." of "up_to_128"), PACKETS("size_bins." of "up_to_256"), PACKETS("size_bins." of "up_to_512"), \
      PACKETS("size_bins." of "up_to_1024"), PACKETS("size_bins." of "up_to_1514"),                                 \
      PACKETS("size_bins." of "above_1514")

static const fg_schema_column columns[] = {
    TEXT("flow.id"),
    TEXT("flow.community_id"),
    TEXT("flow.src_ip"),
    TEXT("flow.dst_ip"),
    NUMBER("flow.src_port"),
    NUMBER("flow.dst_port"),
    NUMBER("flow.protocol"),
    NUMBER("flow.ip_version"),
    TEXT("flow.src_mac"),
    TEXT("flow.dst_mac"),
    TEXT("flow.outer_src_ip"),
    TEXT("flow.outer_dst_ip"),
    NUMBER("flow.vlan_id"),
    NUMBER("flow.inner_vlan_id"),
    TEXT("flow.tunnel_type"),
    NUMBER("flow.tunnel_id"),
    MOMENT("flow.first_seen"),
    MOMENT("flow.last_seen"),
    SPAN("flow.duration"),
    NUMBER("flow.end_reason"),
    TEXT("flow.end_reason_text"),
    NUMBER("flow.segment"),
    MARK("flow.snapshot"),
    TEXT("flow.direction_basis"),
    MARK("flow.tcp_handshake_completed"),
    MARK("flow.tcp_reset_before_handshake"),
    MARK("flow.tcp_reset_after_handshake"),
    TEXT("flow.tcp_close_style"),
    PACKETS("flow.out_of_order_packets"),
    PACKETS("flow.fragment_packets"),
    TEXT("endpoint.src_scope"),
    TEXT("endpoint.dst_scope"),
    TEXT("endpoint.path_locality"),
    TEXT("endpoint.src_port_class"),
    TEXT("endpoint.dst_port_class"),
    TEXT("endpoint.service_group"),
    MOMENT("timing.fwd_first"),
    MOMENT("timing.fwd_last"),
    SPAN("timing.fwd_duration"),
    MOMENT("timing.bwd_first"),
    MOMENT("timing.bwd_last"),
    SPAN("timing.bwd_duration"),
    SERIES("iat.iat", FG_UNIT_NS),
    SERIES("iat.fwd", FG_UNIT_NS),
    SERIES("iat.bwd", FG_UNIT_NS),
    SERIES("packet_length.flow", FG_UNIT_BYTES),
    SERIES("packet_length.fwd", FG_UNIT_BYTES),
    SERIES("packet_length.bwd", FG_UNIT_BYTES),
    FLAGS("fwd"),
    FLAGS("bwd"),
    FLAGS("all"),
    TEXT("tcp_flags.text"),
    SERIES("header_length.flow", FG_UNIT_BYTES),
    SERIES("header_length.fwd", FG_UNIT_BYTES),
    SERIES("header_length.bwd", FG_UNIT_BYTES),
    SERIES("payload_length.flow", FG_UNIT_BYTES),
    SERIES("payload_length.fwd", FG_UNIT_BYTES),
    SERIES("payload_length.bwd", FG_UNIT_BYTES),
    PACKETS("payload_length.fwd_packets"),
    PACKETS("payload_length.bwd_packets"),
    SERIES("window_size.flow", FG_UNIT_NONE),
    SERIES("window_size.fwd", FG_UNIT_NONE),
    SERIES("window_size.bwd", FG_UNIT_NONE),
    NUMBER("window_size.fwd_init"),
    NUMBER("window_size.bwd_init"),
    SERIES("ttl.flow", FG_UNIT_NONE),
    SERIES("ttl.fwd", FG_UNIT_NONE),
    SERIES("ttl.bwd", FG_UNIT_NONE),
    PACKETS("ttl.fwd_changes"),
    PACKETS("ttl.bwd_changes"),
    BULKS("fwd"),
    BULKS("bwd"),
    COLUMN("subflow.count", FG_U64, FG_UNIT_COUNT),
    SERIES("active_idle.active", FG_UNIT_NS),
    SERIES("active_idle.idle", FG_UNIT_NS),
    COLUMN("icmp.type", FG_I64, FG_UNIT_NONE),
    COLUMN("icmp.code", FG_I64, FG_UNIT_NONE),
    PACKETS("icmp.echo_request"),
    PACKETS("icmp.echo_reply"),
    PACKETS("icmp.error"),
    PACKETS("icmp.destination_unreachable"),
    PACKETS("retransmission.fwd"),
    PACKETS("retransmission.bwd"),
    PACKETS("tcp_quality.fwd_duplicate_ack"),
    PACKETS("tcp_quality.fwd_zero_window"),
    PACKETS("tcp_quality.bwd_duplicate_ack"),
    PACKETS("tcp_quality.bwd_zero_window"),
    PACKETS("tcp_quality.fwd_keep_alives"),
    PACKETS("tcp_quality.bwd_keep_alives"),
    SIZE_BINS(""),
    SIZE_BINS("fwd_"),
    SIZE_BINS("bwd_"),
    COLUMN("retransmission_bytes.fwd", FG_U64, FG_UNIT_BYTES),
    COLUMN("retransmission_bytes.bwd", FG_U64, FG_UNIT_BYTES),
    LIST("first_packets.lengths", FG_UNIT_BYTES),
    LIST("first_packets.payload_lengths", FG_UNIT_BYTES),
    LIST("first_packets.gaps", FG_UNIT_NS),
    LIST("first_packets.gaps_ms", FG_UNIT_MS),
    COLUMN("first_packets.directions", FG_LIST_I64, FG_UNIT_NONE),
    LIST("first_packets.tcp_flags", FG_UNIT_NONE),
    LIST("first_packets.psh", FG_UNIT_NONE),
    SPAN("first_packets.duration"),
    PACKETS("first_packets.turns"),
    LIST("packet_histograms.fwd_payload", FG_UNIT_PACKETS),
    LIST("packet_histograms.bwd_payload", FG_UNIT_PACKETS),
    LIST("packet_histograms.fwd_gaps", FG_UNIT_COUNT),
    LIST("packet_histograms.bwd_gaps", FG_UNIT_COUNT),
};

static const fg_schema canonical = {
    sizeof(fg_schema), 0, "canonical", "1", "Every column under its own name", FG_ARRAY(columns), NULL, FG_NO_ARRAY,
};

static const fg_schema* const schemas[] = {&canonical};

const fg_module fg_module_v1 = {
    .struct_size = sizeof(fg_module),
    .min_host_minor = FG_TARGET_MINOR,
    .built_minor = FG_ABI_MINOR,
    .schema_count = 1,
    .name = "canonical",
    .version = "1",
    .licence = "Apache-2.0",
    .schemas = schemas,
};
