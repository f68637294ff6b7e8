#include "core/engine/file_clash.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <system_error>

#include "core/base/host_path.h"
#include "core/output/destination.h"

namespace flowgauge {
namespace {

std::string identity_of(const struct stat& status) {
  return S_ISREG(status.st_mode) ? fmt::format("{}:{}", status.st_dev, status.st_ino) : std::string();
}

// Empty: no file that could be lost.
std::string identity_of(const std::string& path) {
  struct stat status {};
  if (::stat(host_path(path).c_str(), &status) == 0) return identity_of(status);
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  const std::filesystem::path leads_to = std::filesystem::weakly_canonical(absolute, error);
  return error ? absolute.lexically_normal().string() : leads_to.string();
}

std::string identity_of_input(const std::string& path) {
  if (path != "-") return identity_of(path);
  struct stat status {};
  return ::fstat(standard_input(), &status) == 0 ? identity_of(status) : std::string();
}

}  // namespace

Result<void> check_for_clash(std::span<const ReadFile> read, std::span<const WrittenFile> written) {
  std::map<std::string, std::string> taken;  // identity, what it is
  for (const ReadFile& file : read)
    if (std::string identity = identity_of_input(file.path); !identity.empty())
      taken.emplace(std::move(identity), file.what);
  for (const WrittenFile& file : written) {
    if (is_standard_output(file.path) || identity_of(file.path).empty()) continue;
    for (const std::string& path : {file.path, file.path + ".part"}) {
      const auto [other, is_new] = taken.emplace(identity_of(path), file.what);
      if (!is_new)
        return fail(ExitCode::kUsage, "{}{}: {} {}; choose another name for one of them", file.where, path, file.action,
                    other->second);
    }
  }
  return {};
}

}  // namespace flowgauge
