/* How the kernel program reads a frame, and the parser's stages for each way (core/packet/parse/walk.h).
 *
 * Direct access is the fast way; on tc it reaches only the linear part of the socket buffer. Where a header lies beyond
 * (large segments that the host's offloads made), the frame is parsed again with bpf_skb_load_bytes, header by header:
 * bpf_skb_pull_data would change the buffer, and cost more. */
#pragma once

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "core/packet/parse/rules.h"

/* A field of the context as the instruction itself: the verifier refuses a pointer into the context that was computed
 * before, which is what the compiler makes of the same load in two branches. */
#define CONTEXT_POINTER(context, field)                                    \
  ({                                                                       \
    uint64_t context_value;                                                \
    asm("%0 = *(u32 *)(%1 + %2)"                                           \
        : "=r"(context_value)                                              \
        : "r"(context), "i"(__builtin_offsetof(typeof(*context), field))); \
    (const uint8_t*)context_value;                                         \
  })

/* The verifier wants a constant bound on the offset before the addition, and the comparison with the end on the very
 * register that is read through: hence the barrier, which keeps the compiler from computing the sum twice. */
#define READ_DIRECT(context, walk, offset, bytes)                                                \
  ({                                                                                             \
    const uint8_t* direct_result = 0;                                                            \
    const uint32_t direct_offset = (offset);                                                     \
    if (direct_offset <= PACKET_MAX_HEADER_OFFSET && direct_offset + (bytes) <= (walk)->limit) { \
      const uint8_t* direct_begin = CONTEXT_POINTER(context, data) + direct_offset;              \
      asm volatile("" : "+r"(direct_begin));                                                     \
      if (direct_begin + (bytes) <= CONTEXT_POINTER(context, data_end)) {                        \
        direct_result = direct_begin;                                                            \
      } else {                                                                                   \
        (walk)->beyond_linear = 1;                                                               \
      }                                                                                          \
    }                                                                                            \
    direct_result;                                                                               \
  })

PACKET_INLINE const uint8_t* read_loaded(struct __sk_buff* context, struct packet_walk* walk, uint32_t offset,
                                         uint32_t bytes) {
  if (offset > PACKET_MAX_HEADER_OFFSET || offset + bytes > walk->limit) return 0;
  return bpf_skb_load_bytes(context, offset, walk->loaded, bytes) == 0 ? walk->loaded : 0;
}

#ifdef PARSE_XDP /* tests/bpf alone */
#define PACKET_READER struct xdp_md
#define PACKET_NAME(name) xdp_##name
#define PACKET_STAGE __noinline
#define PACKET_RARE __noinline
#define PACKET_FETCH READ_DIRECT
#include "core/packet/parse/stages.inc.h"
#endif

#define PACKET_READER struct __sk_buff
#define PACKET_NAME(name) skb_##name
#define PACKET_STAGE __noinline
#define PACKET_RARE __noinline
#define PACKET_FETCH READ_DIRECT
#include "core/packet/parse/stages.inc.h"

#define PACKET_READER struct __sk_buff
#define PACKET_NAME(name) skb_copy_##name
#define PACKET_STAGE __noinline
#define PACKET_RARE __noinline
#define PACKET_FETCH read_loaded
#include "core/packet/parse/stages.inc.h"
