#include "core/engine/arrow_stream.h"

#include <cerrno>
#include <new>
#include <string>
#include <utility>

namespace flowgauge {
namespace {

struct OwnedStream {
  std::unique_ptr<BatchReader> reader;
  std::string error;
};

OwnedStream& owned(ArrowArrayStream* stream) { return *static_cast<OwnedStream*>(stream->private_data); }

// Called from plain C: nothing may be thrown through it.
template <class Call>
int answered(ArrowArrayStream* stream, const Call& call) noexcept {
  try {
    return call();
  } catch (const std::bad_alloc&) {
    owned(stream).error.clear();
    return ENOMEM;
  } catch (...) {
    return EIO;
  }
}

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  return answered(stream, [&] {
    *out = owned(stream).reader->schema();
    return 0;
  });
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
  return answered(stream, [&] {
    *out = ArrowArray{};
    Result<std::optional<ArrowArray>> next = owned(stream).reader->next();
    if (!next) {
      owned(stream).error = next.error().message;
      return errno_of(next.error().code);
    }
    if (*next) *out = **next;
    return 0;
  });
}

const char* get_last_error(ArrowArrayStream* stream) {
  const std::string& error = owned(stream).error;
  return error.empty() ? nullptr : error.c_str();
}

void release_stream(ArrowArrayStream* stream) {
  const std::unique_ptr<OwnedStream> owned(static_cast<OwnedStream*>(stream->private_data));
  stream->release = nullptr;
}

}  // namespace

void export_stream(std::unique_ptr<BatchReader> reader, ArrowArrayStream& out) {
  auto owned = std::make_unique<OwnedStream>(std::move(reader), std::string());
  out = {.get_schema = get_schema,
         .get_next = get_next,
         .get_last_error = get_last_error,
         .release = release_stream,
         .private_data = owned.release()};
}

int errno_of(ExitCode code) {
  switch (code) {
    case ExitCode::kUsage:
      return EINVAL;
    case ExitCode::kMemory:
      return ENOMEM;
    case ExitCode::kPrivilege:
      return EACCES;
    case ExitCode::kInterrupted:
      return ECANCELED;
    default:
      return EIO;
  }
}

}  // namespace flowgauge
