/* The structs of the Arrow C data interface (flowgauge/plugin.h has them) and of its C stream interface, as their
 * specification has them (https://arrow.apache.org/docs/format/CStreamInterface.html). The guard is that of the
 * specification, so that several declarations get along. */
#pragma once

#include "core/sdk/flowgauge/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */

#ifdef __cplusplus
}
#endif
