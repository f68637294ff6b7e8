#include "cells.h"

#include <arpa/inet.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>

#include "times.h"

namespace ipfix_sinks {
namespace {

constexpr std::size_t kLongestShort = 254;  // RFC 7011 7: its length is one byte up to here, else three
constexpr std::size_t kListHead = 5;        // RFC 6313 4.5.1: semantic, element, its length
constexpr std::size_t kEnterpriseNumber = 4;
constexpr std::size_t kLongLength = 3;  // as libfixbuf writes that of a list

// libfixbuf only looks whether there is any: 16 bits have no room for that of long lists.
std::uint16_t data_length(std::size_t items) { return items == 0 ? 0 : 1; }

// Of the machine's order: libfixbuf turns it.
void put_number(std::uint64_t number, std::size_t bytes, std::uint8_t* at) {
  if constexpr (std::endian::native == std::endian::big) number <<= 8 * (8 - bytes);
  std::memcpy(at, &number, bytes);
}

std::uint64_t number_of(const fg::BatchColumn& cells, std::int64_t row) {
  switch (cells.type()) {
    case FG_I64:
      return static_cast<std::uint64_t>(cells.i64(row));
    case FG_F64:
      return std::bit_cast<std::uint64_t>(cells.f64(row));
    default:
      return cells.u64(row);
  }
}

void put_address(std::string_view text, Presence presence, std::uint8_t* at) {
  const std::string address(text);
  const int family = presence == Presence::kIpv6 ? AF_INET6 : AF_INET;
  if (::inet_pton(family, address.c_str(), at) != 1) throw std::runtime_error("'" + address + "' is no address");
  // As the other numbers of four bytes, it is turned.
  if (family != AF_INET) return;
  std::uint32_t number = 0;
  std::memcpy(&number, at, sizeof number);
  number = ntohl(number);
  std::memcpy(at, &number, sizeof number);
}

void put_mac(std::string_view text, std::uint8_t* at) {
  const auto digit = [&](std::size_t place) {
    const char letter = place < text.size() ? text[place] : 'x';
    if (letter >= '0' && letter <= '9') return letter - '0';
    if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
    throw std::runtime_error("'" + std::string(text) + "' is no MAC address");
  };
  for (std::size_t i = 0; i < 6; ++i) at[i] = static_cast<std::uint8_t>(digit(3 * i) * 16 + digit(3 * i + 1));
}

std::size_t put_text(std::string_view text, std::uint8_t* at) {
  const fbVarfield_t cell{.len = text.size(), .buf = reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()))};
  std::memcpy(at, &cell, sizeof cell);
  return text.size() + (text.size() > kLongestShort ? kLongLength : 1);
}

template <class Cell>
Cell cell_at(const std::uint8_t* at) {
  Cell cell{};
  std::memcpy(&cell, at, sizeof cell);
  return cell;
}

// Bytes of its own of the first `count` items.
std::size_t size_of_items(const fbBasicList_t& list, std::size_t count) {
  if (list.infoElement->len != FB_IE_VARLEN) return count * list.infoElement->len;
  std::size_t size = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto item = cell_at<fbVarfield_t>(list.dataPtr + i * sizeof(fbVarfield_t));
    size += item.len + (item.len > kLongestShort ? kLongLength : 1);
  }
  return size;
}

// Of what can be cut, without its length's.
std::size_t size_at(const Slot& slot, const std::uint8_t* at) {
  if (slot.field->form == Form::kText) return cell_at<fbVarfield_t>(at).len;
  if (slot.field->form != Form::kList) return 0;
  const auto list = cell_at<fbBasicList_t>(at);
  return size_of_items(list, list.numElements);
}

// At most `wanted` bytes, no letter of UTF-8 in two; returns what is left.
std::size_t cut_text(std::uint8_t* at, std::size_t wanted) {
  auto cell = cell_at<fbVarfield_t>(at);
  while (wanted > 0 && (cell.buf[wanted] & 0xc0) == 0x80) --wanted;
  cell.len = wanted;
  std::memcpy(at, &cell, sizeof cell);
  return wanted;
}

std::size_t cut_list(std::uint8_t* at, std::size_t wanted) {
  auto list = cell_at<fbBasicList_t>(at);
  while (list.numElements > 0 && size_of_items(list, list.numElements) > wanted) --list.numElements;
  list.dataLength = data_length(list.numElements);
  std::memcpy(at, &list, sizeof list);
  return size_of_items(list, list.numElements);
}

