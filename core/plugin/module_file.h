// A plugin's file, judged as far as that goes without its code: opened once, trusted, hashed, peeked at, copied to
// where nobody can change it. Each refusal is a sentence "PATH: what is wrong; what to do".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/plugin/elf_peek.h"
#include "core/plugin/module.h"
#include "core/plugin/needed_libraries.h"
#include "core/plugin/trust.h"

namespace flowgauge {

struct LoadRequest {
  std::string path;
  Origin origin = Origin::kGiven;
  TrustRule trust = TrustRule::kOwnedFiles;
  std::optional<std::string> sha256;  // from the profile: the file must have it
};

struct Candidate {
  TrustedFile file;  // its descriptor is the sealed copy's, where the system lets code run from one
  std::string sha256;
  ModuleHead head;
  std::vector<NeededLibrary> libraries;
};

[[nodiscard]] Result<Candidate> open_candidate(const LoadRequest& request, JudgedLibraries& judged);

// What the dynamic linker is given: "/proc/4711/fd/5".
[[nodiscard]] std::string opened_path_of(const Candidate& candidate);

[[nodiscard]] Result<void> check_digest(const std::string& path, const std::string& has,
                                        const std::optional<std::string>& wants);

}  // namespace flowgauge
