#include "core/ingest/input_list.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <tuple>

#include "core/base/host_path.h"
#include "core/base/try.h"
#include "core/ingest/capture_file.h"

namespace flowgauge {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kClosedInput =
    "cannot read standard input: it is closed; give it something to read, as in `flowgauge pcap - < FILE`";

struct FolderEntry {
  Input input;
  std::optional<std::int64_t> first_ns;  // of the first packet; none: no packet that can be read

  // Captures without a packet last.
  [[nodiscard]] auto order() const { return std::tuple(!first_ns.has_value(), first_ns.value_or(0), input.path); }
};

// What can be told of a regular file without reading it through. A capture that libpcap refuses stays in the list: the
// run names it and goes on.
FolderEntry look_into(const std::string& path, std::uint64_t size_bytes) {
  FolderEntry entry{{path, size_bytes, -1}, std::nullopt};
  auto capture = CaptureFile::open(path, {});
  if (!capture) return entry;
  Frame frame;
  if (capture->next(frame) != CaptureFile::ReadState::kFrame) return entry;
  entry.input.link_type = frame.link_type;
  if (frame.timestamp_valid) entry.first_ns = frame.timestamp_ns;
  return entry;
}

// Why what is no regular file stays out of a folder's captures.
std::string_view left_out_kind(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder, which is not searched";
  if (S_ISFIFO(mode)) return "a named pipe, which is read only if it is named itself";
  return "a device or a socket";
}

Result<void> add_folder(const std::string& folder, InputList& list) {
  std::error_code error;
  std::vector<FolderEntry> found;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string path = entry->path().string();
    if (entry->path().filename().string().starts_with('.')) continue;
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
      const int error_number = errno;
      list.left_out.push_back(error_number == ENOENT ? fmt::format("{}: a link to nothing", path)
                                                     : fmt::format("{}: {}", path, std::strerror(error_number)));
      continue;
    }
    if (!S_ISREG(status.st_mode)) {
      list.left_out.push_back(fmt::format("{}: {}", path, left_out_kind(status.st_mode)));
      continue;
    }
    const auto stream = TRY(CompressedStream::open(path, {}));
    if (stream->empty()) {
      list.left_out.push_back(fmt::format("{}: empty", path));
    } else if (capture_format(stream->head()) == CaptureFormat::kUnknown) {
      list.left_out.push_back(fmt::format("{}: not a capture", path));
    } else {
      found.push_back(look_into(path, static_cast<std::uint64_t>(status.st_size)));
    }
  }
  if (error) return fail(ExitCode::kInput, "cannot list folder {}: {}", folder, error.message());
  if (found.empty()) {
    return fail(ExitCode::kInput, "folder {} holds no capture (pcap or pcapng); folders below it are not searched",
                folder);
  }
  std::ranges::sort(found, {}, &FolderEntry::order);
  std::ranges::sort(list.left_out);
  for (FolderEntry& entry : found) list.inputs.push_back(std::move(entry.input));
  return {};
}

Result<void> add_file(const std::string& path, std::uint64_t size_bytes, InputList& list) {
  const auto stream = TRY(CompressedStream::open(path, {}));
  if (capture_format(stream->head()) == CaptureFormat::kUnknown) {
    return std::unexpected(Error{ExitCode::kInput, not_a_capture_message(*stream)});
  }
  list.inputs.push_back(look_into(path, size_bytes).input);
  return {};
}

Result<void> add(const std::string& path, InputList& list) {
  const bool is_standard = path == "-";
  if (is_standard && std::ranges::any_of(list.inputs, [](const Input& input) { return input.path == "-"; })) {
    return fail(ExitCode::kUsage, "standard input ('-') is named twice; it can be read once");
  }
  struct stat status {};
  if ((is_standard ? ::fstat(standard_input(), &status) : ::stat(host_path(path).c_str(), &status)) != 0) {
    const int error = errno;
    if (is_standard) return fail(ExitCode::kInput, "{}", kClosedInput);
    return fail(ExitCode::kInput, "cannot open {}: {}; {}", path, std::strerror(error),
                error == EACCES ? "ask for read permission" : "check the name");
  }
  if (is_standard) {
    // Closed ones are held by a file that cannot be read (core/app/standard_files.h).
    const int flags = ::fcntl(standard_input(), F_GETFL);
    if (flags < 0 || (flags & O_ACCMODE) == O_WRONLY) {
      return fail(ExitCode::kInput, "{}", kClosedInput);
    }
    list.inputs.push_back({path, S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0, -1});
    return {};
  }
  if (S_ISDIR(status.st_mode)) return add_folder(path, list);
  if (S_ISREG(status.st_mode)) return add_file(path, static_cast<std::uint64_t>(status.st_size), list);
  list.inputs.push_back({path, 0, -1});
  return {};
}

}  // namespace

Result<InputList> expand_inputs(std::span<const std::string> arguments) {
  InputList list;
  if (arguments.empty()) return fail(ExitCode::kUsage, "no capture is named; give a file, a folder or '-'");
  for (const std::string& argument : arguments) {
    TRY(add(argument, list));
  }
  return list;
}

}  // namespace flowgauge
