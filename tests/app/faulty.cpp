// A plugin that passes every check of its descriptors and then does what its option `fault` says. Over the bare C ABI:
// here the SDK does not catch what is thrown, so that the host has to.
#define FG_TARGET_MINOR 1
#include <flowgauge/plugin.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cfenv>
#include <clocale>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace {

struct State {
  std::uint64_t packets;
};

struct Instance {
  char fault[40];
  std::uint64_t packets;
  [[nodiscard]] bool has(std::string_view name) const { return name == fault; }
};

[[noreturn]] void trap() { std::abort(); }

// The result is needed by the caller, so that no compiler makes a loop of it.
[[gnu::noinline]] int overflow(volatile const int* above) {
  volatile int here[1024] = {*above};
  return overflow(here) + here[0];
}

void allocate_without_end() {
  for (;;) {
    static void* volatile kept;
    kept = ::operator new (std::size_t{256} << 20);
  }
}

void loop() {
  for (volatile bool on = true; on;) {
  }
}

// In place of an end of the process that its own code would know of.
void exit_well(int) { ::_exit(0); }

bool ends_at_exit = false;
struct AtExit {
  AtExit() = default;
  AtExit(const AtExit&) = delete;
  AtExit& operator=(const AtExit&) = delete;
  ~AtExit() {
    if (ends_at_exit) ::_exit(0);
  }
} at_exit;

// Ends the process, each in its own way: "exit in update".
void end_process(const Instance& self, std::string_view where) {
  const auto has = [&](std::string_view what) { return self.has(std::string(what) + " in " + std::string(where)); };
  if (has("exit")) std::exit(0);
  if (has("_exit")) ::_exit(0);
  if (has("quick_exit")) std::quick_exit(3);
  if (has("thread exits")) std::thread([] { std::exit(0); }).join();
  if (has("thread traps")) std::thread(trap).join();
  if (has("alarm")) {
    ::alarm(1);
    for (;;) ::pause();
  }
  if (has("abort handled")) {
    std::signal(SIGABRT, exit_well);
    std::abort();
  }
  if (has("segv handled")) {
    std::signal(SIGSEGV, exit_well);
    std::raise(SIGSEGV);
  }
  if (has("term handled")) {
    std::signal(SIGTERM, exit_well);
    std::raise(SIGTERM);
  }
  if (has("fork")) (void)::fork();
  if (has("leave at exit")) ends_at_exit = true;
  if (has("leave at exit and throw")) {
    ends_at_exit = true;
    throw std::runtime_error("and no more");
  }
}

// Starts a program, each in its own way: "spawn in update". Says if it may not.
void start_program(const Instance& self, std::string_view where) {
  const auto has = [&](std::string_view what) { return self.has(std::string(what) + " in " + std::string(where)); };
  char name[] = "true";
  char* const words[] = {name, nullptr};
  int error = 0;
  if (has("execute")) {
    ::execv("/bin/true", words);
    error = errno;
  }
  if (has("spawn")) {
    pid_t child = 0;
    error = ::posix_spawn(&child, "/bin/true", nullptr, nullptr, words, environ);
    if (error == 0) ::waitpid(child, nullptr, 0);
  }
  if (has("execute in a fork")) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::execv("/bin/true", words);
      ::_exit(errno);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    error = WEXITSTATUS(status);
  }
  if (error == EPERM) (void)std::fputs("refused with EPERM\n", stderr);
}

// Into all descriptors that somebody else may have opened.
void write_all() {
  for (int other = STDERR_FILENO + 1; other < 64; ++other) (void)!::write(other, "t0", 2);
}

// Changes what belongs to the host: "umask in update".
void change_process(const Instance& self, std::string_view where) {
  const auto has = [&](std::string_view what) { return self.has(std::string(what) + " in " + std::string(where)); };
  if (has("print")) {
    std::puts("printed by the plugin");
    std::fflush(stdout);
  }
  if (has("read")) {
    char byte = 0;
    if (::read(STDIN_FILENO, &byte, 1) > 0) std::abort();
  }
  if (has("locale")) std::setlocale(LC_ALL, "C.UTF-8");
  if (has("umask")) ::umask(0777);
  if (has("chdir")) (void)::chdir("/");
  if (has("close"))
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::close(stream);
  if (has("close all")) ::close_range(STDERR_FILENO + 1, ~0U, 0);
  if (has("write all")) write_all();
  if (has("write lowest")) (void)!::write(STDERR_FILENO + 1, "t0", 2);
  if (has("redirect")) ::dup2(::open("/dev/zero", O_RDWR), STDERR_FILENO);
  if (has("block")) {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
  }
  if (has("ignore")) std::signal(SIGTERM, SIG_IGN);
  if (has("limit")) {
    const rlimit hour{3600, 3600};  // one that sanitizers can do without
    ::setrlimit(RLIMIT_CPU, &hour);
  }
  if (has("timer")) ::alarm(1000);
}

