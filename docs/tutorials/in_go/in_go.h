/* What both languages know of a flow's state: plain numbers, all zero when a flow begins. */
#include <flowgauge/plugin.h>

typedef struct in_go_state {
  uint64_t packets;
  uint64_t changes;
  uint32_t last;
  uint32_t classes[16]; /* packets by the number of bits of their length */
  uint32_t reserved;
} in_go_state;
