// Frames, layer by layer from the outside in:
//   frame().eth().vlan(5).ipv4("10.0.0.1", "10.0.0.2").tcp(1234, 80).flags("S").seq(1).payload(10).bytes()
// Types, protocols and lengths follow from what stands inside, unless a call lies about them. Checksums stay 0.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace flowgauge::test {

using Bytes = std::vector<std::uint8_t>;

class FrameBuilder {
 public:
  // Link layer. `link_type()` follows from the first layer.
  FrameBuilder& eth(std::uint8_t src_last_byte = 1, std::uint8_t dst_last_byte = 2);  // 02:00:00:00:00:xx
  FrameBuilder& eth_snap(std::uint8_t src_last_byte = 1, std::uint8_t dst_last_byte = 2);
  FrameBuilder& snap();
  FrameBuilder& sll();
  FrameBuilder& sll2();
  FrameBuilder& raw(std::uint32_t link_type = 101);
  FrameBuilder& null_loopback(std::uint32_t family, bool little_endian = true, std::uint32_t link_type = 0);
  FrameBuilder& ppp(std::uint32_t link_type = 9, bool address_control = true, bool compressed_protocol = false);
  FrameBuilder& hdlc(std::uint32_t link_type = 104);
  FrameBuilder& vlan(std::uint16_t id, std::uint16_t type = 0x8100);
  FrameBuilder& mpls(std::uint32_t label);
  FrameBuilder& pppoe();
  FrameBuilder& ppp_header(bool address_control = true);  // as the content of a tunnel
  FrameBuilder& cisco_metadata();
  FrameBuilder& vn_tag();
  FrameBuilder& e_tag();
  FrameBuilder& fabric_path();  // eth() follows
  FrameBuilder& pbb();          // the same
  FrameBuilder& nsh(std::uint8_t metadata_type = 1, std::uint8_t words = 6);
  FrameBuilder& macsec(bool with_sci = false);  // authenticated, not encrypted
  FrameBuilder& control_word(std::uint32_t word = 0);

  // Network layer.
  FrameBuilder& ipv4(std::string_view src, std::string_view dst);
  FrameBuilder& ipv6(std::string_view src, std::string_view dst);
  FrameBuilder& extension(std::uint8_t protocol, std::uint32_t bytes = 8);  // a multiple of 8; AH (51): of 4
  FrameBuilder& jumbo(std::uint32_t payload_bytes);  // hop-by-hop; the IPv6 header around it says 0
  FrameBuilder& fragment_header(std::uint32_t id, std::uint16_t offset_bytes, bool more);

  // Transport layer.
  FrameBuilder& tcp(std::uint16_t src_port, std::uint16_t dst_port);  // window 1024
  FrameBuilder& udp(std::uint16_t src_port, std::uint16_t dst_port);
  FrameBuilder& udplite(std::uint16_t src_port, std::uint16_t dst_port);  // all of it covered by the checksum
  FrameBuilder& dccp(std::uint16_t src_port, std::uint16_t dst_port, std::uint8_t header_words = 4);
  FrameBuilder& icmp(std::uint8_t type, std::uint8_t code);
  FrameBuilder& icmp6(std::uint8_t type, std::uint8_t code);
  FrameBuilder& sctp(std::uint16_t src_port, std::uint16_t dst_port);
  FrameBuilder& chunk(std::uint8_t type, std::uint32_t number = 0);  // SCTP, of 8 bytes: number is an INIT's tag
  FrameBuilder& other(std::uint8_t protocol);                        // no header; what follows is its content