fg_status create(const fg_create* call, void** made) {
  auto* self = new Instance{};
  const fg_string fault = call->options[0].string;
  std::string_view(fault.data, fault.size_bytes).copy(self->fault, sizeof self->fault - 1);
  if (self->has("throw in create")) throw std::runtime_error("no licence found");
  if (self->has("throw a number in create")) throw 7;
  if (self->has("trap in create")) trap();
  if (self->has("loop in create")) loop();
  if (self->has("allocate in create")) allocate_without_end();
  change_process(*self, "create");
  *made = self;
  return FG_OK;
}

// Without its `packets` in a trial: what is to go wrong after a run does so then alone.
void destroy(void* made) {
  const std::unique_ptr<Instance> owned(static_cast<Instance*>(made));
  Instance& self = *owned;
  if (self.has("trap in destroy")) trap();
  if (self.has("throw in every destroy")) throw std::runtime_error("a key that is gone");
  if (self.packets > 0 && self.has("throw in destroy")) throw std::runtime_error("a key that is gone");
  if (self.packets > 0 && self.has("round in destroy")) std::fesetround(FE_UPWARD);
  if (self.packets > 0) end_process(self, "destroy");
  if (self.packets > 0) change_process(self, "destroy");
}

fg_status update(void* made, const fg_batch* batch) {
  Instance& self = *static_cast<Instance*>(made);
  self.packets += batch->count;
  end_process(self, "update");
  start_program(self, "update");
  change_process(self, "update");
  for (std::uint32_t i = 0; i < batch->count; ++i)
    ++reinterpret_cast<State*>(batch->records[i] + batch->state_offset)->packets;
  if (self.has("throw in update")) throw std::runtime_error("a packet of 0 bytes");
  if (self.has("trap in update")) trap();
  if (self.has("round in update")) std::fesetround(FE_UPWARD);
  if (self.has("overflow in update")) return overflow(reinterpret_cast<const int*>(batch)) == 0 ? FG_OK : FG_ERROR;
  if (self.has("allocate in update")) allocate_without_end();
  return FG_OK;
}

fg_string in_arena(const fg_emit* call, std::uint32_t row, std::string_view text) {
  auto* memory = static_cast<char*>(call->host->arena_alloc(call->arena, row, text.size()));
  if (memory != nullptr) text.copy(memory, text.size());
  return {memory, memory != nullptr ? text.size() : 0};
}

// What a cell of text must not hold, or what the host mends.
fg_string text_cell(const Instance& self, const fg_emit* call, std::uint32_t row, const State& state) {
  static const auto& heap = *new std::string(100, 'h');
  if (self.has("heap in emit")) return {heap.data(), heap.size()};
  if (self.has("state in emit")) return {reinterpret_cast<const char*>(&state), sizeof state};
  if (self.has("wild pointer in emit")) return {reinterpret_cast<const char*>(8), 5};
  if (self.has("beyond all in emit"))
    return {reinterpret_cast<const char*>(UINTPTR_MAX - 3), 5};  // NOLINT(performance-no-int-to-ptr)
  if (self.has("size in emit")) return {in_arena(call, row, "four").data, UINT64_MAX};
  if (self.has("bytes in emit"))
    return in_arena(call, row,
                    {"a\0\xff"
                     "b",
                     4});
  if (self.has("cut in emit")) return in_arena(call, row, std::string(FG_ROW_BYTES + 1, 'c'));
  return in_arena(call, row, self.fault);
}

template <class T>
T* cells(const fg_vector& vector) {
  return static_cast<T*>(vector.cells);
}

fg_status emit(void* made, const fg_emit* call) {
  const Instance& self = *static_cast<Instance*>(made);
  if (self.has("throw in emit")) throw std::runtime_error("a flow of 0 packets");
  if (self.has("trap in emit")) trap();
  if (self.has("round in emit")) std::fesetround(FE_UPWARD);
  end_process(self, "emit");
  change_process(self, "emit");
  for (std::uint32_t row = 0; row < call->row_count; ++row) {
    const auto& state = *reinterpret_cast<const State*>(call->records[row] + call->state_offset);
    if (auto* count = cells<std::uint64_t>(call->columns[0])) count[row] = state.packets;
    if (auto* ratio = cells<double>(call->columns[1]))
      ratio[row] = self.has("NaN in emit") ? std::numeric_limits<double>::quiet_NaN() : 0.5;
    // What derive, which is stateless, shall do.
    if (auto* text = cells<fg_string>(call->columns[2])) text[row] = text_cell(self, call, row, state);
  }
  return FG_OK;
}

