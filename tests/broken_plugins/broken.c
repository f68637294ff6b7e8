/* A plugin with exactly one thing wrong: -DBREAK=wrong_NAME. refusals.tsv and failures.tsv list the names and what the
 * host says. With wrong_nothing it is a good plugin, which the tests change and damage as files. */
#include <stdint.h>
#include <stdlib.h>

#define FG_TARGET_MINOR 1
#include "flowgauge/plugin.h"

enum wrong {
  wrong_nothing,
  wrong_sysv_hash,    /* nothing wrong either: only the linker's hash table differs */
  wrong_beside,       /* nor here: it needs a library that lies beside it */
  wrong_load_flushes, /* nor here: its constructor does what -ffast-math links */
  /* entry */
  wrong_major,
  wrong_entry_missing,
  wrong_entry_function,
  wrong_entry_without_contents,
  wrong_entry_changes,
  wrong_newer_minor,
  wrong_executable_stack,
  wrong_undefined_symbol,
  wrong_missing_dependency,
  /* module */
  wrong_module_small,
  wrong_module_large,
  wrong_module_cut,
  wrong_module_no_name,
  wrong_module_name,
  wrong_module_version,
  wrong_module_licence,
  wrong_module_vendor,
  wrong_module_url,
  wrong_module_support,
  wrong_module_empty,
  wrong_features_null,
  wrong_features_many,
  wrong_schemas_null,
  wrong_schemas_many,
  /* feature */
  wrong_feature_null,
  wrong_feature_twice,
  wrong_feature_often,
  wrong_feature_small,
  wrong_feature_cut,
  wrong_feature_no_name,
  wrong_feature_name,
  wrong_feature_version,
  wrong_feature_doc,
  wrong_state_align_zero,
  wrong_state_align_odd,
  wrong_state_align_large,
  wrong_state_large,
  wrong_needs,
  wrong_payload_zero,
  wrong_payload_large,
  wrong_payload_without_need,
  wrong_no_create,
  wrong_no_destroy,
  wrong_no_update,
  wrong_no_emit,
  wrong_columns_none,
  wrong_columns_null,
  wrong_columns_many,
  wrong_columns_stride,
  wrong_columns_cut,
  wrong_options_null,
  wrong_options_many,
  wrong_options_stride,
  /* column */
  wrong_column_no_name,
  wrong_column_name,
  wrong_column_name_long,
  wrong_column_doc,
  wrong_column_type,
  wrong_column_unit,
  wrong_column_class,
  wrong_column_extremes_class,
  wrong_column_extremes,
  wrong_column_flags,
  wrong_column_source,
  wrong_features_wild,
  wrong_feature_wild,
  wrong_columns_wild,
  wrong_columns_beyond,
  wrong_doc_wild,
  wrong_name_wild,
  wrong_default_wild,
  wrong_entries_wild,
  wrong_derives_wild,
  wrong_entry_controls,
  wrong_entry_not_utf8,
  wrong_entry_long,
  wrong_expression_bytes,
  wrong_texts_for_terminals, /* nothing wrong: what is shown of them steers no terminal */
  wrong_column_twice,
  /* option */
  wrong_option_no_name,
  wrong_option_name,
  wrong_option_doc,
  wrong_option_type,
  wrong_option_unit,
  wrong_option_default,
  wrong_option_twice,
  wrong_option_minimum,
  wrong_option_maximum,
  wrong_option_range,
  wrong_option_default_below,
  wrong_option_default_above,
  wrong_option_minimum_of_text,
  wrong_option_choices_of_number,
  wrong_option_choices_null,
  wrong_option_choices_many,
  wrong_option_choices_uncounted,
  wrong_option_choices_wild,
  wrong_option_choice_null,
  wrong_option_choice_empty,
  wrong_option_choice_twice,
  wrong_option_choice_controls,
  wrong_option_choice_not_utf8,
  wrong_option_default_no_choice,
  wrong_option_list_default,
  wrong_option_list_empty_item,
  wrong_option_list_above,
  wrong_ends_null,
  wrong_end_name,
  wrong_end_doc,
  wrong_end_twice,
  wrong_counters_null,
  wrong_counters_stride,
  wrong_counter_name,
  wrong_counter_doc,
  wrong_counter_unit,
  wrong_counter_reserved,
  wrong_counter_twice,
  wrong_counters_without_count,
  wrong_count_without_counters,
  wrong_filters_null,
  wrong_filters_stride,
  wrong_filter_reserved,
  wrong_filter_of_all,
  wrong_filter_port,
  wrong_filter_twice,
  /* schema */
  wrong_schema_null,
  wrong_schema_twice,
  wrong_schema_small,
  wrong_schema_name,
  wrong_schema_version,
  wrong_schema_doc,
  wrong_entries_none,
  wrong_entries_null,
  wrong_entries_stride,
  wrong_entry_name,
  wrong_entry_expression,
  wrong_entry_type,
  wrong_entry_unit,
  wrong_entry_when,
  wrong_entry_flags,
  wrong_entry_twice,
  wrong_only_if_form,
  wrong_only_if_empty,
  wrong_only_if_option,
  wrong_only_if_value,
  wrong_only_if_twice,
  wrong_schema_options_null,
  wrong_schema_options_stride,
  wrong_schema_option_name,
  wrong_schema_option_default,
  wrong_schema_option_twice,
  wrong_schema_option_list,
  wrong_only_if_beyond,
  wrong_derives_null,
  wrong_derives_many,
  /* derive */
  wrong_derive_null,
  wrong_derive_small,
  wrong_derive_function,
  wrong_inputs_null,
  wrong_inputs_stride,
  wrong_input_name,
  wrong_input_type,
  wrong_input_time,
  wrong_outputs_none,
  wrong_outputs_stride,
  wrong_output_name,
  wrong_output_series,
  wrong_output_twice,
  /* derived feature */
  wrong_derived_null,
  wrong_derived_many,
  wrong_derived_wild,
  wrong_derived_item_null,
  wrong_derived_item_wild,
  wrong_derived_small,
  wrong_derived_no_name,
  wrong_derived_name,
  wrong_derived_version,
  wrong_derived_doc,
  wrong_derived_no_derives,
  wrong_derived_derives_null,
  wrong_derived_derive_null,
  wrong_derived_output_time,
  wrong_derived_output_twice,
  wrong_derived_input_name,
  wrong_derived_input_twice,
  wrong_derived_reads_itself,
  wrong_derived_twice,
  wrong_derived_as_feature,
  /* sink */
  wrong_sinks_null,
  wrong_sinks_many,
  wrong_sinks_wild,
  wrong_sink_item_null,
  wrong_sink_item_wild,
  wrong_sink_small,
  wrong_sink_no_name,
  wrong_sink_name,
  wrong_sink_taken_name,
  wrong_sink_version,
  wrong_sink_doc,
  wrong_sink_place,
  wrong_sink_takes,
  wrong_sink_batch_rows,
  wrong_sink_options_null,
  wrong_sink_options_stride,
  wrong_sink_option_name,
  wrong_sink_option_default,
  wrong_sink_option_twice,
  wrong_sink_no_open,
  wrong_sink_no_write,
  wrong_sink_no_finish,
  wrong_sink_no_destroy,
  wrong_sink_twice,
  /* fails while it is loaded */
  wrong_load_crashes,
  wrong_load_loops,
  /* loads, but fails when it is called */
  wrong_create_refuses,
  wrong_create_refuses_silently,
  wrong_create_crashes,
  wrong_create_exits,
  wrong_create_loops,
  wrong_destroy_crashes,
  wrong_update_fails,
  wrong_emit_fails,
  /* leaves the processor's floating-point state changed */
  wrong_create_flushes,
  wrong_update_rounds,
  wrong_update_rounds_and_fails,
  wrong_update_traps,
  wrong_emit_rounds,
  wrong_release_rounds
};
#define WILD(type) ((const type*)(uintptr_t)0x5a5a5a5a5a50u)
#define IF(name, wrong, right) (BREAK == wrong_##name ? (wrong) : (right))

