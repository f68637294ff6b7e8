#include "core/summary/parquet_reader.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/handle.h"
#include "core/base/host_path.h"
#include "core/base/text.h"
#include "core/base/try.h"

namespace flowgauge {
namespace {

constexpr std::size_t kLongestMessage = 4096;

// A process of the helper: what it writes comes out of a pipe, what it says is kept.
class HelperProcess {
 public:
  HelperProcess() = default;
  HelperProcess(HelperProcess&& other) noexcept
      : output_(std::move(other.output_)), said_(std::move(other.said_)), pid_(std::exchange(other.pid_, 0)) {}
  HelperProcess& operator=(HelperProcess&&) = delete;
  HelperProcess(const HelperProcess&) = delete;
  HelperProcess& operator=(const HelperProcess&) = delete;
  ~HelperProcess() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  static Result<HelperProcess> start(const std::string& helper, const std::string& what, const std::string& path) {
    HelperProcess process;
    std::array<int, 2> ends{-1, -1};
    process.said_ = FileDescriptor(::memfd_create("said", MFD_CLOEXEC));
    if (!process.said_ || ::pipe2(ends.data(), O_CLOEXEC) != 0)
      return fail(ExitCode::kInput, "{}: cannot be read: {}", path, std::strerror(errno));
    process.output_ = FileDescriptor(ends[0]);
    const FileDescriptor to_write(ends[1]);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, to_write.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, process.said_.get(), STDERR_FILENO);
    std::array<std::string, 3> words{helper, what, host_path(path)};
    std::array<char*, 4> arguments{words[0].data(), words[1].data(), words[2].data(), nullptr};
    const int error = ::posix_spawn(&process.pid_, helper.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error == 0) return process;
    process.pid_ = 0;
    return fail(ExitCode::kInput, "{}: {} cannot be started: {}", path, helper, std::strerror(error));
  }

  [[nodiscard]] int output() const { return output_.get(); }

  // Once it has written all: whether it says that this was all.
  Result<void> end(const std::string& path) {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    std::string said(kLongestMessage, '\0');
    const ssize_t got = ::pread(said_.get(), said.data(), said.size(), 0);
    said.resize(static_cast<std::size_t>(std::max<ssize_t>(0, got)));
    while (said.ends_with('\n')) said.pop_back();
    return fail(ExitCode::kInput, "{}: {}", path, said.empty() ? "its reader ended without a word" : printable(said));
  }

 private:
  FileDescriptor output_;
  FileDescriptor said_;
  pid_t pid_ = 0;
};

class ParquetReader final : public TableReader {
 public:
  ParquetReader(std::string path, HelperProcess process, std::string account)
      : path_(std::move(path)), process_(std::move(process)), account_(std::move(account)) {}

  Result<void> open(const TableOpening& opening) {
    const std::string output = fmt::format("/proc/self/fd/{}", process_.output());
    auto stream = TRY(CompressedStream::open(output, {.stop = &opening.stop.flag()}));
    stream_name_ = stream->name();
    if (stream->empty()) {
      TRY(process_.end(path_));
      return fail(ExitCode::kInput, "{}: has no columns", path_);
    }
    auto rows = open_csv(std::move(stream));
    if (!rows) return of_table(rows.error());
    rows_ = std::move(*rows);
    return {};
  }

  Result<bool> read(CellBlock& block) override {
    if (is_done_) return false;
    auto read = rows_->read(block);
    if (!read) return of_table(read.error());
    if (*read) return true;
    is_done_ = true;
    TRY(process_.end(path_));
    return false;
  }
  [[nodiscard]] const std::vector<std::string>& names() const override { return rows_->names(); }
  [[nodiscard]] std::string_view format() const override { return path_.ends_with(".arrow") ? "Arrow" : "Parquet"; }
  [[nodiscard]] std::string_view compression() const override { return {}; }
  [[nodiscard]] const LeftOut& left_out() const override { return none_; }
  [[nodiscard]] std::string account() const override { return account_; }

 private:
  std::unexpected<Error> of_table(Error error) {
    error.message = replaced(error.message, stream_name_, path_);
    return std::unexpected(std::move(error));
  }

  std::string path_;
  HelperProcess process_;
  std::string account_;
  std::string stream_name_;
  std::unique_ptr<TableReader> rows_;
  LeftOut none_;  // the helper writes none of it
  bool is_done_ = false;
};

Result<std::string> all_of(const std::string& helper, const std::string& what, const std::string& path) {
  auto process = TRY(HelperProcess::start(helper, what, path));
  std::string text;
  for (std::array<char, 4096> part{};;) {
    const ssize_t got = ::read(process.output(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    text.append(part.data(), static_cast<std::size_t>(got));
  }
  TRY(process.end(path));
  return text;
}

}  // namespace

Result<std::unique_ptr<TableReader>> open_parquet(const std::string& path, const TableOpening& opening) {
  if (path == "-")
    return fail(ExitCode::kInput,
                "standard input: is Parquet or Arrow, which is read from its end; give the file's name");
  if (opening.parquet_rows.empty())
    return fail(ExitCode::kInput,
                "{}: is Parquet or Arrow, and what reads it is not installed; install flowgauge-arrow, or write CSV",
                path);
  std::string account = TRY(all_of(opening.parquet_rows, "account", path));
  auto process = TRY(HelperProcess::start(opening.parquet_rows, "rows", path));
  auto reader = std::make_unique<ParquetReader>(path, std::move(process), std::move(account));
  TRY(reader->open(opening));
  return std::unique_ptr<TableReader>(std::move(reader));
}

}  // namespace flowgauge
