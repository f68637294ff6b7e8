// A row's cells as libfixbuf reads them, one record in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <flowgauge/sdk.hpp>
#include <string>
#include <vector>

#include "layouts.h"

namespace ipfix_sinks {

// Of a row in a message. libfixbuf wants room for numbers of lists twice, and then takes it once.
struct Room {
  std::size_t bytes = 0;
  std::size_t more = 0;
  [[nodiscard]] std::size_t wanted() const { return bytes + more; }
};

class Record {
 public:
  // `model` has the elements of the items of lists.
  explicit Record(fbInfoModel_t* model) : model_(model) {}

  // Points into the batch. Throws where a cell cannot be told.
  [[nodiscard]] Room fill(const Layout& layout, const fg::Batch& batch, std::int64_t row);
  // Cuts texts and lists, the longest first, until it wants `most` bytes.
  [[nodiscard]] Room shorten(const Layout& layout, Room room, std::size_t most);
  [[nodiscard]] std::uint8_t* data() { return reinterpret_cast<std::uint8_t*>(words_.data()); }

 private:
  Room put_list(const Slot& slot, const fg::BatchColumn& cells, std::int64_t row, std::uint8_t* at);

  fbInfoModel_t* model_;
  std::vector<std::uint64_t> words_;              // of the record: aligned
  std::deque<std::vector<std::uint64_t>> items_;  // of the lists of this row
};

}  // namespace ipfix_sinks
