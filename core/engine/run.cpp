#include "core/engine/run.h"

#include <utility>

#include "core/base/log.h"
#include "core/engine/memory_room.h"
#include "core/engine/run_files.h"
#include "core/engine/session.h"
#include "core/engine/table_paths.h"
#include "core/report/report_file.h"

namespace flowgauge {
namespace {

SessionSpec spec_of(const RunRequest& request, StopRequest& stop, const Observer& observer) {
  SessionSpec spec;
  spec.profile = request.profile;
  spec.plugins = request.plugins;
  spec.columns = request.columns;
  spec.max_packets = request.max_packets;
  spec.partitions = request.partitions;
  spec.order_columns = request.order_columns;
  spec.log = borrowed_log(bound_log());
  spec.observer = observer;
  spec.stop = &stop;
  return spec;
}

Result<std::vector<TablePaths>> paths_of(const Session& session, OutputNaming naming) {
  if (naming == OutputNaming::kOnePerInput) return paths_per_input(session.plan(), session.captures());
  return std::vector<TablePaths>{paths_as_planned(session.plan())};
}

}  // namespace

Result<RunReport> run(const RunRequest& request, StopRequest& stop, const Observer& observer) {
  auto session = Session::open(spec_of(request, stop, observer));
  if (!session) return std::unexpected(session.error());
  const Plan& plan = session->plan();
  auto added =
      request.event_folder.empty() ? session->add_captures(request.inputs) : session->add_events(request.event_folder);
  if (!added) return std::unexpected(added.error());
  auto paths = paths_of(*session, request.naming);
  if (!paths) return std::unexpected(paths.error());
  if (auto checked = check_run_files(plan, session->captures(), *paths, request.report_path, request.force); !checked)
    return std::unexpected(checked.error());
  if (auto prepared = session->prepare(); !prepared) return std::unexpected(prepared.error());
  show_memory(plan);
  if (request.naming == OutputNaming::kOnePerInput)
    if (auto made = make_table_folders(plan); !made) return std::unexpected(made.error());
  if (request.on_files_checked)
    if (auto opened = request.on_files_checked(); !opened) return std::unexpected(opened.error());
  auto report_file = ReportFile::open(request.report_path, existing_report(plan, request.force), stop);
  if (!report_file) return std::unexpected(report_file.error());
  if (auto ran = session->run({std::move(*paths), request.force}); !ran) return std::unexpected(ran.error());
  return report_file->write(session->report());
}

}  // namespace flowgauge
