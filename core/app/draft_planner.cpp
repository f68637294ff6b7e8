#include "core/app/draft_planner.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <utility>

#include "core/app/signals.h"
#include "core/base/log.h"
#include "core/base/try.h"
#include "core/profile/output_name.h"
#include "core/profile/profile_reader.h"

namespace flowgauge {
namespace {

// What the child writes: parts that end with NUL, each begins with what it is. kEnd is the last one.
enum class Part : char { kTable = 'T', kColumn = 'C', kError = 'E', kEnd = '.' };

void add_part(std::string& message, Part part, std::string_view text) {
  message += static_cast<char>(part);
  message.append(text.data(), std::min(text.find('\0'), text.size())).append(1, '\0');
}

Result<std::string> plan_message(const std::string& text, const std::string& name, const PluginPaths& paths) {
  Profile profile = TRY(parse_profile(text, name));
  TRY(settle_formats(profile));
  const auto plan = TRY(make_plan(profile, paths));
  std::string message;
  for (const PlannedOutput& output : plan->outputs) {
    add_part(message, Part::kTable, output.schema.name);
    for (const OutputColumn& column : output.columns) add_part(message, Part::kColumn, column.name);
  }
  return message;
}

[[noreturn]] void be_child(int pipe, const std::string& text, const std::string& name, const PluginPaths& paths,
                           pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(0);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::signal(signal, SIG_IGN);  // the editor's matter
  terminal_at_end().forget();
  const LogScope nothing_is_said(nullptr);
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nowhere, standard);
  const Result<std::string> planned = plan_message(text, name, paths);
  std::string message;
  if (planned)
    message = *planned;
  else
    add_part(message, Part::kError, planned.error().message);
  add_part(message, Part::kEnd, "");
  for (std::string_view rest = message; !rest.empty();) {
    const ssize_t written = ::write(pipe, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) break;  // nobody reads it any more
    rest.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  ::_exit(0);
}

PlannedTables failed_plan(std::string message) {
  return {.tables = {}, .error = Error{ExitCode::kPlugin, std::move(message)}};
}

PlannedTables tables_of(std::string_view message) {
  PlannedTables planned;
  for (bool is_whole = false; !is_whole;) {
    const std::size_t end = message.find('\0');
    if (end == std::string_view::npos || end == 0)
      return failed_plan("a plugin ended the process that looked at the columns; 'flowgauge profile check' says which");
    const std::string text(message.substr(1, end - 1));
    switch (static_cast<Part>(message.front())) {
      case Part::kTable:
        planned.tables.push_back({text, {}});
        break;
      case Part::kColumn:
        planned.tables.back().columns.push_back(text);
        break;
      case Part::kError:
        return failed_plan(text);
      case Part::kEnd:
        is_whole = true;
        break;
    }
    message.remove_prefix(end + 1);
  }
  return planned;
}

}  // namespace

void DraftPlanner::give_up() {
  pipe_ = FileDescriptor();
  read_.clear();
  if (child_ == 0) return;
  ::kill(child_, SIGKILL);
  while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
  child_ = 0;
}

void DraftPlanner::ask(const std::string& text, const std::string& name) {
  give_up();
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
  pipe_ = FileDescriptor(ends[0]);
  const FileDescriptor for_child(ends[1]);
  ::fcntl(for_child.get(), F_SETFL, 0);  // the child waits where there is much to write
  const pid_t parent = ::getpid();
  child_ = ::fork();
  if (child_ == 0) be_child(for_child.get(), text, name, paths_, parent);
  if (child_ < 0) child_ = 0;  // the pipe's end says so
}

std::optional<PlannedTables> DraftPlanner::answer() {
  if (!pipe_) return std::nullopt;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t size = ::read(pipe_.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return std::nullopt;
    if (size <= 0) break;
    read_.append(buffer.data(), static_cast<std::size_t>(size));
  }
  PlannedTables planned = tables_of(read_);
  give_up();
  return planned;
}

}  // namespace flowgauge
