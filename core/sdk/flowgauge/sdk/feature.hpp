// Makes the C descriptor and the C functions of a feature from the author's struct.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <type_traits>

#include "boundary.hpp"
#include "options.hpp"
#include "packet.hpp"
#include "row.hpp"

namespace fg::detail {

struct Nothing {};

// What update and emit get last: the feature's writable Worker, its const Config, or nothing.
template <class F>
struct ContextOf {
  using Type = Nothing;
  using Argument = Nothing;
};
template <class F>
requires requires { typename F::Config; }
struct ContextOf<F> {
  static_assert(
      !requires { typename F::Worker; }, "a feature has a Config (const) or a Worker (writable), not both");
  using Type = typename F::Config;
  using Argument = const Type&;
};
template <class F>
requires(
    !requires { typename F::Config; } && requires { typename F::Worker; }) struct ContextOf<F> {
  using Type = typename F::Worker;
  using Argument = Type&;
};

template <class F>
concept HasUpdate = requires {
  &F::update;
};
template <class F>
concept HasRelease = requires {
  &F::release;
};
template <class F>
concept HasOptions = requires {
  F::kOptions;
};

#if FG_TARGET_MINOR >= 1
// The name is a common one: only a list of fg::Counter is meant.
template <class F>
concept HasCounters = requires {
  requires std::is_same_v<std::remove_cvref_t<decltype(F::kCounters[0])>, Counter>;
};
template <class F>
consteval std::size_t counter_count() {
  if constexpr (HasCounters<F>) {
    return std::size(F::kCounters);
  } else {
    return 0;
  }
}
#endif

template <class F>
class FeatureBoundary {
  using Context = typename ContextOf<F>::Type;
  using ContextArgument = typename ContextOf<F>::Argument;
  static constexpr const char* kWho = F::kAbout.name;

  struct Instance {
    // The context is made in place: a Worker need not be movable.
    explicit Instance(const fg_create& create) requires std::is_same_v<Context, Nothing> : host(create.host) {}
    explicit Instance(const fg_create& create) requires(!std::is_same_v<Context, Nothing>)
        : host(create.host), context(Options<F>(create)) {}

    const fg_host* host;
    [[no_unique_address]] Context context;
#if FG_TARGET_MINOR >= 1
    [[no_unique_address]] std::array<std::uint64_t, counter_count<F>()> counts{};
#endif
    bool failed = false;  // latched: after a throw states may be half-written, so nothing is asked of them again
  };

 public:
  static fg_status create(const fg_create* create, void** instance) noexcept {
    static_assert(std::is_same_v<Context, Nothing> || std::is_constructible_v<Context, const Options<F>&>,
                  "a Config or Worker is made of the options: explicit Config(const fg::Options<Feature>&)");
    return guarded(*create->host, kWho, "create", [&] { *instance = std::make_unique<Instance>(*create).release(); });
  }

  static void destroy(void* instance) noexcept { delete static_cast<Instance*>(instance); }

  static fg_status update(void* instance, const fg_batch* batch) noexcept {
    if constexpr (HasUpdate<F>) {
      return run(instance, "update", [&](ContextArgument context) {
        BatchView view(*batch);
#if FG_TARGET_MINOR >= 1
        view.counters = static_cast<Instance*>(instance)->counts.data();
#endif
        const std::uint32_t count = batch->count;
        const std::uint32_t offset = batch->state_offset;
        unsigned char* const* records = batch->records;
        for (std::uint32_t i = 0; i < count; ++i) {
          const PacketOf<F> packet(view, i);
          auto& state = *reinterpret_cast<F*>(records[i] + offset);
          const auto direction = static_cast<Direction>(packet->direction);
          if constexpr (requires { state.update(packet, direction, context); }) {
            state.update(packet, direction, context);
          } else {
            static_assert(
                requires { state.update(packet, direction); },
                "write: void update(const fg::Packet& packet, fg::Direction direction), with const "
                "fg::PacketOf<Feature>& for what is behind needs, and const Config& or Worker& as the last");
            state.update(packet, direction);
          }
        }
      });
    } else {
      return FG_OK;  // made of what the host knows of the flow
    }
  }

  static fg_status emit(void* instance, const fg_emit* emit) noexcept {
    return run(instance, "emit", [&](ContextArgument context) {
      const unsigned char* const flows = emit->flows;
      const std::size_t stride = emit->flow_stride;
      const std::uint32_t count = emit->row_count;
      const std::uint32_t offset = emit->state_offset;
      const unsigned char* const* const records = emit->records;
      for (std::uint32_t i = 0; i < count; ++i) {
        const auto& flow = *reinterpret_cast<const Flow*>(flows + i * stride);
        const auto& state = *reinterpret_cast<const F*>(records[i] + offset);
        Row<F> row(*emit, i);
        if constexpr (requires { state.emit(row, flow, context); }) {
          state.emit(row, flow, context);
        } else {
          static_assert(
              requires { state.emit(row, flow); },
              "write: void emit(fg::Row<Feature>& row, const fg::Flow& flow) const, with const Config& or "
              "Worker& as the last; const, since flows live on after a snapshot");
          state.emit(row, flow);
        }
      }
    });
  }

#if FG_TARGET_MINOR >= 1
  static void count(void* instance, std::uint64_t* values) noexcept {
    std::ranges::copy(static_cast<const Instance*>(instance)->counts, values);
  }
#endif

