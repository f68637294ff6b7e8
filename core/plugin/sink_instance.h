// A sink of a plugin at work: makes its calls and judges them. What it says of rows has to add up: no row counts that
// is not certain. One thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/plugin/current_call.h"
#include "core/plugin/module.h"
#include "core/plugin/option_values.h"
#include "core/plugin/sink_conditions.h"

namespace flowgauge {

class SinkInstance {
 public:
  struct Opening {
    std::string path;           // as fg_sink_open has it
    int descriptor;             // -1: the place is the sink's own
    const ArrowSchema* schema;  // outlives the instance
    fg_open_flags flags;
    std::shared_ptr<SinkConditions> conditions{};  // where it says what is wrong with its place; null: nobody looks
  };

  // The module outlives it. What the sink refuses is kOutput.
  [[nodiscard]] static Result<std::unique_ptr<SinkInstance>> open(const Sink& sink, OptionValues options,
                                                                  const Opening& opening);
  SinkInstance(const SinkInstance&) = delete;
  SinkInstance& operator=(const SinkInstance&) = delete;
  ~SinkInstance();

  // What the sink reports as its failure is kOutput, what it does wrong is kPlugin. After an error only finish() with
  // FG_FINISH_PARTIAL makes sense. The batch is taken, whatever happens.
  [[nodiscard]] Result<void> write(ArrowArray batch);
  [[nodiscard]] Result<void> flush(std::chrono::nanoseconds time);
  // Destroys the sink, too.
  [[nodiscard]] Result<void> finish(fg_finish how, const std::string& account);

  [[nodiscard]] bool is_closed() const { return state_.is_closed != 0; }
  [[nodiscard]] std::uint64_t rows_certain() const { return state_.rows_certain; }
  // What it told of its place that was not taken, known after finish().
  [[nodiscard]] const SinkConditions::Refused& refused() const { return refused_; }

 private:
  enum class Moment { kDuring, kPartialEnd, kWholeEnd };
  SinkInstance(const Sink& sink, OptionValues options, std::shared_ptr<SinkConditions> conditions)
      : sink_(sink), options_(std::move(options)), voice_(std::move(conditions)) {}
  [[nodiscard]] Result<void> destroy();
  template <class Call>
  [[nodiscard]] Result<void> judged(const char* name, const Call& call, Moment moment);
  [[nodiscard]] Result<void> take(const fg_sink_state& said, Moment moment);
  [[nodiscard]] std::unexpected<Error> failed_in(const char* call) const;
  [[nodiscard]] std::unexpected<Error> changed_in(const char* call, std::string_view what) const;
  [[nodiscard]] const char* path() const { return sink_.module->path.c_str(); }

  const Sink& sink_;
  OptionValues options_;
  SinkVoice voice_;
  SinkConditions::Refused refused_;
  void* instance_ = nullptr;
  bool is_open_ = false;
  std::uint64_t rows_given_ = 0;
  fg_sink_state state_{};  // what it said last that can be so
  bool has_lied_ = false;  // nothing that it says of rows counts any more
};

}  // namespace flowgauge
