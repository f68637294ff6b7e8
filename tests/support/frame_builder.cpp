#include "tests/support/frame_builder.h"

#include <cassert>
#include <utility>

#include "tests/support/address.h"

namespace flowgauge::test {

namespace {

void put16(Bytes& bytes, std::size_t offset, std::uint32_t value) {
  bytes.at(offset) = static_cast<std::uint8_t>(value >> 8);
  bytes.at(offset + 1) = static_cast<std::uint8_t>(value);
}

void put32(Bytes& bytes, std::size_t offset, std::uint32_t value) {
  put16(bytes, offset, value >> 16);
  put16(bytes, offset + 2, value & 0xffff);
}

// IANA "NSH Next Protocol".
std::uint8_t next_protocol(std::uint16_t ether_type) {
  switch (ether_type) {
    case 0x0800:
      return 1;
    case 0x86dd:
      return 2;
    case 0x6558:
      return 3;
    case 0x894f:
      return 4;
    case 0x8847:
      return 5;
    default:
      return 0;
  }
}

Bytes mac_header(std::uint8_t src_last_byte, std::uint8_t dst_last_byte) {
  return {2, 0, 0, 0, 0, dst_last_byte, 2, 0, 0, 0, 0, src_last_byte, 0, 0};
}

}  // namespace

FrameBuilder& FrameBuilder::add(Layer layer) {
  layers_.push_back(std::move(layer));
  return *this;
}

FrameBuilder& FrameBuilder::eth(std::uint8_t src_last_byte, std::uint8_t dst_last_byte) {
  return add({.header = mac_header(src_last_byte, dst_last_byte),
              .ether_type = 0x6558,  // as the content of GRE and GENEVE
              .next = Next::kEtherType,
              .next_offset = 12});
}

FrameBuilder& FrameBuilder::eth_snap(std::uint8_t src_last_byte, std::uint8_t dst_last_byte) {
  add({.header = mac_header(src_last_byte, dst_last_byte),
       .ether_type = 0x6558,
       .has_length = true,
       .length_offset = 12});
  return snap();
}

FrameBuilder& FrameBuilder::snap() {
  // As a kind it has none: what stands around it gives a length below 0x600 instead.
  return add({.header = {0xaa, 0xaa, 3, 0, 0, 0, 0, 0}, .ether_type = 100, .next = Next::kEtherType, .next_offset = 6});
}

FrameBuilder& FrameBuilder::sll() {
  link_type_ = 113;
  return add({.header = Bytes(16, 0), .next = Next::kEtherType, .next_offset = 14});
}

FrameBuilder& FrameBuilder::sll2() {
  link_type_ = 276;
  return add({.header = Bytes(20, 0), .next = Next::kEtherType, .next_offset = 0});
}

FrameBuilder& FrameBuilder::raw(std::uint32_t link_type) {
  link_type_ = link_type;
  return *this;
}

FrameBuilder& FrameBuilder::null_loopback(std::uint32_t family, bool little_endian, std::uint32_t link_type) {
  link_type_ = link_type;
  Bytes header(4, 0);
  put32(header, 0, little_endian ? __builtin_bswap32(family) : family);
  return add({.header = header});
}

FrameBuilder& FrameBuilder::ppp(std::uint32_t link_type, bool address_control, bool compressed_protocol) {
  link_type_ = link_type;
  Bytes header;
  if (address_control) header = {0xff, 3};
  const std::size_t offset = header.size();
  header.resize(offset + (compressed_protocol ? 1 : 2));
  return add({.header = header, .next = compressed_protocol ? Next::kPppShort : Next::kPpp, .next_offset = offset});
}

FrameBuilder& FrameBuilder::hdlc(std::uint32_t link_type) {
  link_type_ = link_type;
  return add({.header = {0x0f, 0, 0, 0}, .next = Next::kEtherType, .next_offset = 2});
}

FrameBuilder& FrameBuilder::vlan(std::uint16_t id, std::uint16_t type) {
  Layer layer{.header = Bytes(4, 0), .ether_type = type, .next = Next::kEtherType, .next_offset = 2};
  put16(layer.header, 0, 0xe000U | id);  // a priority, which is no part of the id
  return add(layer);
}

FrameBuilder& FrameBuilder::mpls(std::uint32_t label) {
  Layer layer{.header = Bytes(4, 0), .ether_type = 0x8847, .ppp_protocol = 0x281, .is_label = true};
  put32(layer.header, 0, label << 12 | 64);
  return add(layer);
}

FrameBuilder& FrameBuilder::pppoe() {
  return add({.header = {0x11, 0, 0, 7, 0, 0, 0, 0},
              .ether_type = 0x8864,
              .next = Next::kPpp,
              .next_offset = 6,
              .has_length = true,
              .length_offset = 4,
              .length_extra = 2});
}

FrameBuilder& FrameBuilder::ppp_header(bool address_control) {
  Layer layer{.header = Bytes(2, 0), .ether_type = 0x880b, .next = Next::kPpp};
  if (address_control) layer.header = {0xff, 3, 0, 0};
  layer.next_offset = layer.header.size() - 2;
  return add(layer);
}

FrameBuilder& FrameBuilder::cisco_metadata() {
  return add({.header = {1, 1, 0, 1, 0, 17, 0, 0}, .ether_type = 0x8909, .next = Next::kEtherType, .next_offset = 6});
}

FrameBuilder& FrameBuilder::vn_tag() {
  return add({.header = {0, 0, 0, 1, 0, 0}, .ether_type = 0x8926, .next = Next::kEtherType, .next_offset = 4});
}

FrameBuilder& FrameBuilder::e_tag() {
  return add({.header = {0, 0, 0, 1, 0, 0, 0, 0}, .ether_type = 0x893f, .next = Next::kEtherType, .next_offset = 6});
}

FrameBuilder& FrameBuilder::fabric_path() { return add({.header = {0, 0x60}, .ether_type = 0x8903}); }

FrameBuilder& FrameBuilder::pbb() { return add({.header = {0xe0, 0, 0, 5}, .ether_type = 0x88e7}); }

FrameBuilder& FrameBuilder::nsh(std::uint8_t metadata_type, std::uint8_t words) {
  Layer layer{.header = Bytes(words * 4U, 0), .ether_type = 0x894f, .next = Next::kNextProtocol, .next_offset = 3};
  layer.header[0] = 0x0f;  // part of the TTL
  layer.header[1] = 0xc0 | words;
  layer.header[2] = metadata_type;
  layer.header[7] = 255;  // service index
  return add(layer);
}

FrameBuilder& FrameBuilder::macsec(bool with_sci) {
  Layer layer{.header = Bytes(with_sci ? 16 : 8, 0), .ether_type = 0x88e5, .next = Next::kEtherType};
  layer.header[0] = with_sci ? 0x20 : 0x40;  // SC; ES
  layer.next_offset = layer.header.size() - 2;
  return add(layer);
}

FrameBuilder& FrameBuilder::control_word(std::uint32_t word) {
  Layer layer{.header = Bytes(4, 0)};
  put32(layer.header, 0, word);
  return add(layer);
}

FrameBuilder& FrameBuilder::ipv4(std::string_view src, std::string_view dst) {
  Layer layer{.header = Bytes(20, 0),
              .ether_type = 0x0800,
              .ip_protocol = 4,
              .ppp_protocol = 0x21,
              .next = Next::kIpProtocol,
              .next_offset = 9,
              .has_length = true,
              .length_offset = 2,
              .length_extra = 20};
  layer.header[0] = 0x45;
  layer.header[8] = 64;
  for (std::size_t i = 0; i < 4; ++i) {
    layer.header[12 + i] = address(src).bytes[i];
    layer.header[16 + i] = address(dst).bytes[i];
  }
  return add(layer);
}

FrameBuilder& FrameBuilder::ipv6(std::string_view src, std::string_view dst) {
  Layer layer{.header = Bytes(40, 0),
              .ether_type = 0x86dd,
              .ip_protocol = 41,
              .ppp_protocol = 0x57,
              .next = Next::kIpProtocol,
              .next_offset = 6,
              .has_length = true,
              .length_offset = 4};
  layer.header[0] = 0x60;
  layer.header[7] = 64;
  for (std::size_t i = 0; i < 16; ++i) {
    layer.header[8 + i] = address(src).bytes[i];
    layer.header[24 + i] = address(dst).bytes[i];
  }
  return add(layer);
}

FrameBuilder& FrameBuilder::extension(std::uint8_t protocol, std::uint32_t bytes) {
  Layer layer{.header = Bytes(bytes, 0), .ip_protocol = protocol, .next = Next::kIpProtocol};
  layer.header[1] = static_cast<std::uint8_t>(protocol == 51 ? bytes / 4 - 2 : bytes / 8 - 1);
  if (protocol == 0 || protocol == 60) {  // PadN over all of it, as far as one option goes
    layer.header[2] = 1;
    layer.header[3] = static_cast<std::uint8_t>(bytes - 4 < 255 ? bytes - 4 : 255);
  }
  return add(layer);
}

FrameBuilder& FrameBuilder::jumbo(std::uint32_t payload_bytes) {
  assert(!layers_.empty());
  layers_.back().has_length = false;
  Layer layer{.header = {0, 0, 0xc2, 4, 0, 0, 0, 0}, .ip_protocol = 0, .next = Next::kIpProtocol};
  put32(layer.header, 4, payload_bytes);
  return add(layer);
}

FrameBuilder& FrameBuilder::fragment_header(std::uint32_t id, std::uint16_t offset_bytes, bool more) {
  Layer layer{.header = Bytes(8, 0), .ip_protocol = 44, .next = Next::kIpProtocol};
  put16(layer.header, 2, (offset_bytes & 0xfff8U) | (more ? 1 : 0));
  put32(layer.header, 4, id);
  return add(layer);
}

FrameBuilder& FrameBuilder::tcp(std::uint16_t src_port, std::uint16_t dst_port) {
  Layer layer{.header = Bytes(20, 0), .ip_protocol = 6};
  put16(layer.header, 0, src_port);
  put16(layer.header, 2, dst_port);
  layer.header[12] = 0x50;
  put16(layer.header, 14, 1024);
  return add(layer);
}

FrameBuilder& FrameBuilder::udp(std::uint16_t src_port, std::uint16_t dst_port) {
  Layer layer{.header = Bytes(8, 0), .ip_protocol = 17, .has_length = true, .length_offset = 4, .length_extra = 8};
  put16(layer.header, 0, src_port);
  put16(layer.header, 2, dst_port);
  return add(layer);
}

FrameBuilder& FrameBuilder::udplite(std::uint16_t src_port, std::uint16_t dst_port) {
  Layer layer{.header = Bytes(8, 0), .ip_protocol = 136};
  put16(layer.header, 0, src_port);
  put16(layer.header, 2, dst_port);
  return add(layer);
}

FrameBuilder& FrameBuilder::dccp(std::uint16_t src_port, std::uint16_t dst_port, std::uint8_t header_words) {
  Layer layer{.header = Bytes(header_words * 4U, 0), .ip_protocol = 33};
  put16(layer.header, 0, src_port);
  put16(layer.header, 2, dst_port);
  layer.header[4] = header_words;
  return add(layer);
}

FrameBuilder& FrameBuilder::icmp(std::uint8_t type, std::uint8_t code) {
  return add({.header = {type, code, 0, 0, 0, 0, 0, 0}, .ip_protocol = 1});
}

FrameBuilder& FrameBuilder::icmp6(std::uint8_t type, std::uint8_t code) {
  return add({.header = {type, code, 0, 0, 0, 0, 0, 0}, .ip_protocol = 58});
}

FrameBuilder& FrameBuilder::sctp(std::uint16_t src_port, std::uint16_t dst_port) {
  Layer layer{.header = Bytes(12, 0), .ip_protocol = 132};
  put16(layer.header, 0, src_port);
  put16(layer.header, 2, dst_port);
  return add(layer);
}

FrameBuilder& FrameBuilder::chunk(std::uint8_t type, std::uint32_t number) {
  Layer layer{.header = {type, 0, 0, 8, 0, 0, 0, 0}};
  put32(layer.header, 4, number);
  return add(layer);
}

FrameBuilder& FrameBuilder::other(std::uint8_t protocol) { return add({.header = {}, .ip_protocol = protocol}); }

FrameBuilder& FrameBuilder::gre() {
  return add({.header = Bytes(4, 0), .ip_protocol = 47, .next = Next::kEtherType, .next_offset = 2});
}

FrameBuilder& FrameBuilder::gre_key(std::uint32_t key) {
  Layer layer{.header = Bytes(8, 0), .ip_protocol = 47, .next = Next::kEtherType, .next_offset = 2};
  layer.header[0] = 0x20;
  put32(layer.header, 4, key);
  return add(layer);
}

FrameBuilder& FrameBuilder::gre_full(std::uint32_t key) {
  Layer layer{.header = Bytes(16, 0), .ip_protocol = 47, .next = Next::kEtherType, .next_offset = 2};
  layer.header[0] = 0xb0;
  put32(layer.header, 8, key);
  return add(layer);
}

FrameBuilder& FrameBuilder::vxlan(std::uint32_t vni) {
  Layer layer{.header = Bytes(8, 0)};
  layer.header[0] = 8;
  put32(layer.header, 4, vni << 8);
  return add(layer);
}

FrameBuilder& FrameBuilder::geneve(std::uint32_t vni, std::uint8_t option_bytes) {
  Layer layer{.header = Bytes(8U + option_bytes, 0), .next = Next::kEtherType, .next_offset = 2};
  layer.header[0] = option_bytes / 4;
  put32(layer.header, 4, vni << 8);
  return add(layer);
}

FrameBuilder& FrameBuilder::gtpu(std::uint32_t teid) {
  Layer layer{.header = Bytes(8, 0), .has_length = true, .length_offset = 2};
  layer.header[0] = 0x30;
  layer.header[1] = 255;
  put32(layer.header, 4, teid);
  return add(layer);
}

FrameBuilder& FrameBuilder::gtpu_extended(std::uint32_t teid, int extensions) {
  gtpu(teid);
  Layer& layer = layers_.back();
  layer.header[0] = extensions > 0 ? 0x36 : 0x32;
  layer.header.resize(12, 0);
  layer.length_extra = 4;
  for (int i = 0; i < extensions; ++i) {
    layer.header.back() = 0x85;  // the one before is followed by a PDU session container
    for (const int byte : {1, 0x10, 9, 0}) layer.header.push_back(static_cast<std::uint8_t>(byte));
    layer.length_extra += 4;
  }
  return *this;
}

FrameBuilder& FrameBuilder::teredo_authentication(std::uint8_t id_bytes, std::uint8_t value_bytes) {
  Layer layer{.header = Bytes(13U + id_bytes + value_bytes, 0)};
  layer.header[1] = 1;
  layer.header[2] = id_bytes;
  layer.header[3] = value_bytes;
  return add(layer);
}

FrameBuilder& FrameBuilder::teredo_origin() { return add({.header = Bytes(8, 0)}); }

FrameBuilder& FrameBuilder::gre_sequence() {
  Layer layer{.header = Bytes(8, 0), .ip_protocol = 47, .next = Next::kEtherType, .next_offset = 2};
  layer.header[0] = 0x10;
  return add(layer);
}

FrameBuilder& FrameBuilder::erspan2(std::uint16_t session) {
  Layer layer{.header = {0x10, 100, 0, 0, 0, 0, 0, 1}, .ether_type = 0x88be};
  put16(layer.header, 2, 0x4000U | session);  // a class of service
  return add(layer);
}

FrameBuilder& FrameBuilder::erspan3(std::uint16_t session, bool subheader) {
  Layer layer{.header = Bytes(subheader ? 20 : 12, 0), .ether_type = 0x22eb};
  layer.header[0] = 0x20;
  put16(layer.header, 2, session);
  if (subheader) layer.header[11] = 1;
  return add(layer);
}

FrameBuilder& FrameBuilder::pptp(std::uint16_t call, bool acknowledges) {
  Layer layer{.header = Bytes(acknowledges ? 16 : 12, 0),
              .ip_protocol = 47,
              .next = Next::kEtherType,
              .next_offset = 2,
              .has_length = true,
              .length_offset = 4};
  layer.header[0] = 0x30;
  layer.header[1] = acknowledges ? 0x81 : 1;
  put16(layer.header, 6, call);
  return add(layer);
}

FrameBuilder& FrameBuilder::wccp2() { return add({.header = {0x80, 0, 0, 1}, .ether_type = 0x883e}); }

FrameBuilder& FrameBuilder::l2tp(std::uint16_t tunnel, std::uint16_t session, std::uint16_t bits) {
  Layer layer{.header = Bytes(2, 0)};
  put16(layer.header, 0, 2U | bits);
  const auto extend_by = [&layer](std::size_t bytes) { layer.header.resize(layer.header.size() + bytes, 0); };
  if ((bits & 0x4000) != 0) {
    layer.has_length = true;
    layer.length_offset = 2;
    extend_by(2);
  }
  extend_by(4);
  put16(layer.header, layer.header.size() - 4, tunnel);
  put16(layer.header, layer.header.size() - 2, session);
  if ((bits & 0x0800) != 0) extend_by(4);
  if ((bits & 0x0200) != 0) {
    extend_by(2 + 3);
    layer.header[layer.header.size() - 4] = 3;
  }
  layer.length_extra = static_cast<std::uint32_t>(layer.header.size());
  return add(layer);
}

FrameBuilder& FrameBuilder::l2tpv3(std::uint32_t session, std::uint32_t cookie_bytes) {
  Layer layer{.header = Bytes(4 + cookie_bytes, 0xc0), .ip_protocol = 115};
  put32(layer.header, 0, session);
  return add(layer);
}

FrameBuilder& FrameBuilder::etherip() { return add({.header = {0x30, 0}, .ip_protocol = 97}); }

FrameBuilder& FrameBuilder::vxlan_gpe(std::uint32_t vni) {
  Layer layer{.header = Bytes(8, 0), .next = Next::kNextProtocol, .next_offset = 3};
  layer.header[0] = 0x0c;
  put32(layer.header, 4, vni << 8);
  return add(layer);
}

FrameBuilder& FrameBuilder::gue(std::uint8_t words) {
  Layer layer{.header = Bytes(4 + words * 4U, 0), .next = Next::kIpProtocol, .next_offset = 1};
  layer.header[0] = words;
  return add(layer);
}

FrameBuilder& FrameBuilder::lisp(std::uint32_t instance) {
  Layer layer{.header = Bytes(8, 0)};
  layer.header[0] = 0x88;  // a nonce, an instance
  put32(layer.header, 4, instance << 8);
  return add(layer);
}

FrameBuilder& FrameBuilder::lisp_gpe(std::uint32_t instance) {
  Layer layer{.header = Bytes(8, 0), .next = Next::kNextProtocol, .next_offset = 3};
  layer.header[0] = 0x0c;
  put32(layer.header, 4, instance << 8);
  return add(layer);
}

FrameBuilder& FrameBuilder::capwap(std::uint8_t words) {
  Layer layer{.header = Bytes(words * 4U, 0)};
  layer.header[1] = static_cast<std::uint8_t>(words << 3);
  layer.header[2] = 2;  // IEEE 802.11
  return add(layer);
}

FrameBuilder& FrameBuilder::capwap_wireless(bool swapped, bool quality, bool both_ways) {
  capwap(4).set8(2, 3).set8(3, 0x30);  // native frames; radio MAC and wireless information
  Layer layer{.header = Bytes(24U + (both_ways ? 6 : 0) + (quality ? 2 : 0), 0)};
  layer.header[swapped ? 1 : 0] = quality ? 0x88 : 0x08;
  layer.header[swapped ? 0 : 1] = both_ways ? 3 : 1;
  return add(layer);
}

FrameBuilder& FrameBuilder::payload(std::uint32_t bytes) {
  Bytes content(bytes);
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<std::uint8_t>(i);
  return data(content);
}

FrameBuilder& FrameBuilder::data(const Bytes& bytes) { return add({.header = bytes}); }

FrameBuilder& FrameBuilder::padding(std::uint32_t bytes) {
  padding_bytes_ += bytes;
  return *this;
}

FrameBuilder& FrameBuilder::flags(std::string_view letters) { return set8(13, tcp_flags(letters)); }

FrameBuilder& FrameBuilder::seq(std::uint32_t number) {
  put32(layers_.back().header, 4, number);
  return *this;
}

FrameBuilder& FrameBuilder::ack(std::uint32_t number) {
  put32(layers_.back().header, 8, number);
  return *this;
}

FrameBuilder& FrameBuilder::window(std::uint16_t window) { return set16(14, window); }

FrameBuilder& FrameBuilder::options(std::uint32_t bytes) {
  Layer& layer = layers_.back();
  layer.header.insert(layer.header.end(), bytes, 1);  // no-operation
  if (layer.ip_protocol == 6) {
    layer.header[12] = static_cast<std::uint8_t>((20 + bytes) / 4 << 4);
  } else {
    layer.header[0] = static_cast<std::uint8_t>(0x40 | (20 + bytes) / 4);
    layer.length_extra += bytes;
  }
  return *this;
}

FrameBuilder& FrameBuilder::ttl(std::uint8_t ttl) { return set8(layers_.back().ether_type == 0x0800 ? 8 : 7, ttl); }

FrameBuilder& FrameBuilder::id(std::uint16_t number) { return set16(4, number); }

FrameBuilder& FrameBuilder::fragment(std::uint16_t offset_bytes, bool more) {
  return set16(6, static_cast<std::uint16_t>(offset_bytes / 8 | (more ? 0x2000 : 0)));
}

FrameBuilder& FrameBuilder::length(std::uint16_t lie) {
  layers_.back().has_length = false;
  return set16(layers_.back().length_offset, lie);
}

FrameBuilder& FrameBuilder::next(std::uint16_t lie) {
  Layer& layer = layers_.back();
  const bool is_byte =
      layer.next == Next::kIpProtocol || layer.next == Next::kPppShort || layer.next == Next::kNextProtocol;
  layer.next = Next::kNone;
  return is_byte ? set8(layer.next_offset, static_cast<std::uint8_t>(lie)) : set16(layer.next_offset, lie);
}

FrameBuilder& FrameBuilder::set8(std::size_t offset, std::uint8_t value) {
  layers_.back().header.at(offset) = value;
  return *this;
}

FrameBuilder& FrameBuilder::set16(std::size_t offset, std::uint16_t value) {
  put16(layers_.back().header, offset, value);
  return *this;
}

void FrameBuilder::finish(Layer& layer, const Layer* inside, std::size_t inside_bytes) {
  if (layer.has_length) {
    put16(layer.header, layer.length_offset, static_cast<std::uint32_t>(inside_bytes) + layer.length_extra);
  }
  if (layer.is_label && !(inside && inside->is_label)) layer.header[2] |= 1;  // the bottom of the stack
  if (!inside) return;
  switch (layer.next) {
    case Next::kEtherType:
      put16(layer.header, layer.next_offset, inside->ether_type);
      break;
    case Next::kIpProtocol:
      layer.header[layer.next_offset] = inside->ip_protocol;
      break;
    case Next::kPpp:
      put16(layer.header, layer.next_offset, inside->ppp_protocol);
      break;
    case Next::kPppShort:
      layer.header[layer.next_offset] = static_cast<std::uint8_t>(inside->ppp_protocol);
      break;
    case Next::kNextProtocol:
      layer.header[layer.next_offset] = next_protocol(inside->ether_type);
      break;
    case Next::kNone:
      break;
  }
}

Bytes FrameBuilder::bytes() const {
  std::vector<Layer> layers = layers_;
  std::size_t inside_bytes = 0;
  for (std::size_t i = layers.size(); i-- > 0;) {
    finish(layers[i], i + 1 < layers.size() ? &layers[i + 1] : nullptr, inside_bytes);
    inside_bytes += layers[i].header.size();
  }
  Bytes result;
  for (const Layer& layer : layers) result.insert(result.end(), layer.header.begin(), layer.header.end());
  result.resize(result.size() + padding_bytes_, 0);
  return result;
}

}  // namespace flowgauge::test