  // Tunnels; those over UDP stand behind udp().
  FrameBuilder& gre();
  FrameBuilder& gre_key(std::uint32_t key);
  FrameBuilder& gre_full(std::uint32_t key);  // with checksum and sequence number too
  FrameBuilder& vxlan(std::uint32_t vni);
  FrameBuilder& geneve(std::uint32_t vni, std::uint8_t option_bytes = 0);
  FrameBuilder& gtpu(std::uint32_t teid);
  FrameBuilder& gtpu_extended(std::uint32_t teid, int extensions);  // sequence number and this many extensions
  FrameBuilder& teredo_authentication(std::uint8_t id_bytes, std::uint8_t value_bytes);
  FrameBuilder& teredo_origin();
  FrameBuilder& gre_sequence();
  FrameBuilder& erspan2(std::uint16_t session);  // behind gre_sequence(), as the next
  FrameBuilder& erspan3(std::uint16_t session, bool subheader = false);
  FrameBuilder& pptp(std::uint16_t call, bool acknowledges = false);                        // ppp_header() follows
  FrameBuilder& wccp2();                                                                    // behind a gre
  FrameBuilder& l2tp(std::uint16_t tunnel, std::uint16_t session, std::uint16_t bits = 0);  // bits: L, S, O, P
  FrameBuilder& l2tpv3(std::uint32_t session, std::uint32_t cookie_bytes = 0);
  FrameBuilder& etherip();
  FrameBuilder& vxlan_gpe(std::uint32_t vni);
  FrameBuilder& gue(std::uint8_t words = 0);
  FrameBuilder& lisp(std::uint32_t instance);
  FrameBuilder& lisp_gpe(std::uint32_t instance);
  FrameBuilder& capwap(std::uint8_t words = 2);
  FrameBuilder& capwap_wireless(bool swapped = false, bool quality = false, bool both_ways = false);  // snap() follows

  // Content and fields of the layer named last.
  FrameBuilder& payload(std::uint32_t bytes);  // 0x00 0x01 0x02 ...
  FrameBuilder& data(const Bytes& bytes);
  FrameBuilder& padding(std::uint32_t bytes);                     // at the frame's end, in no length
  FrameBuilder& flags(std::string_view letters);                  // TCP
  FrameBuilder& seq(std::uint32_t number);                        // TCP
  FrameBuilder& ack(std::uint32_t number);                        // TCP
  FrameBuilder& window(std::uint16_t window);                     // TCP
  FrameBuilder& options(std::uint32_t bytes);                     // TCP, IPv4: a multiple of 4
  FrameBuilder& ttl(std::uint8_t ttl);                            // IP
  FrameBuilder& id(std::uint16_t number);                         // IPv4
  FrameBuilder& fragment(std::uint16_t offset_bytes, bool more);  // IPv4
  FrameBuilder& length(std::uint16_t lie);                        // the layer's own length field
  FrameBuilder& next(std::uint16_t lie);                          // the layer's own type or protocol field
  FrameBuilder& set8(std::size_t offset, std::uint8_t value);     // any byte of the layer's header
  FrameBuilder& set16(std::size_t offset, std::uint16_t value);

  [[nodiscard]] Bytes bytes() const;
  [[nodiscard]] std::uint32_t link_type() const { return link_type_; }

 private:
  enum class Next : std::uint8_t { kNone, kEtherType, kIpProtocol, kPpp, kPppShort, kNextProtocol };

  struct Layer {
    Bytes header;
    std::uint16_t ether_type = 0;  // what this layer is called by the one around it
    std::uint8_t ip_protocol = 0;
    std::uint16_t ppp_protocol = 0;
    Next next = Next::kNone;  // how it calls the one inside, and where
    std::size_t next_offset = 0;
    bool has_length = false;  // a 16-bit length: bytes inside + length_extra
    std::size_t length_offset = 0;
    std::uint32_t length_extra = 0;
    bool is_label = false;
  };

  FrameBuilder& add(Layer layer);
  FrameBuilder& extend(const Bytes& bytes);
  static void finish(Layer& layer, const Layer* inside, std::size_t inside_bytes);

  std::vector<Layer> layers_;
  std::uint32_t padding_bytes_ = 0;
  std::uint32_t link_type_ = 1;
};

inline FrameBuilder frame() { return {}; }

}  // namespace flowgauge::test
