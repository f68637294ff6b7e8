// IPFIX files: messages one behind the other (RFC 5655).
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <span>
#include <stdexcept>

#include "opened.h"

namespace ipfix_sinks {
namespace {

class File {
 public:
  static constexpr fg::SinkAbout kAbout{.name = "ipfix",
                                        .version = "1.0",
                                        .doc = "IPFIX files (RFC 5655), by libfixbuf.",
                                        .place = FG_PLACE_FILE,
                                        .takes = FG_TAKES_UNSIGNED | FG_TAKES_LISTS};
  static constexpr fg::Option kOptions[] = {kDomain, kEnterprise, kElementsFile, kTime};

  explicit File(const fg::SinkOpen<File>& open)
      : descriptor_(open.descriptor()),
        opened_(open, ExportTime::kNewestFlow,
                [this](std::span<const std::byte> message, Carried carried) { write_out(message, carried); }) {
    if (::isatty(descriptor_) == 1)
      throw std::runtime_error("a terminal cannot show it; name a file with --export-path, or write into a pipe");
    opened_.messages.check_largest();
  }

  void write(const fg::Batch& batch) {
    if (!is_reader_gone_) opened_.messages.add(batch);
  }
  void flush(std::chrono::nanoseconds) { opened_.messages.put_out(); }
  void finish(const fg::Finish& finish) {
    if (finish.how == FG_FINISH_DISCARD || is_reader_gone_) return;
    opened_.messages.put_out();
    opened_.warn_of_rows();
  }

  [[nodiscard]] std::uint64_t rows_certain() const { return rows_; }
  [[nodiscard]] bool is_closed() const { return is_reader_gone_; }

 private:
  void write_out(std::span<const std::byte> message, Carried carried) {
    while (!message.empty() && !is_reader_gone_) {
      const ssize_t count = ::write(descriptor_, message.data(), message.size());
      if (count >= 0) {
        message = message.subspan(static_cast<std::size_t>(count));
      } else if (errno == EAGAIN) {
        pollfd ready{descriptor_, POLLOUT, 0};
        (void)::poll(&ready, 1, -1);
      } else if (errno == EPIPE) {
        is_reader_gone_ = true;
      } else if (errno != EINTR) {
        throw std::runtime_error(std::strerror(errno));
      }
    }
    if (!is_reader_gone_) rows_ += carried.rows;
  }

  int descriptor_;
  std::uint64_t rows_ = 0;
  bool is_reader_gone_ = false;
  Opened opened_;
};

}  // namespace
}  // namespace ipfix_sinks

FG_MODULE("ipfix", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<>, fg::Sinks<ipfix_sinks::File>);
