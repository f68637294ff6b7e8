// How a worker ended, as the supervisor tells it and ends itself.
#pragma once

#include <string>

#include "core/app/supervised.h"
#include "core/base/result.h"

namespace flowgauge {

struct EndOfWorker {
  std::string message;  // empty: it has said all itself
  ExitCode code = ExitCode::kOk;
  int signal = 0;  // that it died of; 0: none
};

// `status`: of waitpid.
[[nodiscard]] EndOfWorker end_of_worker(const Supervised& shared, int status);

}  // namespace flowgauge