#define TEN(text) text text text text text text text text text text
static const char long_doc[] = TEN(TEN(TEN("Ten bytes.")));
#define LONG_ENTRY TEN("An entry of twenty-six byt")
#define UNKNOWN_BIT (1u << 20)
#define LONG_NAME "a_name_of_sixty_five_letters_is_one_letter_longer_than_the_host_t"

/* Bits of MXCSR (x86-64) and FPCR (aarch64). */
#if defined(__aarch64__)
#define ROUND_UP (1ul << 22)
#define FLUSH_TO_ZERO (1ul << 24)
#define TRAP_INEXACT (1ul << 12)
#else
#define ROUND_UP 0x4000u
#define FLUSH_TO_ZERO 0x8000u
#define TRAP_INEXACT 0x1000u /* set: masked */
#endif

static void flip_float_state(unsigned long bits) {
#if defined(__aarch64__)
  unsigned long state;
  __asm__ volatile("mrs %0, fpcr" : "=r"(state));
  state ^= bits;
  __asm__ volatile("msr fpcr, %0" ::"r"(state));
#else
  unsigned state;
  __asm__ volatile("stmxcsr %0" : "=m"(state));
  state ^= (unsigned)bits;
  __asm__ volatile("ldmxcsr %0" ::"m"(state));
#endif
}

