// Drives sinks as a run does, into places where what they wrote can be looked at. The plugin's code runs on the calling
// thread; what may crash or hang belongs into a child.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/handle.h"
#include "core/check/made_tables.h"
#include "core/check/subject.h"
#include "core/output/lent.h"
#include "core/plugin/sink_instance.h"

namespace flowgauge {

struct TestedSink {
  const Sink& sink;
  const OptionValues& options;
  std::uint64_t seed;
  const std::string& folder;
  const std::string& given_place;  // that is used again and again, and may be replaced; empty: new paths in the folder
  const MadeSchema& schema;
};

// `ask` is called for each sink with the options of the request; the first finding decides. Skipped is a module without
// sinks, and a sink whose own place cannot be a path in a folder.
[[nodiscard]] Verdict each_sink(const Subject& subject, const std::function<Finding(const TestedSink&)>& ask);

// Where one opening's rows go: a file that has no name, or, where the place is the sink's own, a new path.
class SinkPlace {
 public:
  explicit SinkPlace(const TestedSink& tested);

  [[nodiscard]] int descriptor() const { return lent_ ? lent_->get() : -1; }
  [[nodiscard]] const std::string& path() const { return path_; }
  // What was written so far; of a place of the sink's own, nothing.
  [[nodiscard]] std::string bytes() const;

 private:
  std::string path_;
  FileDescriptor file_;                 // to look at
  std::optional<LentDescriptor> lent_;  // to write alone, as in a run
};

using OpenedSink = Result<std::unique_ptr<SinkInstance>>;
[[nodiscard]] OpenedSink open_sink(const TestedSink& tested, const std::string& path, int descriptor,
                                   fg_open_flags flags = 0);
[[nodiscard]] inline OpenedSink open_sink(const TestedSink& tested, const SinkPlace& place, fg_open_flags flags = 0) {
  return open_sink(tested, place.path(), place.descriptor(), flags);
}

// The account that the sink is given at its end.
inline constexpr const char* kMadeAccount = R"({"schema":"made","rows":0})";

// One whole life at that place. Empty, or how the sink failed.
[[nodiscard]] Finding drive_sink(const TestedSink& tested, const SinkPlace& place, const MadeTable& table,
                                 MadeBatches& batches, fg_finish how);
[[nodiscard]] Finding drive_sink(const TestedSink& tested, const SinkPlace& place, const MadeTable& table,
                                 fg_finish how = FG_FINISH_COMPLETE);

}  // namespace flowgauge
