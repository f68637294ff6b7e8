#include "core/engine/file_series.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "core/base/floor_divide.h"
#include "core/base/host_path.h"
#include "core/base/log.h"
#include "core/engine/table_metadata.h"
#include "core/output/time_name.h"

namespace flowgauge {
namespace {

namespace fs = std::filesystem;

std::string metadata_of(const std::string& path) { return path + std::string(kMetadataSuffix); }

bool is_free(const std::string& path) {
  struct stat status {};
  return ::lstat(host_path(path).c_str(), &status) != 0 && ::lstat(host_path(metadata_of(path)).c_str(), &status) != 0;
}

// Calls each(file, number) for every file of the folder that the path can have given.
template <class Each>
void for_each_file(const std::string& path, Each each) {
  const fs::path folder = fs::path(host_path(path)).parent_path();
  std::error_code error;
  for (fs::directory_iterator entry(folder.empty() ? "." : folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto number = number_of_name(path, entry->path().filename().string());
    std::error_code of_entry;
    if (number && entry->symlink_status(of_entry).type() == fs::file_type::regular) each(entry->path(), *number);
  }
}

struct KeptFile {
  fs::file_time_type time;
  std::string path;
  std::uintmax_t bytes;
};

std::uintmax_t bytes_of(const std::string& path) {
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(path, error);
  return error ? 0 : bytes;
}

bool remove_file(const std::string& path) {
  std::error_code error;
  fs::remove(path, error);
  if (error) log_warning("{}: cannot be deleted, though 'keep' has too many files: {}", path, error.message());
  return !error;
}

}  // namespace

FileSeries::FileSeries(std::string path, Naming naming, const RotateRule& rotate, const KeepRule& keep,
                       ExistingFile existing)
    : path_(std::move(path)),
      rotate_(rotate),
      keep_(keep),
      has_fields_(naming == Naming::kFields && has_time_fields(path_)),
      existing_(existing) {}

void FileSeries::begin(std::int64_t now_ns) {
  begin_ns_ = now_ns;
  if (rotate_.interval_ns == 0) return;
  const std::int64_t aligned_ns = floor_divide(now_ns, rotate_.interval_ns) * rotate_.interval_ns;
  if (rotate_.align && is_due(now_ns) && due_ns_ != std::numeric_limits<std::int64_t>::max()) begin_ns_ = aligned_ns;
  due_ns_ = (rotate_.align ? aligned_ns : now_ns) + rotate_.interval_ns;
}

std::string FileSeries::name(Next next) {
  const bool is_first = std::exchange(is_first_, false);
  if (has_fields_) {
    std::string name = with_time(path_, begin_ns_);
    std::string free = name;
    for (std::uint64_t number = 1; !is_free(free); ++number) free = with_number(name, number);
    return free;
  }
  if (rotate_.any()) return numbered();
  if (existing_ == ExistingFile::kAppend) return path_;
  // A run whose files are ended by a signal alone: the first has the name that was asked for.
  if ((is_first && (existing_ == ExistingFile::kReplace || next == Next::kNone)) || is_free(path_)) return path_;
  return numbered();
}

// Behind all that are there: after a restart the numbers go on.
std::string FileSeries::numbered() {
  if (number_ == 0)
    for_each_file(path_, [&](const fs::path&, std::uint64_t number) { number_ = std::max(number_, number); });
  std::string name;
  do {
    name = with_number(path_, ++number_);
  } while (!is_free(name));
  return name;
}

std::uint64_t FileSeries::delete_oldest(const std::string& newest) const {
  if (!keep_.any()) return 0;
  std::vector<KeptFile> files;
  const std::string newest_name = fs::path(newest).filename().string();
  std::uint64_t bytes = bytes_of(host_path(newest)) + bytes_of(host_path(metadata_of(newest)));
  for_each_file(path_, [&](const fs::path& file, std::uint64_t number) {
    if (file.filename() == newest_name || (!has_fields_ && number == 0)) return;
    std::error_code error;
    files.push_back({fs::last_write_time(file, error), file.string(),
                     bytes_of(file.string()) + bytes_of(metadata_of(file.string()))});
  });
  std::ranges::sort(files, std::ranges::greater(), [](const KeptFile& file) { return std::tie(file.time, file.path); });
  std::uint64_t kept = 1;
  std::uint64_t deleted = 0;
  bool fits = true;  // one that does not, and all that are older, go
  for (const KeptFile& file : files) {
    bytes += file.bytes;
    fits = fits && (keep_.files == 0 || kept < keep_.files) && (keep_.size_bytes == 0 || bytes <= keep_.size_bytes);
    if (fits)
      ++kept;
    else if (remove_file(metadata_of(file.path)) && remove_file(file.path))
      ++deleted;
  }
  return deleted;
}

Result<void> check_fields(const std::string& path, const std::string& where) {
  const auto checked = check_time_fields(path);
  if (checked) return {};
  return fail(checked.error().code, "{}{}", where.empty() ? "--export-path: " : where, checked.error().message);
}

}  // namespace flowgauge
