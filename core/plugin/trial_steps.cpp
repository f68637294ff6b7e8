#include "core/plugin/trial_steps.h"

#include <dlfcn.h>

#include "core/plugin/guarded_call.h"
#include "core/plugin/host_services.h"

namespace flowgauge {

bool try_creating(const ActiveFeature& active, ChildPipe pipe) {
  const Feature& feature = *active.feature;
  const RunningCall call{origin_of(feature).c_str(), feature.name.c_str(), "create"};
  const fg_create create{sizeof(fg_create), 0, &plugin_host(), active.options.values().data()};
  void* instance = nullptr;
  pipe.tell(kTrialCreating);
  const fg_status status = guarded(call, [&] { return feature.table.create(&create, &instance); });
  if (status != FG_OK) {
    pipe.tell(kTrialRefused);
    pipe.tell(last_plugin_error());
    return false;
  }
  pipe.tell(kTrialDestroying);
  feature.table.destroy(instance);
  return true;
}

bool try_loading(const std::string& opened_path, ChildPipe pipe) {
  pipe.tell(kTrialLoading);
  try {
    (void)::dlopen(opened_path.c_str(), RTLD_NOW | RTLD_LOCAL);
  } catch (...) {
    pipe.tell(kTrialRefused);
    return false;
  }
  return true;
}

}  // namespace flowgauge
