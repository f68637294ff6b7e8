/* What the host reads before it calls anything: constants, which are there before Go's runtime is. The functions do no
 * more than to call those of in_go.go, whose declarations know no const. */
#include "_cgo_export.h"

static fg_status create(const fg_create* call, void** instance) {
  (void)call;
  *instance = NULL;
  return FG_OK;
}
static void destroy(void* instance) { (void)instance; }
static fg_status update(void* instance, const fg_batch* batch) {
  (void)instance;
  return inGoUpdate((fg_batch*)batch);
}
static fg_status emit(void* instance, const fg_emit* call) {
  (void)instance;
  return inGoEmit((fg_emit*)call);
}

static const fg_column columns[] = {
    {"changes", "Packets of another length than the one before", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING, 0, 0, 0},
    {"spread", "Entropy of the packets' lengths by powers of two, in bits", FG_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0,
     0, 0},
};

static const fg_feature feature = {
    .struct_size = sizeof(fg_feature),
    .state_size = sizeof(in_go_state),
    .state_align = 8,
    .needs = FG_NEEDS_NOTHING,
    .name = "in_go",
    .version = "1.0",
    .doc = "How the lengths of a flow's packets change.",
    .columns = FG_ARRAY(columns),
    .options = FG_NO_ARRAY,
    .create = create,
    .destroy = destroy,
    .update = update,
    .emit = emit,
};

static const fg_feature* const features[] = {&feature};

FG_EXPORT const fg_module fg_module_v1 = {
    .struct_size = sizeof(fg_module),
    .min_host_minor = FG_TARGET_MINOR,
    .built_minor = FG_ABI_MINOR,
    .feature_count = 1,
    .name = "in_go",
    .version = "1.0",
    .licence = "Apache-2.0",
    .features = features,
};