/* Any code of this plugin that runs leaves a trace. */
__attribute__((constructor)) static void constructor(void) {
  setenv("FLOWGAUGE_TEST_CONSTRUCTOR", "ran", 1);
  if (BREAK == wrong_load_flushes) flip_float_state(FLUSH_TO_ZERO);
  if (BREAK == wrong_load_crashes) abort();
  if (BREAK == wrong_load_loops) {
    for (volatile int i = 0;; i = 1 - i) {
    }
  }
}

static const fg_host* host;

static fg_status report(const char* text, size_t size_bytes) {
  host->log(FG_LOG_ERROR, text, size_bytes);
  return FG_ERROR;
}
#define REPORT(text) report(text, sizeof(text) - 1)

static fg_status create(const fg_create* call, void** instance) {
  host = call->host;
  *instance = NULL;
  if (BREAK == wrong_create_refuses) return REPORT("the threshold must be below 10");
  if (BREAK == wrong_create_flushes) flip_float_state(FLUSH_TO_ZERO);
  if (BREAK == wrong_create_refuses_silently) return FG_ERROR;
  if (BREAK == wrong_create_crashes) abort();
  if (BREAK == wrong_create_exits) _Exit(7);
  if (BREAK == wrong_create_loops) {
    for (volatile int i = 0;; i = 1 - i) {
    }
  }
  return FG_OK;
}
static void destroy(void* instance) {
  (void)instance;
  if (BREAK == wrong_destroy_crashes) abort();
}
static fg_status update(void* instance, const fg_batch* batch) {
  (void)instance;
  (void)batch;
  if (BREAK == wrong_update_rounds || BREAK == wrong_update_rounds_and_fails) flip_float_state(ROUND_UP);
  if (BREAK == wrong_update_traps) flip_float_state(TRAP_INEXACT);
  return BREAK == wrong_update_fails || BREAK == wrong_update_rounds_and_fails ? REPORT("the table of ports is full")
                                                                               : FG_OK;
}
static fg_status emit(void* instance, const fg_emit* call) {
  (void)instance;
  (void)call;
  if (BREAK == wrong_emit_rounds) flip_float_state(ROUND_UP | FLUSH_TO_ZERO);
  return BREAK == wrong_emit_fails ? REPORT("a sum has overflowed") : FG_OK;
}
static void release(void* instance, const fg_flows* flows) {
  (void)instance;
  (void)flows;
  if (BREAK == wrong_release_rounds) flip_float_state(ROUND_UP);
}
static void count(void* instance, uint64_t* values) {
  (void)instance;
  values[0] = values[1] = 0;
}
static fg_status derive_label(const fg_derive_call* call) {
  (void)call;
  return FG_OK;
}

