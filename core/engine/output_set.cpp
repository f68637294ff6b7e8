#include "core/engine/output_set.h"

#include <utility>

namespace flowgauge {

Result<OutputSet> OutputSet::open(const Plan& plan, std::span<const std::string> paths, bool force) {
  OutputSet set;
  for (std::size_t i = 0; i < plan.outputs.size(); ++i) {
    const PlannedOutput& planned = plan.outputs[i];
    auto writer = open_writer({.path = paths[i], .format = planned.format, .header = planned.header, .force = force},
                              planned.columns);
    if (!writer) return std::unexpected(Error{writer.error().code, planned.path.where() + writer.error().message});
    set.outputs_.push_back({&planned, std::move(*writer)});
  }
  return set;
}

OutputState OutputSet::note(const Result<WriterState>& result) {
  if (!result) {
    state_ = OutputState::kFailed;
    if (!error_) error_ = result.error();
  } else if (*result == WriterState::kClosed && state_ == OutputState::kOpen) {
    state_ = OutputState::kClosed;
  }
  return state_;
}

OutputState OutputSet::write(std::span<const std::string> texts, std::uint64_t rows) {
  for (std::size_t i = 0; i < outputs_.size() && state_ == OutputState::kOpen; ++i) {
    if (note(outputs_[i].writer->write(texts[i])) == OutputState::kOpen) outputs_[i].rows += rows;
  }
  return state_;
}

OutputState OutputSet::finish(Finish how) {
  if (state_ != OutputState::kOpen) how = Finish::kKeepPartial;
  for (Output& output : outputs_) {
    const auto finished = output.writer->finish(how);
    note(finished);
    output.complete = how == Finish::kComplete && finished && *finished == WriterState::kOpen;
  }
  return state_;
}

std::vector<OutputReport> OutputSet::report() const {
  std::vector<OutputReport> reports;
  for (const Output& output : outputs_) {
    const BoundSchema& schema = output.planned->schema;
    reports.push_back(
        {schema.name, schema.version, output.writer->location(), output.rows, output.complete, schema.left_out});
  }
  return reports;
}

}  // namespace flowgauge
