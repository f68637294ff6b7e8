/* Test schema `services`: which service group the host gives a port. */
#include <flowgauge/plugin.h>

static const fg_schema_column columns[] = {
    {"port", "flow.dst_port", FG_U64, FG_UNIT_NONE, FG_WHEN_FULL, 0, NULL},
    {"protocol", "flow.protocol", FG_U64, FG_UNIT_NONE, FG_WHEN_BOTH, 0, NULL},
    {"service_group", "endpoint.service_group", FG_STRING, FG_UNIT_NONE, FG_WHEN_BOTH, 0, NULL},
};

static const fg_schema services = {
    .struct_size = sizeof(fg_schema),
    .name = "services",
    .version = "1",
    .doc = "Destination ports and their service groups",
    .columns = FG_ARRAY(columns),
};

static const fg_schema* const schemas[] = {&services};

const fg_module fg_module_v1 = {
    .struct_size = sizeof(fg_module),
    .min_host_minor = FG_TARGET_MINOR,
    .built_minor = FG_ABI_MINOR,
    .schema_count = 1,
    .name = "services",
    .version = "1",
    .licence = "Apache-2.0",
    .schemas = schemas,
};
