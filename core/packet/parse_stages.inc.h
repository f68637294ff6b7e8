/* All of the parser for one reader: define the five names of parse_walk.h, then include this. They are undefined after.
 * The order matters: each stage calls the ones before it. */
// clang-format off
#include "core/packet/parse_headers.inc.h"
#include "core/packet/parse_link.inc.h"
#include "core/packet/parse_sctp.inc.h"
#include "core/packet/parse_network.inc.h"
#include "core/packet/parse_udp_tunnel.inc.h"
#include "core/packet/parse_tunnel.inc.h"
#include "core/packet/parse_frame.inc.h"
// clang-format on
#undef PACKET_READER
#undef PACKET_NAME
#undef PACKET_STAGE
#undef PACKET_RARE
#undef PACKET_FETCH
