#include "core/engine/run_live.h"

#include <malloc.h>

#include <utility>

#include "core/base/log.h"
#include "core/base/try.h"
#include "core/engine/memory_room.h"
#include "core/engine/run_files.h"
#include "core/engine/session.h"
#include "core/engine/table_paths.h"
#include "core/host/capabilities.h"
#include "core/host/interface_selection.h"
#include "core/host/interfaces.h"
#include "core/host/offloads.h"
#include "core/output/destination.h"
#include "core/report/report_file.h"

namespace flowgauge {
namespace {

// A table that is built anew gives back what it was: glibc else keeps ever larger arrays for itself, and a run of weeks
// has its memory grow by whole tables.
void give_large_arrays_back() {
#ifdef M_MMAP_THRESHOLD
  constexpr int kLargeBytes = 1 << 20;
  ::mallopt(M_MMAP_THRESHOLD, kLargeBytes);
  ::mallopt(M_TRIM_THRESHOLD, 2 * kLargeBytes);  // as glibc has it when it sets both itself
#endif
}

// What its offloads do to the rows.
void warn_of_offloads(const Interface& interface, const CaptureChoices& live) {
  const auto traffic = live.ingress_only ? WatchedTraffic::kIngress : WatchedTraffic::kBothDirections;
  const auto offloads = read_offloads(interface.name);
  if (!offloads) return;
  if (const std::string text = offload_warning(interface, *offloads, relevant_traffic(interface, traffic));
      !text.empty())
    log_warning("{}", text);
}

SessionSpec spec_of(const LiveRequest& request, LiveHost host, StopRequest& stop, const Observer& observer) {
  SessionSpec spec;
  spec.profile = request.profile;
  spec.plugins = request.plugins;
  spec.columns = request.columns;
  spec.max_packets = request.limits.max_packets;
  spec.duration = request.limits.duration;
  spec.requests = request.requests;
  spec.log = borrowed_log(bound_log());
  spec.observer = observer;
  spec.stop = &stop;
  spec.live_host = std::move(host);
  return spec;
}

std::vector<std::string> files_of(const Plan& plan, const LiveRequest& request) {
  std::vector<std::string> files;
  for (const PlannedOutput& output : plan.outputs)
    if (output.kind->place == SinkKind::Place::kFile) files.push_back(output.path.value);
  files.push_back(request.report_path.value_or("-"));
  files.push_back(request.profile.monitor.stats.value);
  std::erase_if(files, is_standard_output);
  return files;
}

}  // namespace

Result<RunReport> run_live(const LiveRequest& request, LiveHost host, StopRequest& stop, const Observer& observer) {
  const bool is_this_host = !host.open;
  auto session = Session::open(spec_of(request, std::move(host), stop, observer));
  if (!session) return std::unexpected(session.error());
  for (const std::string& name : request.interfaces) {
    if (auto added = session->add_interface(name); !added) return std::unexpected(added.error());
  }
  if (is_this_host)
    if (const auto selected = select_interfaces(request.interfaces, MissingInterfaces::kAwait))
      for (const Interface& interface : *selected) warn_of_offloads(interface, request.profile.live);
  if (auto prepared = session->prepare(); !prepared) return std::unexpected(prepared.error());
  show_memory(session->plan(), waiting_room_bytes(request.profile.live, request.interfaces.size()));
  give_large_arrays_back();
  if (request.on_planned)
    if (auto ready = request.on_planned(files_of(session->plan(), request)); !ready)
      return std::unexpected(ready.error());
  std::vector<TablePaths> paths = {paths_as_planned(session->plan())};
  if (auto checked = check_run_files(session->plan(), {}, paths, request.report_path, request.force); !checked)
    return std::unexpected(checked.error());
  if (request.on_files_checked)
    if (auto opened = request.on_files_checked(); !opened) return std::unexpected(opened.error());
  auto report_file = ReportFile::open(request.report_path, existing_report(session->plan(), request.force), stop);
  if (!report_file) return std::unexpected(report_file.error());
  if (auto ran = session->run({std::move(paths), request.force}); !ran) return std::unexpected(ran.error());
  return report_file->write(session->report());
}

Result<RunReport> run_live(const LiveRequest& request, StopRequest& stop, const Observer& observer) {
  const OnAttached drop = [&request](LiveSource& source) -> Result<void> {
    TRY(source.part_from_privileges());
    TRY(drop_capabilities(source.still_needed()));
    if (request.on_attached) request.on_attached();
    return {};
  };
  return run_live(request, {.open = nullptr, .on_attached = drop}, stop, observer);
}

}  // namespace flowgauge
