#include "core/output/plugin_sink.h"

#include <memory>
#include <string>
#include <utility>

#include "core/base/text.h"
#include "core/base/try.h"
#include "core/output/arrow_sink.h"
#include "core/output/destination.h"
#include "core/output/lent.h"
#include "core/output/sink_thread.h"

namespace flowgauge {
namespace {

ArrowOptions arrow_options(const Sink& sink) {
  ArrowOptions options;
  if ((sink.table.takes & FG_TAKES_UNSIGNED) != 0) options.unsigned_as = UnsignedAs::kUint64;
  if (sink.table.batch_rows != 0) options.batch_rows = sink.table.batch_rows;
  return options;
}

// Is released at its end.
class OwnedSchema {
 public:
  explicit OwnedSchema(ArrowSchema schema) : schema_(schema) {}
  OwnedSchema(const OwnedSchema&) = delete;
  OwnedSchema& operator=(const OwnedSchema&) = delete;
  ~OwnedSchema() { schema_.release(&schema_); }
  [[nodiscard]] const ArrowSchema& get() const { return schema_; }

 private:
  ArrowSchema schema_;
};

fg_finish finish_of(Finish how) {
  switch (how) {
    case Finish::kComplete:
      return FG_FINISH_COMPLETE;
    case Finish::kDiscard:
      return FG_FINISH_DISCARD;
    default:
      return FG_FINISH_PARTIAL;
  }
}

class PluginSink final : public RowSink {
 public:
  [[nodiscard]] static Result<std::unique_ptr<RowSink>> open(const Sink& sink, const OptionValues& options,
                                                             const ArrowOptions& arrow, const SinkRequest& request) {
    std::unique_ptr<Destination> file;
    if (sink.table.place == FG_PLACE_FILE)
      file = TRY(Destination::open(request.path, request.existing, request.stop,
                                   request.name_follows ? Destination::Name::kFollows : Destination::Name::kIsPath,
                                   request.mode));
    auto schema = std::make_unique<OwnedSchema>(
        arrow_schema(request.columns, arrow.unsigned_as, request.notes ? request.notes() : TableNotes()));
    auto lent = std::make_unique<LentDescriptor>(file == nullptr ? -1 : file->descriptor());
    if (file != nullptr && lent->get() < 0) {
      const std::string place = file->location();
      [[maybe_unused]] const auto gone = file->finish(Finish::kDiscard);
      return fail(ExitCode::kOutput,
                  "{}: no descriptor is left for sink '{}'; raise the limit of open files (ulimit -n)",
                  printable(place), sink.name);
    }
    auto opened = open_instance(sink, options, lent->get(), schema->get(), request);
    if (!opened) {
      const std::string place = file == nullptr ? request.path : file->location();
      if (file != nullptr) [[maybe_unused]]
        const auto gone = file->finish(Finish::kDiscard);
      return fail(opened.error().code, "{}: {}", printable(place), opened.error().message);
    }
    return std::unique_ptr<RowSink>(
        new PluginSink(sink, request, arrow, std::move(file), std::move(lent), std::move(schema), std::move(*opened)));
  }

  Result<SinkState> write(std::span<const RowRun> runs) override { return told(batches_.write(runs)); }

  Result<SinkState> flush(FlushReach reach) override {
    if (reach != FlushReach::kAll) return told(SinkState::kOpen);
    TRY(told(batches_.flush(reach)));
    return with_place(thread_->flush());
  }

  void set_name(const std::string& path) override {
    if (file_ != nullptr) file_->set_name(path);
  }
  [[nodiscard]] std::uint64_t bytes() const override { return file_ == nullptr ? 0 : file_->bytes(); }

  Result<SinkState> finish(Finish how, const Account& account) override {
    auto handed_over = told(batches_.finish(how, account));
    auto finished = with_place(thread_->finish(finish_of(how), account && how != Finish::kDiscard ? account() : "{}"));
    if (finished && !handed_over) finished = std::move(handed_over);
    if (auto loan = judge_loan(); !loan && (finished || !lent_->stands())) finished = std::unexpected(loan.error());
    if (file_ == nullptr) return finished;
    const bool is_whole = finished && *finished == SinkState::kOpen;
    auto closed = file_->finish(how == Finish::kComplete && !is_whole ? Finish::kKeepPartial : how);
    return finished && !closed ? closed : finished;
  }

