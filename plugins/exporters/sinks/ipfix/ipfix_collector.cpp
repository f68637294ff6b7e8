// IPFIX to a collector, by UDP, TCP or TLS. The path is its address.
#include <chrono>
#include <cstddef>
#include <span>
#include <string>

#include "address.h"
#include "link.h"
#include "opened.h"
#include "reconnecting.h"

namespace ipfix_sinks {
namespace {

class Collector {
 public:
  static constexpr fg::SinkAbout kAbout{.name = "ipfix_collector",
                                        .version = "1.0",
                                        .doc =
                                            "IPFIX (RFC 7011) to a collector, by libfixbuf; the path is its "
                                            "address: udp://HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT.",
                                        .place = FG_PLACE_OWN,
                                        .takes = FG_TAKES_UNSIGNED | FG_TAKES_LISTS};
  static constexpr fg::Option kOptions[] = {
      kDomain,
      kEnterprise,
      kElementsFile,
      kTime,
      fg::Option{"mtu", "UDP: the longest packet; 0: what the path to the collector takes", FG_U64, FG_UNIT_BYTES, "0"}
          .at_most("65535"),
      fg::Option{"template_interval", "UDP: how often templates are sent again; 0: never", FG_U64, FG_UNIT_S, "600"}
          .at_most("86400"),
      fg::Option{
          "reconnect",
          "TCP, TLS: how long a run over files waits for a collector that went away; a live run tries as long as "
          "it lasts; 0: the run ends at once",
          FG_U64, FG_UNIT_S, "60"}
          .at_most("86400"),
      fg::Option{"buffer", "TCP, TLS: how much a live run keeps for a collector that went away", FG_U64, FG_UNIT_BYTES,
                 "67108864"}
          .at_most("68719476736"),
      {"tls_authorities", "A PEM file of those who may sign the collector's certificate; empty: the system's",
       FG_STRING, FG_UNIT_NONE, ""},
      {"tls_certificate", "A PEM file of the certificate to show; empty: none", FG_STRING, FG_UNIT_NONE, ""},
      {"tls_key", "A PEM file of that certificate's key", FG_STRING, FG_UNIT_NONE, ""},
  };

  explicit Collector(const fg::SinkOpen<Collector>& open)
      : address_(address_of(open.path())),
        is_live_(open.is_live()),
        interval_(address_.transport == Transport::kUdp ? open.get<"template_interval">() : 0),
        opened_(open, ExportTime::kNow,
                [this](std::span<const std::byte> message, Carried carried) { link_->send(message, carried); }) {
    const std::uint64_t mtu = open.get<"mtu">();
    if (mtu != 0 && mtu < kLeastMtu) throw std::runtime_error("'mtu' is below 576; write at least that, or 0");
    const Certificates certificates{.authorities = std::string(open.get<"tls_authorities">()),
                                    .own = std::string(open.get<"tls_certificate">()),
                                    .key = std::string(open.get<"tls_key">())};
    const auto connect = [address = address_, mtu, certificates] { return open_link(address, mtu, certificates); };
    if (address_.transport == Transport::kUdp)
      link_ = connect();
    else
      link_ = std::make_unique<Reconnecting>(
          connect,
          Patience{.whom = open.is_live() ? Patience::While::kRunGoesOn : Patience::While::kRunWaits,
                   .longest = std::chrono::seconds(open.get<"reconnect">()),
                   .buffer_bytes = open.get<"buffer">()},
          [this] { opened_.messages.repeat_templates(); },
          Told{.away = [to = open.conditions()](const std::string& text) { to.begin(kAway, text); },
               .back = [to = open.conditions()] { to.end(kAway); },
               .warn = [this](const std::string& text) { opened_.warn(address_.text + ": " + text); }});
    opened_.messages.set_largest(link_->largest());
    opened_.messages.check_largest();
  }

  void write(const fg::Batch& batch) {
    link_->restore();
    repeat_templates();
    opened_.messages.set_largest(link_->largest());  // a path may come to take less
    opened_.messages.add(batch);
  }

  void flush(std::chrono::nanoseconds) {
    link_->restore();
    repeat_templates();
    opened_.messages.put_out();
  }

  void finish(const fg::Finish& finish) {
    if (!is_over_) opened_.messages.put_out();
    is_over_ = true;
    const bool is_awaited = finish.how == FG_FINISH_COMPLETE && !is_live_;
    link_->end(is_awaited ? std::chrono::hours(24) : kLongestAway);
    opened_.warn_of_rows();
  }

  [[nodiscard]] std::uint64_t rows_certain() const { return link_->rows_certain(); }
  [[nodiscard]] std::uint64_t rows_failed() const { return link_->rows_failed(); }

 private:
  static constexpr const char* kAway = "collector_away";
  static constexpr std::chrono::seconds kLongestAway{10};  // where somebody waits for the end of the run
  static constexpr std::uint64_t kLeastMtu = 576;          // RFC 791: what every host takes

  void repeat_templates() {
    const auto now = std::chrono::steady_clock::now();
    if (interval_ == std::chrono::seconds(0) || now - repeated_ < interval_) return;
    repeated_ = now;
    opened_.messages.repeat_templates();
  }

  Address address_;
  bool is_live_;
  std::chrono::seconds interval_;
  std::chrono::steady_clock::time_point repeated_ = std::chrono::steady_clock::now();
  bool is_over_ = false;
  std::unique_ptr<Link> link_;
  Opened opened_;
};

}  // namespace
}  // namespace ipfix_sinks

FG_MODULE("ipfix_collector", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<>, fg::Sinks<ipfix_sinks::Collector>);
