/* Test schema `canonical`: every column that exists, under its own name, so that whole tables can be
 * compared with the oracle cell by cell. Written in plain C over the ABI header, without the SDK. */
#include <flowgauge/plugin.h>

/* An output column named like the column it shows. */
#define COLUMN(name, type, unit) \
  { name, name, type, unit, FG_WHEN_BOTH, 0 }
#define TEXT(name) COLUMN(name, FG_STRING, FG_UNIT_NONE)
#define NUMBER(name) COLUMN(name, FG_U64, FG_UNIT_NONE)
#define MARK(name) COLUMN(name, FG_BOOL, FG_UNIT_NONE)
#define PACKETS(name) COLUMN(name, FG_U64, FG_UNIT_PACKETS)
#define MOMENT(name) COLUMN(name, FG_I64, FG_UNIT_NS)
#define SPAN(name) COLUMN(name, FG_U64, FG_UNIT_NS)

/* A series is opened into its six members. */
#define SERIES(name, unit)                                                                                      \
  COLUMN(name ".count", FG_U64, FG_UNIT_COUNT), COLUMN(name ".total", FG_U64, unit),                            \
      COLUMN(name ".mean", FG_F64, unit), COLUMN(name ".std", FG_F64, unit), COLUMN(name ".max", FG_U64, unit), \
      COLUMN(name ".min", FG_U64, unit)

#define FLAGS(of)                                                                                        \
  PACKETS("tcp_flags." of "_fin"), PACKETS("tcp_flags." of "_syn"), PACKETS("tcp_flags." of "_rst"),     \
      PACKETS("tcp_flags." of "_psh"), PACKETS("tcp_flags." of "_ack"), PACKETS("tcp_flags." of "_urg"), \
      PACKETS("tcp_flags." of "_cwr"), PACKETS("tcp_flags." of "_ece")

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
};

static const fg_schema canonical = {
    sizeof(fg_schema), 0, "canonical", "1", "Every column under its own name", FG_ARRAY(columns), NULL,
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
