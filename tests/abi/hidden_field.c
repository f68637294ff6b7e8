/* Must not compile: the field is newer than the hosts that this author wants to run on (FG_TARGET_MINOR is 0). */
#include <flowgauge/plugin.h>

uint64_t read_it(const fg_packet* packet);
uint64_t read_it(const fg_packet* packet) { return packet->imagined; }