static const fg_column columns[] = {
    {IF(column_no_name, NULL,
        IF(name_wild, WILD(char), IF(column_name, "Bad Name", IF(column_name_long, LONG_NAME, "count")))),
     IF(column_doc, NULL, "A number."), IF(column_type, 99u, FG_U64), IF(column_unit, 77u, FG_UNIT_PACKETS),
     IF(column_class, UNKNOWN_BIT, FG_REVEALS_NOTHING),
     IF(column_extremes_class, UNKNOWN_BIT, IF(column_extremes, FG_REVEALS_OS, 0)), IF(column_flags, 8u, 0), 0,
     IF(column_source, "", IF(texts_for_terminals, "\x1b[2Jhere\n", "semantics 5"))},
    {IF(column_twice, "count", "sizes"), "A series.", FG_SERIES, FG_UNIT_BYTES, FG_REVEALS_NOTHING, FG_REVEALS_OS, 0, 0,
     NULL},
};

static const char* const choices[] = {
    IF(option_choice_null, NULL, IF(option_choice_empty, "", IF(option_choice_twice, "none", "some"))),
    IF(option_choice_controls, "no\nne", IF(option_choice_not_utf8, "n\xffne", "none")),
};
static const fg_option options[] = {
    {IF(option_no_name, NULL, IF(option_name, "no-dash", "threshold")), IF(option_doc, "", "A limit."),
     IF(option_default, "ten", IF(default_wild, WILD(char), "10")), IF(option_type, FG_SERIES, FG_U64),
     IF(option_unit, 0u, FG_UNIT_COUNT), IF(option_minimum, "-1", IF(option_default_below, "11", "1")),
     IF(option_maximum, "many", IF(option_range, "0", IF(option_default_above, "9", "100"))),
     IF(option_choices_of_number, choices, NULL), IF(option_choices_of_number, 2, 0), 0},
    {IF(option_twice, "threshold", "label"), "A text.", IF(option_default_no_choice, "nothing", "none"), FG_STRING,
     FG_UNIT_NONE, IF(option_minimum_of_text, "a", NULL), NULL,
     IF(option_choices_null, NULL, IF(option_choices_wild, WILD(char* const), choices)),
     IF(option_choices_many, 4097, IF(option_choices_uncounted, 0, 2)), 0},
    {"ports", "Which ports.", IF(option_list_default, "80, ssh", IF(option_list_empty_item, "80,, 443", "80, 443")),
     FG_LIST_U64, FG_UNIT_NONE, NULL, IF(option_list_above, "100", "65535"), NULL, 0, 0},
};

static const fg_end ends[] = {{IF(end_name, "no-dash", "enough"), IF(end_doc, NULL, "It has enough.")},
                              {IF(end_twice, "enough", "done"), "It is done."}};
static const fg_counter counters[] = {{IF(counter_name, "no-dash", "seen"), IF(counter_doc, "", "What it has seen."),
                                       IF(counter_unit, 11u, FG_UNIT_PACKETS), IF(counter_reserved, 1, 0)},
                                      {IF(counter_twice, "seen", "lost"), "What it has lost.", FG_UNIT_NONE, 0}};
#define HAS_FILTERS (BREAK >= wrong_filters_null && BREAK <= wrong_filter_twice)
static const fg_packet_filter filters[] = {
    {IF(filter_of_all, 0, 6), IF(filter_reserved, 1, 0), IF(filter_of_all, 0, 443)},
    {IF(filter_twice, 6, 17), 0, 443},
    {IF(filter_port, 1, 132), 0, IF(filter_port, 8, 0)},
};
static const fg_feature feature = {
    .struct_size = IF(feature_small, 24, IF(feature_cut, sizeof(fg_feature) - 3, sizeof(fg_feature))),
    .state_size = IF(state_large, 65537, 8),
    .state_align = IF(state_align_zero, 0, IF(state_align_odd, 24, IF(state_align_large, 128, 8))),
    .payload_bytes = IF(payload_large, 65536, IF(payload_without_need, 16, 0)),
    .needs = IF(needs, UNKNOWN_BIT, BREAK == wrong_payload_zero || BREAK == wrong_payload_large ? FG_NEEDS_PAYLOAD : 0),
    .name = IF(feature_no_name, NULL, IF(feature_name, "bad.name", "broken")),
    .version = IF(feature_version, NULL, "1.0"),
    .doc = IF(feature_doc, NULL,
              IF(doc_wild, WILD(char),
                 IF(texts_for_terminals, "A\nline\xc2\x9bJ \xff", IF(feature_often, long_doc, "Breaks one rule.")))),
    .columns = {IF(columns_null, NULL, IF(columns_wild, WILD(fg_column), columns)),
                IF(columns_none, 0, IF(columns_many, 5000000u, IF(columns_beyond, 4096, 2))),
                IF(columns_stride, 24, IF(columns_cut, sizeof(fg_column) - 3, sizeof(fg_column)))},
    .options = {IF(options_null, NULL, options), IF(options_many, 4097, 3), IF(options_stride, 8, sizeof(fg_option))},
    .create = IF(no_create, NULL, create),
    .destroy = IF(no_destroy, NULL, destroy),
    .update = IF(no_update, NULL, update),
    .emit = IF(no_emit, NULL, emit),
    .release = IF(release_rounds, release, NULL),
    .ends = {IF(ends_null, NULL, ends), 2, sizeof(fg_end)},
    .counters = {IF(counters_null, NULL, counters), IF(count_without_counters, 0, 2),
                 IF(counters_stride, 8, sizeof(fg_counter))},
    .count = IF(counters_without_count, NULL, count),
    .packet_filters = {IF(filters_null, NULL, filters), HAS_FILTERS ? 3 : 0,
                       IF(filters_stride, 3, sizeof(fg_packet_filter))},
};
static const fg_feature* const features[] = {IF(feature_null, NULL, IF(feature_wild, WILD(fg_feature), &feature)),
                                             &feature};
