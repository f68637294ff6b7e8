#include "core/plugin/module_file.h"

#include <utility>

#include "core/base/digest.h"
#include "core/base/try.h"
#include "core/plugin/opened_path.h"
#include "core/plugin/sealed_copy.h"

namespace flowgauge {

Result<Candidate> open_candidate(const LoadRequest& request, JudgedLibraries& judged) {
  TrustedFile file = TRY(open_trusted(request.path, request.trust));
  // Files are written over while they run, by `cmake --install` as well: the same inode, other bytes.
  SealedCopy copy = TRY(sealed_copy(file));
  Candidate candidate{.file = std::move(file), .sha256 = to_hex(sha256(copy.bytes)), .head = {}, .libraries = {}};
  TRY(check_digest(request.path, candidate.sha256, request.sha256));
  candidate.head = TRY(peek_module(copy.bytes, request.path));
  const ElfImage image = TRY(ElfImage::read(copy.bytes, request.path, ""));
  candidate.libraries = TRY(find_needed_libraries(image, request.path, request.trust, judged));
  if (copy.descriptor) candidate.file.descriptor = std::move(copy.descriptor);
  return candidate;
}

std::string opened_path_of(const Candidate& candidate) { return opened_path_of(candidate.file.descriptor.get()); }

Result<void> check_digest(const std::string& path, const std::string& has, const std::optional<std::string>& wants) {
  if (!wants || *wants == has) return {};
  return fail(ExitCode::kPlugin,
              "{}: has sha256 {}, the profile wants {}; find out who changed the file, or put the new digest into the "
              "profile",
              path, has, *wants);
}

}  // namespace flowgauge
