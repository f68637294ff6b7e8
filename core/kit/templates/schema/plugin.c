/* @NAME@: a table with the lengths of a flow's packets. C99, without the C++ SDK. */
#include <flowgauge/plugin.h>

/* What an expression cannot say is code over declared inputs: a name for flows by the length of their packets. */
static const fg_input inputs[] = {{"packet_length.flow", FG_SERIES, 0}};
static const fg_column outputs[] = {
    {"kind", "equal, small or mixed", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0},
};
enum { SMALL_BYTES = 100 };

static fg_status derive(const fg_derive_call* call) {
  const fg_series* lengths = (const fg_series*)call->inputs[0].cells;
  fg_string* kind = (fg_string*)call->outputs[0].cells; /* NULL: nobody wants the column */
  const fg_string equal = {"equal", 5}, small = {"small", 5}, mixed = {"mixed", 5};
  uint32_t row;
  for (row = 0; kind != NULL && row < call->row_count; ++row) {
    kind[row] = lengths[row].max <= SMALL_BYTES ? small : mixed;
    if (lengths[row].min == lengths[row].max) kind[row] = equal;
  }
  return FG_OK;
}

static const fg_derive kind = {sizeof(fg_derive), 0, FG_ARRAY(inputs), FG_ARRAY(outputs), derive};
static const fg_derive* const derives[] = {&kind};

/* Name in the header, expression, type, unit. New columns are added at the end. */
static const fg_schema_column columns[] = {
    {"protocol", "flow.protocol", FG_U64, FG_UNIT_NONE, FG_WHEN_BOTH, 0, NULL},
    {"packets", "packet_length.flow.count", FG_U64, FG_UNIT_PACKETS, FG_WHEN_BOTH, 0, NULL},
    {"bytes", "packet_length.flow.total", FG_U64, FG_UNIT_BYTES, FG_WHEN_BOTH, 0, NULL},
    {"mean_bytes", "packet_length.flow.mean", FG_F64, FG_UNIT_BYTES, FG_WHEN_BOTH, 0, NULL},
    {"kind", "@NAME@.kind", FG_STRING, FG_UNIT_NONE, FG_WHEN_BOTH, 0, NULL},
};

static const fg_schema schema = {
    .struct_size = sizeof(fg_schema),
    .derive_count = 1,
    .name = "@NAME@",
    .version = "0.1",
    .doc = "Lengths of a flow's packets.",
    .columns = FG_ARRAY(columns),
    .derives = derives,
    .options = FG_NO_ARRAY,
};

static const fg_schema* const schemas[] = {&schema};

const fg_module fg_module_v1 = {
    .struct_size = sizeof(fg_module),
    .min_host_minor = FG_TARGET_MINOR,
    .built_minor = FG_ABI_MINOR,
    .schema_count = 1,
    .name = "@NAME@",
    .version = "0.1",
    .licence = "@LICENCE@",
    .schemas = schemas,
};
