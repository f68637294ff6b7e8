// Where features write: the cells of the wanted catalog columns for up to `capacity` flows. One worker owns one.
// All memory is taken at construction; vectors never move, so whoever reads a column may keep its pointers.
// Per use: begin(), FeatureSet::emit() into vectors(), SchemaEvaluator::evaluate(); strings and lists live in the
// worker's arena until its reset.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <new>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/plugin/catalog.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

inline constexpr std::uint32_t kColumnBatchRows = 64;

class ColumnBatch {
 public:
  // `wanted`: what the bound schemas need, repeats are fine. The catalog must outlive the batch.
  explicit ColumnBatch(std::span<const CatalogColumn* const> wanted, std::uint32_t capacity = kColumnBatchRows);
  ColumnBatch(const ColumnBatch&) = delete;
  ColumnBatch& operator=(const ColumnBatch&) = delete;

  // Zeroes the cells and validity of the first `rows` rows; rows <= capacity().
  void begin(std::uint32_t rows);

  // One vector for each column of the feature, in the declared order; cells are NULL where nobody wants the column.
  // Empty if nothing of the feature is wanted.
  [[nodiscard]] std::span<const fg_vector> vectors(const Feature& feature) const;
  // {NULL, NULL} if the column is not wanted.
  [[nodiscard]] fg_vector vector(const CatalogColumn& column) const;

  // Whether all who wrote kept to the rows; who did not is named. A batch that is not full has room behind its rows.
  [[nodiscard]] Result<void> check_guards() const { return rows_ < capacity_ ? Result<void>() : check_every_guard(); }

  [[nodiscard]] std::uint32_t rows() const { return rows_; }
  [[nodiscard]] std::uint32_t capacity() const { return capacity_; }

 private:
  struct Block {  // what begin() zeroes: cells of one column, or its bitmap
    unsigned char* data;
    std::size_t bytes_per_row;  // 0: a bitmap
  };
  struct Guard {  // zeros behind the cells of a column, or behind its bitmap
    const unsigned char* data;
    const CatalogColumn* column;
  };
  [[nodiscard]] Result<void> check_every_guard() const;

  struct FreeAligned {
    void operator()(unsigned char* memory) const { ::operator delete[](memory, std::align_val_t{64}); }
  };

  std::uint32_t capacity_;
  std::uint32_t rows_ = 0;
  std::size_t total_bytes_ = 0;
  std::map<const Feature*, std::vector<fg_vector>> vectors_;
  std::vector<Block> blocks_;
  std::vector<Guard> guards_;
  std::unique_ptr<unsigned char[], FreeAligned> memory_;
};

}  // namespace flowgauge
