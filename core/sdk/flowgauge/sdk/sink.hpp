// Sinks: where the rows of a table go (ABI 1.1). The author opens a place in the constructor, writes batches to it, and
// ends it; what is thrown stops the run with its text and the sink's name.
//
//   #define FG_TARGET_MINOR 1
//   struct Lines {
//     static constexpr fg::SinkAbout kAbout{.name = "lines", .version = "1.0", .doc = "The first column, line by line."};
//     explicit Lines(const fg::SinkOpen<Lines>& open) : file(open.descriptor()) {}
//     void write(const fg::Batch& batch) {
//       for (std::int64_t row = 0; row < batch.rows(); ++row) text += std::string(batch.column(0).text(row)) + "\n";
//     }
//     void finish(const fg::Finish&) { write_all(file, text); }
//     ...
//   };
//   FG_MODULE("lines", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<>, fg::Sinks<Lines>);
//
// `flowgauge pcap x.pcap --export-path x.lines` writes with it, and so does `-o lines`.
//
// Members of a sink:
//   explicit S(const fg::SinkOpen<S>&)           opens its place; the destructor frees what it has, without a word
//   void write(const fg::Batch&)                 or write(fg::Batch), which may keep it
//   void finish(const fg::Finish&)               the last; by its `how` it makes the rows so far readable, or leaves none
// Optional:
//   static constexpr fg::Option kOptions[]       what a profile may set: option.hpp; read with open.get<"name">()
//   void flush(std::chrono::nanoseconds)         of live runs: what was written reaches its place
//   std::uint64_t rows_certain() const           rows that are where they belong, so far; without it none is before
//                                                finish() has returned, and then all are
//   std::uint64_t rows_failed() const            rows that will never be
//   bool is_closed() const                       whoever read the rows went away
// While something is wrong with the place: keep open.conditions(), and tell it (Conditions, below).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

#include "batch.hpp"
#include "boundary.hpp"
#include "options.hpp"
#include "schema.hpp"

#if FG_TARGET_MINOR >= 1
namespace fg {

struct SinkAbout {
  const char* name;  // [a-z0-9_]+: the end of file names, and `format` in a profile
  const char* version;
  const char* doc;  // one sentence
  fg_place place = FG_PLACE_FILE;
  fg_takes takes = FG_TAKES_NO_MORE;
  std::uint32_t batch_rows = 0;  // of a batch; 0: 8192
};

// Tells the host what is wrong with the sink's place while it is: a server that went away. Whoever watches the run sees
// it. Copies are as good, on every thread, as long as the sink. On hosts that do not ask for it nothing happens.
class Conditions {
 public:
  // `name`: [a-z0-9_]+, always the same for the same thing. `text`: a sentence with the cause; a later one replaces it.
  void begin(const char* name, std::string_view text) const { say(name, text.empty() ? name : text); }
  void end(const char* name) const { say(name, {}); }

 private:
  template <class S>
  friend class SinkOpen;
  explicit Conditions(const fg_sink_open& open)
      : host_(FG_HAS(open.host, condition) && FG_HAS(&open, sink) ? open.host : nullptr),
        sink_(host_ == nullptr ? 0 : open.sink) {}
  void say(const char* name, std::string_view text) const {
    if (host_ != nullptr) host_->condition(sink_, name, text.data(), text.size());
  }

  const fg_host* host_;  // null: it does not ask for it
  std::uint64_t sink_;
};

// What a sink is opened with: its options, and its place.
template <class S>
class SinkOpen : public Options<S> {
 public:
  SinkOpen(const fg_create& options, const fg_sink_open& open) : Options<S>(options), open_(open) {}

  // As the user wrote it; of FG_PLACE_OWN the place itself.
  [[nodiscard]] std::string_view path() const { return open_.path; }
  // Of FG_PLACE_FILE. The host's: not to be closed.
  [[nodiscard]] int descriptor() const { return open_.file_descriptor; }
  // Valid as long as the sink.
  [[nodiscard]] const ArrowSchema& schema() const { return *open_.schema; }
  [[nodiscard]] bool is_live() const { return (open_.flags & FG_OPEN_LIVE) != 0; }
  // Of FG_PLACE_OWN: what is there may be replaced.
  [[nodiscard]] bool may_replace() const { return (open_.flags & FG_OPEN_REPLACE) != 0; }
  // To be kept.
  [[nodiscard]] Conditions conditions() const { return Conditions(open_); }