static const fg_feature* const often[4096] = {[0 ... 4095] = &feature};

static const fg_schema_column entries[] = {
    {IF(entry_name, "",
        IF(entry_controls, "\033Count", IF(entry_not_utf8, "Coun\xfft", IF(entry_long, LONG_ENTRY, "Count")))),
     IF(entry_expression, NULL, IF(expression_bytes, "broken.co\200unt", "broken.count")),
     IF(entry_type, FG_SERIES, FG_U64), IF(entry_unit, 11u, FG_UNIT_PACKETS),
     IF(entry_when, 9u, IF(entry_twice, FG_WHEN_FULL, FG_WHEN_BOTH)), IF(entry_flags, 2u, 0),
     IF(only_if_form, "gaps",
        IF(only_if_empty, "",
           IF(only_if_option, "gasp=2", IF(only_if_value, "gaps=fill", IF(only_if_beyond, "gaps=3", "gaps=2")))))},
    {IF(entry_twice, "Count", "Label"), "broken_schema.label", FG_STRING, FG_UNIT_NONE, FG_WHEN_BOTH, 0, "label=a"},
    /* The same name, but never in the same table. */
    {"Label", "'b'", FG_STRING, FG_UNIT_NONE, FG_WHEN_BOTH, 0, IF(only_if_twice, "label=a", "label=b")},
};
static const fg_option schema_options[] = {
    {IF(schema_option_name, "no-dash", "gaps"), "Which gaps.", IF(schema_option_default, "ten", "1"),
     IF(schema_option_list, FG_LIST_U64, FG_U64), FG_UNIT_NONE, NULL, "2", NULL, 0, 0},
    {IF(schema_option_twice, "gaps", "label"), "A text.", "a", FG_STRING, FG_UNIT_NONE, NULL, NULL, NULL, 0, 0},
};
static const fg_input inputs[] = {
    {IF(input_name, "broken", "broken.count"), IF(input_type, 99u, IF(input_time, FG_TIME, FG_U64)), 0},
};
static const fg_column outputs[] = {
    {IF(output_name, NULL, "label"), "A label.", IF(output_series, FG_SERIES, FG_STRING), FG_UNIT_NONE, 0, 0, 0, 0,
     NULL},
    {IF(output_twice, "label", "code"), "A code.", FG_U64, FG_UNIT_NONE, 0, 0, 0, 0, NULL},
};
static const fg_derive derive = {
    .struct_size = IF(derive_small, 16, sizeof(fg_derive)),
    .inputs = {IF(inputs_null, NULL, inputs), 1, IF(inputs_stride, 8, sizeof(fg_input))},
    .outputs = {outputs, IF(outputs_none, 0, 2), IF(outputs_stride, 4096, sizeof(fg_column))},
    .derive = IF(derive_function, NULL, derive_label),
};
static const fg_derive* const derives[] = {IF(derive_null, NULL, &derive)};
static const fg_schema schema = {
    .struct_size = IF(schema_small, 40, sizeof(fg_schema)),
    .derive_count = IF(derives_many, 4097, 1),
    .name = IF(schema_name, "Broken", "broken_schema"),
    .version = IF(schema_version, "", "1"),
    .doc = IF(schema_doc, "", "Breaks one rule."),
    .columns = {IF(entries_null, NULL, IF(entries_wild, WILD(fg_schema_column), entries)), IF(entries_none, 0, 3),
                IF(entries_stride, 16, sizeof(fg_schema_column))},
    .derives = IF(derives_null, NULL, IF(derives_wild, WILD(fg_derive* const), derives)),
    .options = {IF(schema_options_null, NULL, schema_options), 2, IF(schema_options_stride, 8, sizeof(fg_option))},
};
static const fg_schema* const schemas[] = {IF(schema_null, NULL, &schema), &schema};

