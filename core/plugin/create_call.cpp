#include "core/plugin/create_call.h"

namespace flowgauge {

fg_create create_call(const Feature& feature, const OptionValues& options, std::uint32_t worker, const fg_host& host) {
  fg_create call{};
  call.struct_size = sizeof(fg_create);
  call.worker = worker;
  call.host = &host;
  call.options = options.values().data();
  call.module_path = feature.module == nullptr ? "" : feature.module->absolute_path.c_str();
  call.data_dir = feature.module == nullptr ? "" : feature.module->folder.c_str();
  call.option_lists = options.lists().data();
  return call;
}

}  // namespace flowgauge
