// What the sinks parquet and arrow begin with: the batches, the descriptor.
#pragma once

#include <flowgauge/sdk.hpp>
#include <memory>

#include "batches.h"
#include "cell_types.h"
#include "descriptor_stream.h"

namespace arrow_sinks {

struct Opened {
  template <class Sink>
  explicit Opened(const fg::SinkOpen<Sink>& open)
      : host(open.host()),
        batches(open.schema(), cell_types(open)),
        stream(std::make_shared<DescriptorStream>(open.descriptor())) {}

  const fg_host& host;
  Batches batches;
  std::shared_ptr<DescriptorStream> stream;
};

}  // namespace arrow_sinks