static const fg_input read_columns[] = {
    {IF(derived_input_name, "count", IF(derived_reads_itself, "broken_derived.code", "broken.count")), FG_U64, 0},
    {IF(derived_input_twice, "broken.count", "broken.sizes"), FG_SERIES, 0},
};
static const fg_input no_columns[] = {{"other.count", FG_U64, 0}};
static const fg_column made_columns[] = {
    {"label", "A label.", IF(derived_output_time, FG_TIME, FG_STRING), FG_UNIT_NONE, 0, 0, 0, 0, NULL},
};
static const fg_column more_columns[] = {
    {IF(derived_output_twice, "label", "code"), "A code.", FG_U64, FG_UNIT_NONE, 0, 0, 0, 0, NULL},
};
static const fg_derive first_derive = {
    .struct_size = sizeof(fg_derive),
    .inputs = {IF(derived_as_feature, no_columns, read_columns), IF(derived_as_feature, 1, 2), sizeof(fg_input)},
    .outputs = FG_ARRAY(made_columns),
    .derive = derive_label,
};
static const fg_derive second_derive = {
    .struct_size = sizeof(fg_derive), .outputs = FG_ARRAY(more_columns), .derive = derive_label};
static const fg_derive* const own_derives[] = {&first_derive, IF(derived_derive_null, NULL, &second_derive)};
static const fg_derived derived_feature = {
    .struct_size = IF(derived_small, 32, sizeof(fg_derived)),
    .derive_count = IF(derived_no_derives, 0, 2),
    .name = IF(derived_no_name, NULL, IF(derived_name, "Broken", IF(derived_as_feature, "broken", "broken_derived"))),
    .version = IF(derived_version, NULL, "1"),
    .doc = IF(derived_doc, "", "Breaks one rule."),
    .derives = IF(derived_derives_null, NULL, own_derives),
};
static const fg_derived* const derived_features[] = {
    IF(derived_item_null, NULL, IF(derived_item_wild, WILD(fg_derived), &derived_feature)), &derived_feature};

static fg_status open_sink(const fg_sink_open* call, void** instance) {
  (void)call;
  (void)instance;
  return FG_OK;
}
static fg_status write_sink(void* instance, struct ArrowArray* batch, fg_sink_state* state) {
  (void)instance;
  (void)batch;
  (void)state;
  return FG_OK;
}
static fg_status finish_sink(void* instance, const fg_sink_finish* call, fg_sink_state* state) {
  (void)instance;
  (void)call;
  (void)state;
  return FG_OK;
}
static const fg_option sink_options[] = {
    {IF(sink_option_name, "no-dash", "level"), "How much.", IF(sink_option_default, "ten", "1"), FG_U64, FG_UNIT_NONE,
     NULL, NULL, NULL, 0, 0},
    {IF(sink_option_twice, "level", "tags"), "Of each row.", "", FG_LIST_STRING, FG_UNIT_NONE, NULL, NULL, NULL, 0, 0},
};
static const fg_sink sink = {
    .struct_size = IF(sink_small, 64, sizeof(fg_sink)),
    .place = IF(sink_place, 3u, FG_PLACE_FILE),
    .takes = IF(sink_takes, UNKNOWN_BIT, FG_TAKES_LISTS),
    .name = IF(sink_no_name, NULL, IF(sink_name, "Broken", IF(sink_taken_name, "csv", "broken"))),
    .version = IF(sink_version, NULL, "1"),
    .doc = IF(sink_doc, "", "Breaks one rule."),
    .options = {IF(sink_options_null, NULL, sink_options), 2, IF(sink_options_stride, 8, sizeof(fg_option))},
    .batch_rows = IF(sink_batch_rows, 65537u, 0),
    .open = IF(sink_no_open, NULL, open_sink),
    .write = IF(sink_no_write, NULL, write_sink),
    .finish = IF(sink_no_finish, NULL, finish_sink),
    .destroy = IF(sink_no_destroy, NULL, destroy),
};
static const fg_sink* const sinks[] = {IF(sink_item_null, NULL, IF(sink_item_wild, WILD(fg_sink), &sink)), &sink};