  // Also after a failure: memory is freed all the same.
  static void release(void* instance, const fg_flows* flows) noexcept requires HasRelease<F> {
    auto& self = *static_cast<Instance*>(instance);
    guarded(*self.host, kWho, "release", [&] {
      for (std::uint32_t i = 0; i < flows->count; ++i) {
        auto& state = *reinterpret_cast<F*>(flows->records[i] + flows->state_offset);
        if constexpr (requires { state.release(static_cast<ContextArgument>(self.context)); }) {
          state.release(static_cast<ContextArgument>(self.context));
        } else {
          static_assert(
              requires { state.release(); }, "write: void release()");
          state.release();
        }
      }
    });
  }

 private:
  template <class Body>
  static fg_status run(void* instance, const char* where, const Body& body) noexcept {
    auto& self = *static_cast<Instance*>(instance);
    if (self.failed) return FG_ERROR;
    const fg_status status = guarded(*self.host, kWho, where, [&] { body(self.context); });
    self.failed = status != FG_OK;
    return status;
  }
};

#if FG_TARGET_MINOR >= 1
// The feature's columns, with its source where one has none of its own.
template <class F>
inline constexpr auto kSourcedColumns = [] {
  auto columns = std::to_array(F::kColumns);
  for (Column& column : columns) {
    if (column.source == nullptr) column.source = F::kAbout.source;
  }
  return columns;
}();

template <class F>
consteval fg_array columns_of() {
  return {.items = kSourcedColumns<F>.data(),
          .count = static_cast<std::uint32_t>(kSourcedColumns<F>.size()),
          .stride = sizeof(Column)};
}
#else
template <class F>
consteval fg_array columns_of() {
  return array_of(F::kColumns);
}
#endif

template <class F>
consteval fg_feature describe_feature() {
  static_assert(std::is_standard_layout_v<F>,
                "a state is plain data: no virtual functions, one access level for its data");
  static_assert(std::is_trivially_copyable_v<F>,
                "a state begins as zero bytes: keep what owns memory in fg::Owned<T>, and free it in release()");
  static_assert(std::is_trivially_default_constructible_v<F>,
                "a state begins as zero bytes: member initialisers (`int min = -1`) would never run");
  static_assert(alignof(F) <= 64, "a state is aligned to a cache line at most");
  static_assert(names_are_unique(F::kColumns), "two columns of the feature have the same name");
  static_assert(kNeeds<F, FG_NEEDS_PAYLOAD> == (F::kAbout.payload_bytes > 0),
                "FG_NEEDS_PAYLOAD and kAbout.payload_bytes go together: say how many bytes of a packet's payload");
  check_name_and_doc(F::kAbout.name, F::kAbout.doc);

  fg_feature feature{};
  feature.struct_size = sizeof(fg_feature);
  feature.state_size = std::is_empty_v<F> ? 0 : sizeof(F);
  feature.state_align = alignof(F);
  feature.payload_bytes = F::kAbout.payload_bytes;
  feature.needs = F::kAbout.needs;
  feature.name = F::kAbout.name;
  feature.version = F::kAbout.version;
  feature.doc = F::kAbout.doc;
  feature.columns = columns_of<F>();
  if constexpr (HasOptions<F>) {
    static_assert(names_are_unique(F::kOptions), "two options of the feature have the same name");
    feature.options = array_of(F::kOptions);
  }
#if FG_TARGET_MINOR >= 1
  if constexpr (requires { F::kEnds; }) {
    static_assert(names_are_unique(F::kEnds), "two ends of the feature have the same name");
    feature.ends = array_of(F::kEnds);
  }
  if constexpr (HasCounters<F>) {
    static_assert(names_are_unique(F::kCounters), "two counters of the feature have the same name");
    feature.counters = array_of(F::kCounters);
    feature.count = FeatureBoundary<F>::count;
  }
  if constexpr (requires { F::kPacketFilters; }) {
    static_assert(are_unique(F::kPacketFilters), "two packet filters of the feature are the same");
    feature.packet_filters = array_of(F::kPacketFilters);
  }
#endif
  feature.create = FeatureBoundary<F>::create;
  feature.destroy = FeatureBoundary<F>::destroy;
  feature.update = FeatureBoundary<F>::update;
  feature.emit = FeatureBoundary<F>::emit;
  if constexpr (HasRelease<F>) feature.release = FeatureBoundary<F>::release;
  return feature;
}

}  // namespace fg::detail
