// Finds the block of a damaged pcapng capture that could not be read: libpcap tells the packet before it, but blocks
// that are no packets may stand between.
#pragma once

#include <cstdint>
#include <string>

namespace flowgauge {

// Reads the capture at `path` again and steps from block to block, beginning at `from`, where the last readable packet
// ended, until a block that cannot be stepped over or reaches to `failed_at`, where reading gave up; returns where that
// block begins. `from` if the file cannot be read twice (a pipe). Offsets are of the decompressed content.
[[nodiscard]] std::int64_t find_damaged_block(const std::string& path, std::int64_t from, std::int64_t failed_at);

}  // namespace flowgauge
