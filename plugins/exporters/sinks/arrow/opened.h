// What the sinks parquet and arrow begin with: the options that both have, the batches, the descriptor.
#pragma once

#include <flowgauge/sdk.hpp>
#include <memory>
#include <optional>
#include <string_view>

#include "batches.h"
#include "descriptor_stream.h"

namespace arrow_sinks {

inline constexpr fg::Option kUint64{"uint64", "Numbers without a sign as uint64; else int64, which more readers know",
                                    FG_BOOL, FG_UNIT_NONE, "false"};
inline constexpr fg::Option kTime =
    fg::Option{"time", "Absolute times as timestamps of that unit, in UTC; plain: texts and numbers, as in CSV",
               FG_STRING, FG_UNIT_NONE, "plain"}
        .one_of<"plain", "us", "ns">();

struct Opened {
  template <class Sink>
  explicit Opened(const fg::SinkOpen<Sink>& open)
      : host(open.host()),
        batches(open.schema(), {.numbers = open.template get<"uint64">() ? Numbers::kUint64 : Numbers::kInt64,
                                .time = unit_of(open.template get<"time">())}),
        stream(std::make_shared<DescriptorStream>(open.descriptor())) {}

  static std::optional<arrow::TimeUnit::type> unit_of(std::string_view option) {
    if (option == "us") return arrow::TimeUnit::MICRO;
    return option == "ns" ? std::optional(arrow::TimeUnit::NANO) : std::nullopt;
  }

  const fg_host& host;
  Batches batches;
  std::shared_ptr<DescriptorStream> stream;
};

}  // namespace arrow_sinks
