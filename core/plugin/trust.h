// Opens a plugin's file, or says why its code shall not run with the user's rights: constructors of a library
// run as soon as it is loaded, so this comes first.
// Trusted: a regular file of root or of the user, and every folder above it likewise, none of them writable by
// anybody else. Writable by a group counts as writable by others, unless the group is root's or the user's own
// private one (same name as the user, no other member: the default of several distributions). A POSIX access list that
// lets others write counts as well. A folder that
// others may write is accepted if it is sticky, as /tmp is: they cannot replace what is not theirs.
// Whoever can write the running program, library or module itself is trusted as the user is (code_writers.h).
// In a user namespace one number stands for root of the machine and for any stranger: where the program is that one's,
// it is trusted for what the program was installed with, and for folders.
// A program with more rights than its user (set-user-ID, file capabilities) trusts root alone, whatever the rule.
// Symbolic links are followed and the real path is judged. Read, hashed and loaded is always this one descriptor (or a
// copy of what was read, see sealed_copy.h), so that nobody can exchange the file in between.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/plugin/code_writers.h"

namespace flowgauge {

enum class TrustRule { kOwnedFiles, kAnyFile };  // kAnyFile: --insecure-plugins; what is wrong is only a warning

struct TrustedFile {
  FileDescriptor descriptor;
  std::string path;  // as asked for
  dev_t device = 0;
  ino_t inode = 0;
  std::uint64_t size_bytes = 0;
  std::int64_t changed_ns = 0;  // when its contents, owner or mode were changed last
};

// A regular file, whosever it is: to be read, never to be loaded. Never blocks: a FIFO or device is refused, not read.
[[nodiscard]] Result<TrustedFile> open_to_look(const std::string& path);

// The same, and its code may run.
[[nodiscard]] Result<TrustedFile> open_trusted(const std::string& path, TrustRule rule);

// What stands there, up to the size of the buffer; nothing where the file has become shorter.
[[nodiscard]] Result<std::span<const std::uint8_t>> read_at(const TrustedFile& file, std::uint64_t offset,
                                                            std::span<std::uint8_t> buffer);
// The whole contents, read through the descriptor.
[[nodiscard]] Result<std::vector<std::uint8_t>> read_all(const TrustedFile& file);

// What is wrong with the owner and mode of one file or folder, empty if nothing: "is owned by user 1000". `user`
// is who runs it; `code`: who can write what runs already. Pure but for the look-up of groups.
[[nodiscard]] std::string distrust(const struct stat& status, uid_t user, const CodeWriters& code = {});
// The same of its POSIX access list, the bytes of system.posix_acl_access.
[[nodiscard]] std::string distrust_list(std::span<const std::uint8_t> attribute, uid_t user,
                                        const CodeWriters& code = {});

}  // namespace flowgauge
