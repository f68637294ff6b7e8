// Where the tables of a run belong: for each stream of inputs, a path for each planned output. Stateless.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/plan.h"
#include "core/ingest/input_list.h"

namespace flowgauge {

using TablePaths = std::vector<std::string>;  // of one stream, as plan.outputs

// All inputs are one stream: the paths as the profile and the command line have them.
[[nodiscard]] TablePaths paths_as_planned(const Plan& plan);

// A stream for each input; paths are folders: FOLDER/INPUT.csv, or FOLDER/INPUT.SCHEMA.csv where several schemas share
// the folder. Creates nothing.
[[nodiscard]] Result<std::vector<TablePaths>> paths_per_input(const Plan& plan, std::span<const Input> inputs);

// The folders of paths_per_input(), which the run may have to create.
[[nodiscard]] Result<void> make_table_folders(const Plan& plan);

}  // namespace flowgauge