  [[nodiscard]] std::uint64_t rows() const override { return thread_->rows_certain(); }
  [[nodiscard]] const std::string& location() const override { return file_ == nullptr ? path_ : file_->location(); }

 private:
  PluginSink(const Sink& sink, const SinkRequest& request, const ArrowOptions& arrow, std::unique_ptr<Destination> file,
             std::unique_ptr<LentDescriptor> lent, std::unique_ptr<OwnedSchema> schema,
             std::unique_ptr<SinkThread> thread)
      : sink_(sink),
        path_(request.path),
        file_(std::move(file)),
        lent_(std::move(lent)),
        schema_(std::move(schema)),
        thread_(std::move(thread)),
        batches_(request.columns, arrow, [this](ArrowArray batch) { return hand_over(batch); }) {}

  static Result<std::unique_ptr<SinkThread>> open_instance(const Sink& sink, const OptionValues& options,
                                                           int descriptor, const ArrowSchema& schema,
                                                           const SinkRequest& request) {
    const fg_open_flags live = request.is_live ? FG_OPEN_LIVE : 0;
    const fg_open_flags replace = request.existing == ExistingFile::kReplace ? FG_OPEN_REPLACE : 0;
    return SinkThread::start(TRY(SinkInstance::open(sink, options,
                                                    {.path = request.path,
                                                     .descriptor = descriptor,
                                                     .schema = &schema,
                                                     .flags = live | replace,
                                                     .conditions = request.conditions})));
  }

  SinkState hand_over(ArrowArray batch) {
    auto written = thread_->write(batches_lent_.lend(batch));
    if (written) return *written;
    error_ = std::move(written.error());
    return SinkState::kClosed;
  }

  // After the sink's end: what it was lent is whole, and back.
  [[nodiscard]] Result<void> judge_loan() const {
    if (!lent_->stands())
      return fail(
          ExitCode::kPlugin,
          "{}: sink '{}' ({}) closed or replaced the descriptor that it was given; take another format, or tell "
          "{}",
          printable(location()), sink_.name, sink_.module->path, author_of(sink_.module));
    if (batches_lent_.kept() != 0)
      return fail(ExitCode::kPlugin,
                  "{}: sink '{}' ({}) did not release all batches of rows before its end; take another format, or tell "
                  "{}",
                  printable(location()), sink_.name, sink_.module->path, author_of(sink_.module));
    return {};
  }

  // ArrowSink knows no errors of its consumer.
  Result<SinkState> told(Result<SinkState> state) const {
    return with_place(error_ ? Result<SinkState>(std::unexpected(*error_)) : std::move(state));
  }

  Result<SinkState> with_place(Result<SinkState> state) const {
    if (state || state.error().code == ExitCode::kMemory) return state;
    return fail(state.error().code, "{}: {}", printable(location()), state.error().message);
  }

  const Sink& sink_;
  std::string path_;
  std::unique_ptr<Destination> file_;  // null: the place is the sink's own
  std::unique_ptr<LentDescriptor> lent_;
  LentBatches batches_lent_;
  std::unique_ptr<OwnedSchema> schema_;
  std::unique_ptr<SinkThread> thread_;
  ArrowSink batches_;
  std::optional<Error> error_;
};

}  // namespace

SinkKind plugin_sink_kind(const Sink& sink, const OptionValues& options) {
  const ArrowOptions arrow = arrow_options(sink);
  return {.name = sink.name,
          .ending = "." + sink.name,
          .has_header = false,
          .make_block = [arrow](std::span<const OutputColumn> columns) -> std::unique_ptr<RowBlock> {
            return std::make_unique<ArrowBlock>(columns, arrow);
          },
          .open = [&sink, options,
                   arrow](const SinkRequest& request) { return PluginSink::open(sink, options, arrow, request); },
          .place = sink.table.place == FG_PLACE_FILE ? SinkKind::Place::kFile : SinkKind::Place::kOwn};
}

Result<void> check_columns(const Sink& sink, std::span<const OutputColumn> columns) {
  if ((sink.table.takes & FG_TAKES_LISTS) != 0) return {};
  for (const OutputColumn& column : columns)
    if (is_list(column.type))
      return fail(ExitCode::kUsage,
                  "column '{}' is a list, which sink '{}' ({}) does not take; leave it out, or take another format",
                  column.name, sink.name, sink.module->path);
  return {};
}

}  // namespace flowgauge
