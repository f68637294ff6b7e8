// A descriptor that the host opened, as Arrow writes to it. It stays open: it is the host's.
#pragma once

#include <arrow/io/interfaces.h>

namespace arrow_sinks {

class DescriptorStream final : public arrow::io::OutputStream {
 public:
  // Throws where that is a terminal: nobody can read it there.
  explicit DescriptorStream(int descriptor);

  arrow::Status Write(const void* data, std::int64_t size) override;
  arrow::Status Close() override;
  [[nodiscard]] bool closed() const override { return is_closed_; }
  [[nodiscard]] arrow::Result<std::int64_t> Tell() const override { return written_; }

  // Whoever reads a pipe has gone.
  [[nodiscard]] bool is_reader_gone() const { return is_reader_gone_; }

 private:
  int descriptor_;
  std::int64_t written_ = 0;
  bool is_closed_ = false;
  bool is_reader_gone_ = false;
};

}  // namespace arrow_sinks
