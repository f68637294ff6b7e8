/* All of the parser for one reader: define the five names of walk.h, then include this. They are undefined after.
 * The order matters: each stage calls the ones before it. */
// clang-format off
#include "core/packet/parse/headers.inc.h"
#include "core/packet/parse/link.inc.h"
#include "core/packet/parse/sctp.inc.h"
#include "core/packet/parse/network.inc.h"
#include "core/packet/parse/udp_tunnel.inc.h"
#include "core/packet/parse/tunnel.inc.h"
#include "core/packet/parse/frame.inc.h"
// clang-format on
#undef PACKET_READER
#undef PACKET_NAME
#undef PACKET_STAGE
#undef PACKET_RARE
#undef PACKET_FETCH
