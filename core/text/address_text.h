// Addresses as text. Writes to `out` and returns the end; allocates nothing.
#pragma once

#include <cstddef>
#include <cstdint>

namespace flowgauge {

inline constexpr std::size_t kAddressTextBytes = 46;
inline constexpr std::size_t kMacTextBytes = 17;

char* write_decimal(char* out, std::uint32_t value);
// IPv6 as RFC 5952: lower case, the longest run of zeros shortened, IPv4-mapped addresses in the mixed form of its
// section 5.
char* write_address(char* out, const std::uint8_t* address, std::uint8_t ip_version);
char* write_mac(char* out, const std::uint8_t* mac);  // aa:bb:cc:dd:ee:ff

}  // namespace flowgauge