std::uint64_t flags_of(const Field& field, const fg::Batch& batch, std::int64_t row) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < field.flags.size(); ++i)
    if (batch.column(field.flags[i]->index).u64(row) != 0) bits |= std::uint64_t{1} << i;
  return bits;
}

}  // namespace

Room Record::fill(const Layout& layout, const fg::Batch& batch, std::int64_t row) {
  words_.resize(layout.record_bytes / sizeof(std::uint64_t) + 1);
  items_.clear();
  Room room{.bytes = layout.fixed_bytes};
  for (const Slot& slot : layout.slots) {
    const Field& field = *slot.field;
    const fg::BatchColumn cells = batch.column(field.column->index);
    std::uint8_t* const at = data() + slot.offset;
    switch (field.form) {
      case Form::kNumber:
      case Form::kReal:
        put_number(number_of(cells, row), field.bytes, at);
        break;
      case Form::kBoolean:
        *at = cells.boolean(row) ? 1 : 2;
        break;
      case Form::kText:
        room.bytes += put_text(cells.text(row), at);
        break;
      case Form::kList: {
        const Room list = put_list(slot, cells, row, at);
        room.bytes += list.bytes;
        room.more += list.more;
        break;
      }
      case Form::kAddress:
        put_address(cells.text(row), slot.presence, at);
        break;
      case Form::kMac:
        put_mac(cells.text(row), at);
        break;
      case Form::kTime:
        put_number(ipfix_time(moment_ns(*field.column, cells, row), field.time), field.bytes, at);
        break;
      case Form::kFlags:
        put_number(flags_of(field, batch, row), field.bytes, at);
        break;
    }
  }
  return room;
}

Room Record::put_list(const Slot& slot, const fg::BatchColumn& cells, std::int64_t row, std::uint8_t* at) {
  const fg::BatchColumn items = cells.items();
  const auto [first, end] = cells.range(row);
  const bool is_text = items.type() == FG_STRING;
  const std::size_t words = is_text ? sizeof(fbVarfield_t) / sizeof(std::uint64_t) : 1;
  auto& memory = items_.emplace_back(words * static_cast<std::size_t>(end - first));
  Room room{.bytes = kLongLength + kListHead + kEnterpriseNumber};
  for (std::int32_t i = first; i < end; ++i) {
    auto* const item = reinterpret_cast<std::uint8_t*>(&memory[words * static_cast<std::size_t>(i - first)]);
    if (is_text)
      room.bytes += put_text(items.is_null(i) ? std::string_view() : items.text(i), item);
    else
      put_number(items.is_null(i) ? 0 : number_of(items, i), sizeof(std::uint64_t), item);
  }
  if (!is_text) room.more = memory.size() * sizeof(std::uint64_t);
  room.bytes += room.more;
  const fbBasicList_t list{.infoElement = fbInfoModelGetElementByName(model_, slot.field->own->name.c_str()),
                           .dataPtr = reinterpret_cast<std::uint8_t*>(memory.data()),
                           .numElements = static_cast<std::uint16_t>(end - first),
                           .dataLength = data_length(memory.size()),
                           .semantic = FB_LIST_SEM_ORDERED};
  std::memcpy(at, &list, sizeof list);
  return room;
}

Room Record::shorten(const Layout& layout, Room room, std::size_t most) {
  while (room.wanted() > most) {
    const Slot* longest = nullptr;
    std::size_t size = 0;
    for (const Slot& slot : layout.slots)
      if (const std::size_t one = size_at(slot, data() + slot.offset); one > size) {
        size = one;
        longest = &slot;
      }
    if (longest == nullptr) break;
    std::uint8_t* const at = data() + longest->offset;
    const std::size_t wanted = size - std::min(size, room.wanted() - most);
    if (longest->field->form == Form::kText) {
      room.bytes -= size - cut_text(at, wanted);
    } else {
      const bool is_doubled = cell_at<fbBasicList_t>(at).infoElement->len != FB_IE_VARLEN;
      const std::size_t less = size - cut_list(at, wanted);
      room.bytes -= less;
      if (is_doubled) room.more -= less;
    }
  }
  return room;
}

}  // namespace ipfix_sinks
