// A plugin as other languages' runtimes make them: its constructor starts a thread, and nothing works without it. A
// process that is copied after the plugin was loaded has no such thread.
#include <flowgauge/sdk.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace {

class Runtime {
 public:
  Runtime() : thread_([this] { serve(); }) { thread_.detach(); }
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;
  ~Runtime() = default;

  // Done by the thread.
  std::uint64_t doubled(std::uint64_t number) {
    std::unique_lock lock(mutex_);
    asked_ = number;
    is_asked_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !is_asked_; });
    return asked_;
  }

 private:
  [[noreturn]] void serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return is_asked_; });
      asked_ *= 2;
      is_asked_ = false;
      changed_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_asked_ = false;
  std::uint64_t asked_ = 0;
  std::thread thread_;
};

// Never destroyed: its thread has no end.
Runtime& runtime = *new Runtime;
std::mutex one_at_a_time;

struct Threaded {
  static constexpr fg::About kAbout{.name = "threaded", .version = "1.0", .doc = "Asks a thread of its own."};
  static constexpr fg::Column kColumns[] = {{"twice", "Twice the packets", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING}};

  struct Config {
    std::uint64_t two = 0;
    explicit Config(const fg::Options<Threaded>&) {
      const std::scoped_lock lock(one_at_a_time);
      two = runtime.doubled(1);
    }
  };

  std::uint64_t packets;

  void update(const fg::Packet&, fg::Direction, const Config&) { ++packets; }
  void emit(fg::Row<Threaded>& row, const fg::Flow&, const Config& config) const {
    row.set<"twice">(packets * config.two);
  }
};

struct Rows {
  static constexpr fg::About kAbout{.name = "threaded", .version = "1.0", .doc = "Twice the packets of a flow."};
  static constexpr fg::SchemaColumn kColumns[] = {{"twice", "threaded.twice", FG_U64, FG_UNIT_NONE}};
};

}  // namespace

FG_MODULE("threaded", "1.0", "Apache-2.0", fg::Features<Threaded>, fg::Schemas<Rows>);
