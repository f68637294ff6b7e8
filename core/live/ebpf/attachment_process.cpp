#include "core/live/ebpf/attachment_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/handle.h"
#include "core/base/log.h"
#include "core/host/capabilities.h"
#include "core/host/interface_watch.h"
#include "core/host/privileges.h"
#include "core/host/system_calls.h"

namespace flowgauge {
namespace {

// A request is a datagram of WantedInterface, as many as there are: look after these. An empty run of them, which is
// one byte, is the end.
constexpr char kEnd = 'e';

enum class Answer : std::uint32_t { kLog, kBlind, kFailed, kDone };

// One datagram, with text behind it.
struct AnswerHead {
  Answer answer = Answer::kDone;
  std::uint32_t number = 0;  // kLog: the level; kFailed: the exit code
  BlindTime blind{};
};

constexpr std::size_t kLongestText = 2000;

void send_answer(int socket, const AnswerHead& head, std::string_view text = {}) {
  std::array<char, sizeof head + kLongestText> datagram{};
  std::memcpy(datagram.data(), &head, sizeof head);
  const std::size_t bytes = text.substr(0, kLongestText).copy(datagram.data() + sizeof head, kLongestText);
  (void)::send(socket, datagram.data(), sizeof head + bytes, MSG_NOSIGNAL);  // a run that is gone is found out by recv
}

// What is said there is said by the run.
class ForwardedLog final : public Log {
 public:
  ForwardedLog(int socket, const Log* log) : socket_(socket), log_(log) {}
  [[nodiscard]] bool is_enabled(LogLevel level) const noexcept override {
    return log_ != nullptr && log_->is_enabled(level);
  }
  void write(LogLevel level, std::string_view text) noexcept override {
    send_answer(socket_, {Answer::kLog, static_cast<std::uint32_t>(level)}, text);
  }

 private:
  int socket_;
  const Log* log_;
};

// Whatever the run's process has open is not this one's: whoever reads its output shall find the end.
void let_go_of_standard_streams() {
  const FileDescriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO})
    if (nothing) ::dup2(nothing.get(), stream);
}

void answer_look(int socket, Attachments& attachments, std::span<const WantedInterface> wanted) {
  const auto blind = attachments.look(wanted);
  if (!blind) {
    send_answer(socket, {Answer::kFailed, static_cast<std::uint32_t>(blind.error().code)}, blind.error().message);
    return;
  }
  for (const BlindTime& one : *blind) send_answer(socket, {Answer::kBlind, 0, one});
  send_answer(socket, {});
}

void serve(int socket, std::unique_ptr<Attachments> attachments) {
  // Signals to the group are meant for the run.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE}) std::signal(signal, SIG_IGN);
  for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL}) std::signal(signal, SIG_DFL);
  ::prctl(PR_SET_NAME, "flowgauge-watch", 0, 0, 0);
  let_go_of_standard_streams();
  const bool has_bpf = effective_capabilities().has(Capability::kBpf);
  if (!drop_capabilities(has_bpf ? kAttachCapabilities : kAttachCapabilities.with({Capability::kSysAdmin}))) return;
  if (!limit_system_calls(LimitedProcess::kWatch, OnRefused::kError)) log_debug("seccomp cannot be had");
  std::vector<WantedInterface> wanted(InterfaceWatch::kMostFollowed);
  for (;;) {
    const ::ssize_t size = ::recv(socket, wanted.data(), wanted.size() * sizeof wanted[0], 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < static_cast<::ssize_t>(sizeof wanted[0])) break;
    answer_look(socket, *attachments, std::span(wanted).first(static_cast<std::size_t>(size) / sizeof wanted[0]));
  }
  attachments.reset();
  send_answer(socket, {});
}

class AttachmentProcess final : public AttachmentHolder {
 public:
  AttachmentProcess(FileDescriptor socket, ::pid_t process) : socket_(std::move(socket)), process_(process) {}

  ~AttachmentProcess() override {
    if (!ask(&kEnd, sizeof kEnd) || !take_answers()) ::kill(process_, SIGKILL);
    socket_ = FileDescriptor();
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  [[nodiscard]] Result<std::vector<BlindTime>> look(std::span<const WantedInterface> wanted) override {
    if (wanted.empty()) return std::vector<BlindTime>{};
    if (!ask(wanted.data(), wanted.size_bytes())) return gone();
    return take_answers();
  }

 private:
  [[nodiscard]] bool ask(const void* request, std::size_t bytes) const {
    return ::send(socket_.get(), request, bytes, MSG_NOSIGNAL) == static_cast<::ssize_t>(bytes);
  }

  [[nodiscard]] static std::unexpected<Error> gone() {
    return fail(ExitCode::kInput,
                "the process that keeps the kernel programs attached is gone or does not answer, and with it capture");
  }

  // Until the one that ends them.
  [[nodiscard]] Result<std::vector<BlindTime>> take_answers() const {
    std::vector<BlindTime> blind;
    std::array<char, sizeof(AnswerHead) + kLongestText> datagram{};
    for (;;) {
      const ::ssize_t size = ::recv(socket_.get(), datagram.data(), datagram.size(), 0);
      if (size < 0 && errno == EINTR) continue;
      AnswerHead head;
      if (size < static_cast<::ssize_t>(sizeof head)) return gone();
      std::memcpy(&head, datagram.data(), sizeof head);
      const std::string_view text(datagram.data() + sizeof head, static_cast<std::size_t>(size) - sizeof head);
      switch (head.answer) {
        case Answer::kLog:
          log_text(static_cast<LogLevel>(head.number), text);
          break;
        case Answer::kBlind:
          blind.push_back(head.blind);
          break;
        case Answer::kFailed:
          return std::unexpected(Error{static_cast<ExitCode>(head.number), std::string(text)});
        case Answer::kDone:
          return blind;
      }
    }
  }

  FileDescriptor socket_;
  ::pid_t process_;
};

}  // namespace

Result<std::unique_ptr<AttachmentHolder>> keep_in_process(std::unique_ptr<Attachments> attachments) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return fail(ExitCode::kInput, "cannot keep the kernel programs attached: {}", std::strerror(errno));
  FileDescriptor ours(ends[0]), its(ends[1]);
  const timeval limit{.tv_sec = 10, .tv_usec = 0};  // for the answer that never comes
  ::setsockopt(ours.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const ::pid_t process = ::fork();
  if (process < 0) return fail(ExitCode::kInput, "cannot keep the kernel programs attached: {}", std::strerror(errno));
  if (process == 0) {
    ours = FileDescriptor();
    ForwardedLog log(its.get(), bound_log());
    const LogScope scope(&log);
    serve(its.get(), std::move(attachments));
    ::_exit(0);
  }
  attachments->leave();
  return std::make_unique<AttachmentProcess>(std::move(ours), process);
}

}  // namespace flowgauge
