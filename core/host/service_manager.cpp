#include "core/host/service_manager.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "core/base/text.h"

namespace flowgauge {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Of this process, or of the one that watches it, which is the one that was started.
std::optional<std::chrono::microseconds> watchdog_of_environment() {
  const auto interval = parse_u64(environment("WATCHDOG_USEC"));
  const auto process = parse_u64(environment("WATCHDOG_PID"));
  const bool is_ours = !process || *process == static_cast<std::uint64_t>(::getpid()) ||
                       *process == static_cast<std::uint64_t>(::getppid());
  if (!interval || *interval == 0 || !is_ours) return std::nullopt;
  return std::chrono::microseconds(*interval);
}

}  // namespace

Result<std::optional<ServiceManager>> ServiceManager::of_environment() {
  const std::string_view path = environment("NOTIFY_SOCKET");
  if (path.empty()) return std::nullopt;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@'))
    return fail(ExitCode::kUsage, "NOTIFY_SOCKET={}: is no path of a socket", printable(path));
  std::memcpy(address.sun_path, path.data(), path.size());
  if (path[0] == '@') address.sun_path[0] = '\0';  // a name without a file
  FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  if (socket.get() < 0 || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), length) != 0)
    return fail(ExitCode::kUsage, "NOTIFY_SOCKET={}: the service manager cannot be reached ({})", printable(path),
                std::strerror(errno));
  return ServiceManager(std::move(socket), watchdog_of_environment());
}

void ServiceManager::tell(std::string_view lines) const noexcept {
  if (::send(socket_.get(), lines.data(), lines.size(), MSG_NOSIGNAL) < 0) return;  // nobody listens
}

bool goes_to_journal(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return false;
  return environment("JOURNAL_STREAM") == fmt::format("{}:{}", status.st_dev, status.st_ino);
}

}  // namespace flowgauge