void count(void* made, std::uint64_t* values) {
  const Instance& self = *static_cast<Instance*>(made);
  end_process(self, "count");
  change_process(self, "count");
  if (self.has("throw in count")) throw std::runtime_error("a number that is gone");
  if (self.has("round in count")) std::fesetround(FE_UPWARD);
  if (self.has("trap in count")) trap();
  values[0] = self.packets;
}

void release(void* made, const fg_flows*) {
  if (static_cast<Instance*>(made)->has("throw in release")) throw std::runtime_error("a list without an end");
  end_process(*static_cast<Instance*>(made), "release");
  change_process(*static_cast<Instance*>(made), "release");
  if (static_cast<Instance*>(made)->has("round in release")) std::fesetround(FE_UPWARD);
  if (static_cast<Instance*>(made)->has("trap in release")) trap();
}

fg_status derive(const fg_derive_call* call) {
  for (std::uint32_t row = 0; row < call->row_count; ++row) {
    const fg_string text = cells<fg_string>(call->inputs[0])[row];
    const std::string_view fault(text.data, text.size_bytes);
    if (fault == "throw in derive") throw std::runtime_error("a row of 0 cells");
    if (fault == "trap in derive") trap();
    if (fault == "round in derive") std::fesetround(FE_UPWARD);
    if (fault == "chdir in derive") (void)::chdir("/");
    if (fault == "close all in derive") ::close_range(STDERR_FILENO + 1, ~0U, 0);
    if (auto* half = cells<double>(call->outputs[0]))
      half[row] = fault == "infinity in derive" ? std::numeric_limits<double>::infinity() : 0.25;
  }
  return FG_OK;
}

constexpr fg_column kColumns[] = {
    {"count", "Packets", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING, 0, 0, 0},
    {"ratio", "0.5", FG_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0},
    {"fault", "The option", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0},
};
constexpr fg_option kOptions[] = {{"fault", "WHAT in WHERE", "none", FG_STRING, FG_UNIT_NONE}};
constexpr fg_counter kCounters[] = {{"packets", "Packets", FG_UNIT_PACKETS, 0}};
constexpr fg_feature kFeature = {
    .struct_size = sizeof(fg_feature),
    .state_size = sizeof(State),
    .state_align = alignof(State),
    .payload_bytes = 0,
    .needs = FG_NEEDS_NOTHING,
    .name = "faulty",
    .version = "1.0",
    .doc = "Does something wrong.",
    .columns = FG_ARRAY(kColumns),
    .options = FG_ARRAY(kOptions),
    .create = create,
    .destroy = destroy,
    .update = update,
    .emit = emit,
    .release = release,
    .counters = FG_ARRAY(kCounters),
    .count = count,
};
constexpr const fg_feature* kFeatures[] = {&kFeature};

constexpr fg_input kInputs[] = {{"faulty.fault", FG_STRING, 0}};
constexpr fg_column kOutputs[] = {{"half", "0.25", FG_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0}};
constexpr fg_derive kDerive = {sizeof(fg_derive), 0, FG_ARRAY(kInputs), FG_ARRAY(kOutputs), derive};
constexpr const fg_derive* kDerives[] = {&kDerive};
constexpr fg_schema_column kEntries[] = {
    {"packets", "faulty.count", FG_U64, FG_UNIT_PACKETS, FG_WHEN_BOTH, 0, nullptr},
    {"ratio", "faulty.ratio", FG_F64, FG_UNIT_NONE, FG_WHEN_BOTH, 0, nullptr},
    {"half", "faulty.half", FG_F64, FG_UNIT_NONE, FG_WHEN_BOTH, 0, nullptr},
};
constexpr fg_schema kSchema = {
    .struct_size = sizeof(fg_schema),
    .derive_count = 1,
    .name = "faulty",
    .version = "1.0",
    .doc = "What the feature of that name gives.",
    .columns = FG_ARRAY(kEntries),
    .derives = kDerives,
    .options = FG_NO_ARRAY,
};
constexpr const fg_schema* kSchemas[] = {&kSchema};

#if defined(FAULT_AT_LOAD)
const int kAtLoad = [] {
  if (FAULT_AT_LOAD == 1) trap();
  if (FAULT_AT_LOAD == 2) throw std::runtime_error("thrown at load");
  if (FAULT_AT_LOAD == 3) write_all();
  return 0;
}();
#endif

}  // namespace

extern const fg_module fg_module_v1 = {
    .struct_size = sizeof(fg_module),
    .min_host_minor = FG_TARGET_MINOR,
    .built_minor = FG_ABI_MINOR,
    .feature_count = 1,
    .schema_count = 1,
    .reserved = 0,
    .name = "faulty",
    .version = "1.0",
    .licence = "Apache-2.0",
    .features = kFeatures,
    .schemas = kSchemas,
};
