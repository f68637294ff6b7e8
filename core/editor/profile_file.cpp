#include "core/editor/profile_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "core/base/handle.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/profile/profile_reader.h"

namespace flowgauge {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kNewFile = 0666;  // less what the person's umask takes

mode_t rights_of_new_files() {
  const mode_t taken = ::umask(0);
  ::umask(taken);
  return kNewFile & ~taken;
}

std::unexpected<Error> unwritten(const std::string& path, int error) {
  return fail(ExitCode::kOutput, "{}: cannot be written ({})", printable(path), std::strerror(error));
}

Result<void> write_all(int file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return unwritten(path, errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file) != 0) return unwritten(path, errno);
  return {};
}

// Where the name may not be taken, a link to it fails if it is.
Result<void> give_name(const std::string& temporary, const std::string& target, const std::string& path,
                       Replace replace) {
  if (replace == Replace::kYes) {
    if (::rename(temporary.c_str(), target.c_str()) == 0) return {};
    return unwritten(path, errno);
  }
  if (::link(temporary.c_str(), target.c_str()) == 0) {
    ::unlink(temporary.c_str());
    return {};
  }
  if (errno == EEXIST) return fail(ExitCode::kOutput, "{} exists", printable(path));
  // File systems without links.
  if (!is_file_there(path) && ::rename(temporary.c_str(), target.c_str()) == 0) return {};
  return unwritten(path, errno);
}

}  // namespace

Result<std::string> read_profile_file(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return fail(ExitCode::kUsage, "{}: cannot be read ({})", printable(path), std::strerror(errno));
  std::string text;
  std::string buffer(std::size_t{64} << 10, '\0');
  for (;;) {
    const ssize_t size = ::read(file.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return fail(ExitCode::kUsage, "{}: cannot be read ({})", printable(path), std::strerror(errno));
    if (size == 0) return text;
    text.append(buffer, 0, static_cast<std::size_t>(size));
    if (text.size() > kLargestProfileBytes)
      return fail(ExitCode::kUsage, "{}: larger than {}; this is no profile", printable(path),
                  human_bytes(kLargestProfileBytes));
  }
}

bool is_file_there(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

Result<void> write_profile_file(const std::string& path, std::string_view text, Replace replace) {
  std::error_code error;
  const fs::path resolved = fs::weakly_canonical(path, error);
  const std::string target = error ? path : resolved.string();
  struct stat before {};
  const bool is_there = ::stat(target.c_str(), &before) == 0;
  if (is_there && !S_ISREG(before.st_mode)) return fail(ExitCode::kOutput, "{} is no file", printable(path));
  if (is_there && replace == Replace::kNo) return fail(ExitCode::kOutput, "{} exists", printable(path));
  std::string temporary = target + ".XXXXXX";
  const FileDescriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file) return unwritten(path, errno);
  Result<void> done = write_all(file.get(), text, path);
  if (done && ::fchmod(file.get(), is_there ? before.st_mode & 07777 : rights_of_new_files()) != 0)
    done = unwritten(path, errno);
  if (done) done = give_name(temporary, target, path, replace);
  if (!done) ::unlink(temporary.c_str());
  return done;
}

CompletedPath complete_path(const std::string& text) {
  const std::size_t slash = text.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : text.substr(0, slash + 1);
  const std::string begun = text.substr(folder.size());
  CompletedPath completed{.text = text, .candidates = {}};
  std::error_code error;
  for (fs::directory_iterator entry(folder.empty() ? "." : folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (!name.starts_with(begun) || (begun.empty() && name.starts_with('.'))) continue;
    std::error_code ignored;
    completed.candidates.push_back(entry->is_directory(ignored) ? name + "/" : name);
  }
  if (completed.candidates.empty()) return completed;
  std::ranges::sort(completed.candidates);
  const std::string& first = completed.candidates.front();
  const std::string& last = completed.candidates.back();
  const auto common = std::ranges::mismatch(first, last).in1 - first.begin();
  completed.text = folder + first.substr(0, static_cast<std::size_t>(common));
  if (completed.candidates.size() == 1) completed.candidates.clear();
  return completed;
}

}  // namespace flowgauge
