// What update sees of a packet: fg::Packet, and behind `needs` the rest.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "about.hpp"
#include "cells.hpp"

namespace fg {

namespace detail {

// Copies of the batch's fields: the compiler cannot know that writing a state leaves the batch as it is.
struct BatchView {
  explicit BatchView(const fg_batch& batch)
      : packet_stride(batch.packet_stride),
        packet_size(batch.packet_size),
        key_stride(batch.key_stride),
        tags_stride(batch.tags_stride),
        payload_stride(batch.payload_stride),
        packets(batch.packets),
        keys(batch.keys),
        timestamps_ns(batch.timestamps_ns),
        tags(batch.tags),
        payloads(batch.payloads),
        ring_drops(batch.ring_drops) {
#if FG_TARGET_MINOR >= 1
    if (!FG_HAS(&batch, ends)) return;
    fields = batch.fields;
    headers = batch.headers;
    ends = batch.ends;
    fields_stride = batch.fields_stride;
    headers_stride = batch.headers_stride;
#endif
  }

  std::uint32_t packet_stride, packet_size, key_stride, tags_stride, payload_stride;
  const unsigned char* packets;
  const unsigned char* keys;
  const std::int64_t* timestamps_ns;
  const unsigned char* tags;
  const unsigned char* payloads;
  std::uint64_t ring_drops;
#if FG_TARGET_MINOR >= 1
  const unsigned char* fields = nullptr;
  const unsigned char* headers = nullptr;
  std::uint32_t* ends = nullptr;
  std::uint64_t* counters = nullptr;  // of the instance
  std::uint32_t fields_stride = 0;
  std::uint32_t headers_stride = 0;
#endif
};

template <class F, fg_needs Need>
inline constexpr bool kNeeds = (F::kAbout.needs & Need) != 0;

}  // namespace detail

// Becomes a `const fg::Packet&` by itself: a feature without needs takes that.
template <class F>
class PacketOf {
 public:
  PacketOf(const detail::BatchView& batch, std::uint32_t index) : batch_(batch), index_(index) {}

  // NOLINTNEXTLINE(google-explicit-constructor): it is a packet.
  operator const Packet&() const { return *get(); }
  const Packet* operator->() const { return get(); }
  const Packet& operator*() const { return *get(); }

  // Does this host fill in a field newer than ABI 1.0? packet.has<&fg_packet::some_field>()
  template <auto Field>
  [[nodiscard]] bool has() const {
    const auto* end = reinterpret_cast<const unsigned char*>(&(get()->*Field) + 1);
    return end <= reinterpret_cast<const unsigned char*>(get()) + batch_.packet_size;
  }

  // The addresses, ports and MACs of the packet's FLOW: source and destination do not swap.
  [[nodiscard]] const Key& key() const {
    static_assert(detail::kNeeds<F, FG_NEEDS_KEY>,
                  "addresses and ports are withheld: add FG_NEEDS_KEY to kAbout.needs");
    return *reinterpret_cast<const Key*>(batch_.keys + std::size_t{index_} * batch_.key_stride);
  }
  [[nodiscard]] std::int64_t timestamp_ns() const {
    static_assert(
        detail::kNeeds<F, FG_NEEDS_TIME>,
        "absolute time is withheld: add FG_NEEDS_TIME to kAbout.needs, or use time_ns since the flow's start");
    return batch_.timestamps_ns[index_];
  }
  [[nodiscard]] const Tags& tags() const {
    static_assert(detail::kNeeds<F, FG_NEEDS_TAGS>, "VLAN and tunnel are withheld: add FG_NEEDS_TAGS to kAbout.needs");
    return *reinterpret_cast<const Tags*>(batch_.tags + std::size_t{index_} * batch_.tags_stride);
  }
  // As captured: at most kAbout.payload_bytes, and fewer where the frame was cut.
  [[nodiscard]] std::span<const std::uint8_t> payload() const {
    static_assert(detail::kNeeds<F, FG_NEEDS_PAYLOAD>,
                  "payload is withheld: add FG_NEEDS_PAYLOAD to kAbout.needs and set kAbout.payload_bytes");
    const auto& payload =
        *reinterpret_cast<const fg_payload*>(batch_.payloads + std::size_t{index_} * batch_.payload_stride);
    return {payload.data, payload.size_bytes};
  }
#if FG_TARGET_MINOR >= 1
  // DSCP, ECN, IP id, flow label, TCP options: what their columns give away they declare.
  [[nodiscard]] const Fields& fields() const {
    static_assert(detail::kNeeds<F, FG_NEEDS_FIELDS>,
                  "more of the headers is withheld: add FG_NEEDS_FIELDS to kAbout.needs");
    return *reinterpret_cast<const Fields*>(batch_.fields + std::size_t{index_} * batch_.fields_stride);
  }
  // IP and transport header as captured: the transport header begins at l3_header_bytes.
  [[nodiscard]] std::span<const std::uint8_t> headers() const {
    static_assert(detail::kNeeds<F, FG_NEEDS_HEADERS>,
                  "raw headers are withheld: add FG_NEEDS_HEADERS to kAbout.needs");
    const auto& headers =
        *reinterpret_cast<const fg_headers*>(batch_.headers + std::size_t{index_} * batch_.headers_stride);
    return {headers.data, headers.size_bytes};
  }
#endif
#if FG_TARGET_MINOR >= 1
  // Asks the host to end the flow with this packet; the name is one of the feature's kEnds. Hosts of ABI 1.0 end none.
  template <Name Wanted>
  void end_flow() const {
    constexpr std::size_t found = detail::index_of(F::kEnds, Wanted.view());
    static_assert(found < std::size(F::kEnds), "the feature has no end of this name in kEnds");
    if (batch_.ends != nullptr) batch_.ends[index_] = static_cast<std::uint32_t>(found + 1);
  }
  // Adds to one of the feature's kCounters, by its name: for the run's report, not for rows.
  template <Name Wanted>
  void count(std::uint64_t more = 1) const {
    constexpr std::size_t found = detail::index_of(F::kCounters, Wanted.view());
    static_assert(found < std::size(F::kCounters), "the feature has no counter of this name in kCounters");
    batch_.counters[found] += more;
  }
#endif
  // Live: how many packets were lost so far on the way that this one came; nothing from a file.
  [[nodiscard]] std::optional<std::uint64_t> ring_drops() const {
    return batch_.ring_drops == FG_NO_RING ? std::nullopt : std::optional(batch_.ring_drops);
  }

 private:
  [[nodiscard]] const Packet* get() const {
    return reinterpret_cast<const Packet*>(batch_.packets + std::size_t{index_} * batch_.packet_stride);
  }

  const detail::BatchView& batch_;
  std::uint32_t index_;
};

}  // namespace fg