#define SAID_BY(part, text) .part = IF(module_##part, "", text)
#define SAID_OF_ITSELF \
  SAID_BY(vendor, IF(texts_for_terminals, "Ex\x1b[2Jample", NULL)), SAID_BY(url, NULL), SAID_BY(support, NULL)
#define MODULE                                                                                                        \
  {                                                                                                                   \
    .struct_size = IF(module_small, 16,                                                                               \
                      IF(module_large, 4096, IF(module_cut, offsetof(fg_module, support) + 5, sizeof(fg_module)))),   \
    .min_host_minor = IF(newer_minor, 7, 0), .built_minor = FG_ABI_MINOR,                                             \
    .feature_count = IF(module_empty, 0, IF(features_many, 70000, IF(feature_often, 4096, IF(feature_twice, 2, 1)))), \
    .schema_count = IF(module_empty, 0, IF(schemas_many, 70000, IF(schema_twice, 2, 1))),                             \
    .name = IF(module_no_name, NULL, IF(module_name, "Broken!", "broken")),                                           \
    .version = IF(module_version, NULL, IF(texts_for_terminals, "1.0\n2.0\x1b[31m", "1.0")),                          \
    .licence = IF(module_licence, NULL, "Apache-2.0"),                                                                \
    .features =                                                                                                       \
        IF(features_null, NULL, IF(features_wild, WILD(fg_feature* const), IF(feature_often, often, features))),      \
    .schemas = IF(schemas_null, NULL, schemas), SAID_OF_ITSELF,                                                       \
    .derived = IF(derived_null, NULL, IF(derived_wild, WILD(fg_derived* const), derived_features)),                   \
    .derived_count = IF(module_empty, 0, IF(derived_many, 1ull << 40, IF(derived_twice, 2, 1))),                      \
    .sinks = IF(sinks_null, NULL, IF(sinks_wild, WILD(fg_sink* const), sinks)),                                       \
    .sink_count = IF(module_empty, 0, IF(sinks_many, 1ull << 40, IF(sink_twice, 2, 1))),                              \
  }

/* The odd entries need another declaration than the header's, which the assembler's name of a symbol allows. */
#define ENTRY(symbol) __asm__(symbol) __attribute__((visibility("default"), used))
#if defined(ENTRY_FUNCTION)
int entry_function(void) ENTRY("fg_module_v1");
int entry_function(void) { return (int)sizeof(features) + (int)sizeof(schemas); }
#elif defined(ENTRY_WITHOUT_CONTENTS)
fg_module entry_zero ENTRY("fg_module_v1");
void* used_tables[] = {(void*)features, (void*)schemas};
#elif defined(ENTRY_MISSING)
const fg_module entry_other ENTRY("module") = MODULE;
#elif defined(ENTRY_MAJOR)
const fg_module entry_next ENTRY("fg_module_v2") = MODULE;
#elif defined(ENTRY_CHANGES)
fg_module entry_variable ENTRY("fg_module_v1") = MODULE;
__attribute__((constructor)) static void change(void) {
  *(volatile uint32_t*)&entry_variable.min_host_minor = 1;  // else a compiler may do it
}
#else
const fg_module fg_module_v1 = MODULE;
#endif

#if defined(CALLS_MISSING)
int fg_test_missing(void);
int call_missing(void) ENTRY("call_missing");
int call_missing(void) { return fg_test_missing(); }
#endif
