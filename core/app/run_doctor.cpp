// flowgauge doctor: what live capture has on this host, and what it lacks.
#include <string>
#include <vector>

#include "core/app/commands.h"
#include "core/app/doctor.h"
#include "core/app/host_facts.h"
#include "core/app/standard_output.h"
#include "core/base/try.h"

namespace flowgauge {
namespace {

Result<std::vector<Interface>> chosen_interfaces(const std::vector<std::string>& names) {
  if (names.empty()) {
    Result<std::vector<Interface>> interfaces = list_interfaces();
    if (interfaces) std::erase_if(*interfaces, [](const Interface& interface) { return !interface.up; });
    return interfaces;
  }
  std::vector<Interface> interfaces;
  for (const std::string& name : names) {
    interfaces.push_back(TRY(find_interface(name)));
  }
  return interfaces;
}

}  // namespace

ExitCode run_doctor(const DoctorCommand& command) {
  const Result<std::vector<Interface>> interfaces = chosen_interfaces(command.interfaces);
  if (!interfaces) return say_and_return(interfaces.error());
  HostFacts facts = facts_of_host(*interfaces);
  const auto plan = load_all_plugins(plugin_paths(command.plugins), facts.plugin_refusals);
  facts.plugins = plan->modules.modules().size();
  const Diagnosis diagnosis = diagnose(facts);
  const ExitCode written = write_standard_output(command.json ? as_json(diagnosis) : as_text(diagnosis));
  if (written != ExitCode::kOk) return written;
  return diagnosis.method == WorkingMethod::kNone ? ExitCode::kPrivilege : ExitCode::kOk;
}

}  // namespace flowgauge
