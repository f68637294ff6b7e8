#include "core/python/run.h"

#include <unistd.h>

#include <cerrno>
#include <set>
#include <utility>

namespace flowgauge::python {
namespace {

Problem problem_of(flowgauge_status status, flowgauge_error* error) {
  Problem problem{status, status == FLOWGAUGE_OK ? "" : flowgauge_error_text(error)};
  flowgauge_error_free(error);
  return problem;
}

unsigned status_of(int error) {
  switch (error) {
    case ECANCELED:
      return FLOWGAUGE_INTERRUPTED;
    case ENOMEM:
      return FLOWGAUGE_MEMORY;
    case EINVAL:
      return FLOWGAUGE_USAGE;
    case EACCES:
      return FLOWGAUGE_PRIVILEGE;
    default:
      return Problem::kOfReport;
  }
}

int errno_of(unsigned status) {
  switch (status) {
    case FLOWGAUGE_INTERRUPTED:
      return ECANCELED;
    case FLOWGAUGE_MEMORY:
      return ENOMEM;
    case FLOWGAUGE_USAGE:
    case FLOWGAUGE_MISUSE:
      return EINVAL;
    case FLOWGAUGE_PRIVILEGE:
      return EACCES;
    default:
      return EIO;
  }
}

struct Exported {
  std::shared_ptr<Run> run;
  std::string error;
};

Exported& exported(ArrowArrayStream* stream) { return *static_cast<Exported*>(stream->private_data); }

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) { return exported(stream).run->schema(*out); }

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  Exported& own = exported(stream);
  *out = {};
  Problem problem = without_lock([&] { return own.run->next(*out); });
  own.error = std::move(problem.text);
  return problem.status == FLOWGAUGE_OK ? 0 : errno_of(problem.status);
}

const char* get_last_error(ArrowArrayStream* stream) {
  const std::string& error = exported(stream).error;
  return error.empty() ? nullptr : error.c_str();
}

void release_stream(ArrowArrayStream* stream) {
  std::unique_ptr<Exported> own(static_cast<Exported*>(stream->private_data));
  stream->release = nullptr;
  if (own->run->is_of_this_process())
    without_lock([&] {
      own->run->end();
      return 0;
    });
  drop(std::move(own->run));
}

struct AllRuns {
  std::mutex mutex;
  std::set<Run*> runs;
};

// Never destroyed: runs may be later.
AllRuns& all_runs() {
  static auto& all = *new AllRuns;
  return all;
}

}  // namespace

Run::Run(std::unique_ptr<Callbacks> callbacks) : callbacks_(std::move(callbacks)), process_(::getpid()) {
  const std::scoped_lock lock(all_runs().mutex);
  all_runs().runs.insert(this);
}

Run::~Run() {
  {
    const std::scoped_lock lock(all_runs().mutex);
    all_runs().runs.erase(this);
  }
  end();
  callbacks_->watch(nullptr);
  flowgauge_session_close(session_);
}

void Run::end() {
  if (is_ended_ || !has_stream_) return;
  interrupt();  // whoever waits for a batch gives the lock back
  const std::scoped_lock lock(mutex_);
  if (stream_.release != nullptr) stream_.release(&stream_);
  is_ended_ = true;
}

void Run::end_all() {
  const std::scoped_lock lock(all_runs().mutex);
  for (Run* run : all_runs().runs)
    if (run->is_of_this_process()) run->end();
}

bool Run::is_of_this_process() const { return process_ == ::getpid(); }

Problem Run::open(flowgauge_options& options) {
  callbacks_->install(options);
  flowgauge_error* error = nullptr;
  const flowgauge_status status = flowgauge_session_open(&options, &session_, &error);
  callbacks_->watch(session_);
  return problem_of(status, error);
}

Problem Run::call(const std::function<flowgauge_status(flowgauge_session*, flowgauge_error**)>& function) {
  flowgauge_error* error = nullptr;
  const flowgauge_status status = function(session_, &error);
  return problem_of(status, error);
}

Problem Run::open_stream(const char* schema, flowgauge_numbers numbers, std::uint64_t batch_rows) {
  flowgauge_stream_options options;
  flowgauge_stream_options_init(&options);
  options.numbers = numbers;
  options.batch_rows = batch_rows;
  callbacks_->install(options);
  Problem problem = call([&](flowgauge_session* session, flowgauge_error** error) {
    return flowgauge_session_stream(session, schema, &options, &stream_, error);
  });
  has_stream_ = stream_.release != nullptr;
  return problem;
}

Problem Run::start() { return call(flowgauge_session_start); }

Problem Run::next(ArrowArray& batch) {
  const std::scoped_lock lock(mutex_);
  if (stream_.release == nullptr) return {FLOWGAUGE_INTERRUPTED, "the run was ended"};
  if (Problem problem = start()) return problem;  // which says more than the number that a stream has
  const int error = stream_.get_next(&stream_, &batch);
  if (error == 0) return {};
  const char* const text = stream_.get_last_error(&stream_);
  return {status_of(error), text == nullptr ? "out of memory" : text};
}

int Run::schema(ArrowSchema& schema) {
  const std::scoped_lock lock(mutex_);
  return stream_.release == nullptr ? ECANCELED : stream_.get_schema(&stream_, &schema);
}

void drop(std::shared_ptr<Run> run) {
  if (run == nullptr) return;
  if (!run->is_of_this_process()) {
    (void)new std::shared_ptr<Run>(std::move(run));  // its threads are elsewhere: nothing can be waited for
    return;
  }
  without_lock([&] {
    run.reset();
    return 0;
  });
}

void export_run(std::shared_ptr<Run> run, ArrowArrayStream& out) {
  run->callbacks().hand_out();
  out = {.get_schema = get_schema,
         .get_next = get_next,
         .get_last_error = get_last_error,
         .release = release_stream,
         .private_data = new Exported{std::move(run), {}}};
}

}  // namespace flowgauge::python
