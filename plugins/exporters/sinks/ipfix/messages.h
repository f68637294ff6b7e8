// Rows as IPFIX messages (RFC 7011), by libfixbuf: templates, RFC 5610 records that say what our elements are, data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <flowgauge/sdk.hpp>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "carried.h"
#include "cells.h"
#include "fields.h"
#include "fixbuf.h"
#include "layouts.h"

namespace ipfix_sinks {

// When a message says that it was made.
enum class ExportTime : std::uint8_t {
  kNow,
  kNewestFlow,  // the newest end of a flow so far: the same file on every run
};

struct Encoding {
  std::uint32_t domain;
  std::uint32_t enterprise;
  TimeUnits times;
  ExportTime export_time;
};

class Messages {
 public:
  // A whole message, valid during the call.
  using Send = std::function<void(std::span<const std::byte> message, Carried carried)>;

  // `table` and `registry` outlive it.
  Messages(const Table& table, const Registry& registry, const Encoding& encoding, Send send);

  // The longest message; 65,535 at first.
  void set_largest(std::size_t bytes) { largest_ = bytes; }
  // Throws where no row can go into a message so long.
  void check_largest() const;

  void add(const fg::Batch& batch);
  // Puts out what was gathered.
  void put_out();
  // What is needed to read the rows, once more: RFC 7011 8.1.
  void repeat_templates();

  // Rows of which texts or lists were cut, for no message is as long as they.
  [[nodiscard]] std::uint64_t rows_cut() const { return rows_cut_; }

 private:
  void note_newest(const fg::Batch& batch, std::int64_t row);
  void add_row(const fg::Batch& batch, std::int64_t row);
  const Layout& layout(const Pattern& pattern);
  void announce_elements();
  void announce(std::uint16_t template_id, std::size_t bytes);
  // Puts out the message where so many bytes of a set do not fit any more.
  void make_room(std::size_t bytes, std::uint16_t set);
  // A call that libfixbuf may refuse until the message is put out.
  template <class Call>
  void attempt(const Call& call);

  std::size_t columns_;
  std::vector<Field> fields_;
  Encoding encoding_;
  Send send_;
  std::vector<std::uint8_t> message_;
  ModelHandle model_;
  fbSession_t* session_ = nullptr;    // the buffer's
  fbExporter_t* exporter_ = nullptr;  // the buffer's
  BufferHandle buffer_;
  Record record_;
  std::map<Pattern, Layout> layouts_;
  Pattern pattern_;                 // of the row
  const Layout* newest_ = nullptr;  // of the row before
  const Pattern* newest_pattern_ = nullptr;
  std::uint16_t about_elements_ = 0;  // template of the RFC 5610 records
  std::size_t largest_;
  std::size_t used_ = 0;    // of the message
  std::uint16_t set_ = 0;   // that is open
  std::uint64_t rows_ = 0;  // in the message, as are the next
  std::uint64_t records_about_ = 0;
  std::uint64_t rows_cut_ = 0;
  const Column* flow_end_ = nullptr;
  std::uint32_t newest_s_ = 1;
};

}  // namespace ipfix_sinks
