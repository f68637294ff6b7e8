// What both sinks begin with: the options that they share, the table, the messages.
#pragma once

#include <flowgauge/sdk.hpp>
#include <string>
#include <string_view>

#include "messages.h"

namespace ipfix_sinks {

inline constexpr fg::Option kDomain =
    fg::Option{"domain", "The observation domain: tells the exporters of one collector apart", FG_U64, FG_UNIT_NONE,
               "1"}
        .between("0", "4294967295");
inline constexpr fg::Option kEnterprise =
    fg::Option{"enterprise", "The private enterprise number of flowgauge's own elements; 32473 is that of examples",
               FG_U64, FG_UNIT_NONE, "32473"}
        .between("1", "4294967295");
inline constexpr fg::Option kElementsFile{"elements", "A file of more information elements, as elements.tsv", FG_STRING,
                                          FG_UNIT_NONE, ""};
inline constexpr fg::Option kTime =
    fg::Option{"time",
               "Starts and ends of flows in ms, which all collectors know, in us, in ns, or ms and ns beside them",
               FG_STRING, FG_UNIT_NONE, "ms_ns"}
        .one_of<"ms_ns", "ms", "us", "ns">();

class Opened {
 public:
  template <class Sink>
  Opened(const fg::SinkOpen<Sink>& open, ExportTime export_time, Messages::Send send)
      : host_(open.host()),
        table_(table_of(open.schema())),
        registry_(open.template get<"elements">()),
        messages(table_, registry_,
                 {.domain = static_cast<std::uint32_t>(open.template get<"domain">()),
                  .enterprise = static_cast<std::uint32_t>(open.template get<"enterprise">()),
                  .times = units_of(open.template get<"time">()),
                  .export_time = export_time},
                 std::move(send)) {}
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() = default;

  void warn(const std::string& text) const { host_.log(FG_LOG_WARNING, text.data(), text.size()); }
  // Of what could not be told as it is.
  void warn_of_rows() const {
    if (messages.rows_cut() != 0)
      warn(std::to_string(messages.rows_cut()) +
           " rows have texts or lists that were cut: no message is as long as they are");
  }

 private:
  static TimeUnits units_of(std::string_view option) {
    if (option == "ms") return {TimeUnit::kMilliseconds};
    if (option == "us") return {TimeUnit::kMicroseconds};
    if (option == "ns") return {TimeUnit::kNanoseconds};
    return {TimeUnit::kMilliseconds, TimeUnit::kNanoseconds};
  }

  const fg_host& host_;
  Table table_;
  Registry registry_;

 public:
  Messages messages;  // refers to those above
};

}  // namespace ipfix_sinks
