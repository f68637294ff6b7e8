// TCP: rows are certain once the collector's machine has acknowledged their last byte.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>

#include "link.h"

namespace ipfix_sinks {

class Stream {
 public:
  explicit Stream(Socket socket) : socket_(std::move(socket)) {}

  // All of it. Throws.
  void write(std::span<const std::byte> bytes);
  // What was written so far ends with so many rows more.
  void mark(std::uint64_t rows) { marks_.push_back({.end = written_, .rows = rows}); }
  // No more is written; waits until all is acknowledged, some seconds at most.
  void end();
  // The same for a connection that is lost: a second at most. How many rows are not acknowledged.
  std::uint64_t give_up();

  // Why no more can be written; empty: it can.
  [[nodiscard]] std::string loss() const;
  [[nodiscard]] std::uint64_t rows_certain();
  // Behind the end: what was not acknowledged.
  [[nodiscard]] std::uint64_t rows_failed() const { return failed_; }
  [[nodiscard]] int descriptor() const { return socket_.get(); }

 private:
  struct Mark {
    std::uint64_t end;
    std::uint64_t rows;
  };
  std::uint64_t wait_for_acknowledgement(std::chrono::seconds longest);
  [[nodiscard]] bool is_broken() const;
  // Bytes that are not acknowledged.
  [[nodiscard]] std::uint64_t waiting() const;

  Socket socket_;
  std::uint64_t written_ = 0;
  std::deque<Mark> marks_;
  std::uint64_t certain_ = 0;
  std::uint64_t failed_ = 0;
};

}  // namespace ipfix_sinks