 private:
  const fg_sink_open& open_;
};

struct Finish {
  fg_finish how;             // FG_FINISH_COMPLETE, _PARTIAL, _DISCARD
  std::string_view account;  // JSON; valid during the call
};

namespace detail {

template <class S>
class SinkBoundary {
  // A full disk is no mistake of the sink's: the host has the sentence, and wants the reason alone.
  static constexpr const char* kWho = nullptr;

  struct Instance {
    Instance(const fg_create& create, const fg_sink_open& open)
        : host(open.host), schema(open.schema), sink(SinkOpen<S>(create, open)) {}
    const fg_host* host;
    const ArrowSchema* schema;
    std::uint64_t rows = 0;
    S sink;
  };

 public:
  static fg_status open(const fg_sink_open* open, void** instance) noexcept {
    fg_create create{};
    create.struct_size = sizeof create;
    create.host = open->host;
    create.options = open->options;
    create.module_path = open->module_path;
    create.data_dir = open->data_dir;
    create.option_lists = open->option_lists;
    return guarded(*open->host, kWho, "open", [&] { *instance = std::make_unique<Instance>(create, *open).release(); });
  }

  static fg_status write(void* instance, ArrowArray* array, fg_sink_state* state) noexcept {
    auto& self = *static_cast<Instance*>(instance);
    return guarded(*self.host, kWho, "write", [&] {
      self.rows += static_cast<std::uint64_t>(array->length);
      self.sink.write(Batch(*self.schema, *array));
      say(self, *state);
    });
  }

  static fg_status flush(void* instance, std::uint64_t time_ns, fg_sink_state* state) noexcept requires
      requires(S& sink) {
    sink.flush(std::chrono::nanoseconds());
  }
  {
    auto& self = *static_cast<Instance*>(instance);
    return guarded(*self.host, kWho, "flush", [&] {
      self.sink.flush(std::chrono::nanoseconds(time_ns));
      say(self, *state);
    });
  }

  static fg_status finish(void* instance, const fg_sink_finish* finish, fg_sink_state* state) noexcept {
    auto& self = *static_cast<Instance*>(instance);
    return guarded(*self.host, kWho, "finish", [&] {
      self.sink.finish(Finish{finish->how, finish->account});
      if constexpr (!requires { self.sink.rows_certain(); }) state->rows_certain = self.rows;
      say(self, *state);
    });
  }

  static void destroy(void* instance) noexcept { delete static_cast<Instance*>(instance); }

 private:
  static void say([[maybe_unused]] const Instance& self, [[maybe_unused]] fg_sink_state& state) {
    if constexpr (requires { self.sink.rows_certain(); }) state.rows_certain = self.sink.rows_certain();
    if constexpr (requires { self.sink.rows_failed(); }) state.rows_failed = self.sink.rows_failed();
    if constexpr (requires { self.sink.is_closed(); }) state.is_closed = self.sink.is_closed() ? 1 : 0;
  }
};

template <class S>
consteval fg_sink describe_sink() {
  static_assert(std::is_constructible_v<S, const SinkOpen<S>&>,
                "a sink opens its place in its constructor: explicit Sink(const fg::SinkOpen<Sink>& open)");
  static_assert(
      requires(S & sink, Batch batch) { sink.write(std::move(batch)); },
      "write: void write(const fg::Batch& batch), or write(fg::Batch batch) to keep it");
  static_assert(
      requires(S & sink, const Finish& finish) { sink.finish(finish); },
      "write: void finish(const fg::Finish& finish)");
  check_name_and_doc(S::kAbout.name, S::kAbout.doc);
  fg_sink sink{};
  sink.struct_size = sizeof(fg_sink);
  sink.place = S::kAbout.place;
  sink.takes = S::kAbout.takes;
  sink.name = S::kAbout.name;
  sink.version = S::kAbout.version;
  sink.doc = S::kAbout.doc;
  sink.batch_rows = S::kAbout.batch_rows;
  if constexpr (requires { S::kOptions; }) {
    static_assert(names_are_unique(S::kOptions), "two options of the sink have the same name");
    sink.options = array_of(S::kOptions);
  }
  sink.open = SinkBoundary<S>::open;
  sink.write = SinkBoundary<S>::write;
  if constexpr (requires(S & one) { one.flush(std::chrono::nanoseconds()); }) sink.flush = SinkBoundary<S>::flush;
  sink.finish = SinkBoundary<S>::finish;
  sink.destroy = SinkBoundary<S>::destroy;
  return sink;
}

}  // namespace detail
}  // namespace fg
#endif
