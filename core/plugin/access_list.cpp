#include "core/plugin/access_list.h"

#include <cstring>

namespace flowgauge {
namespace {

// linux/posix_acl_xattr.h; every number is little-endian, as is every machine that this runs on.
constexpr std::uint32_t kListVersion = 2;
constexpr std::uint16_t kNamedUser = 0x02;
constexpr std::uint16_t kNamedGroup = 0x08;
constexpr std::uint16_t kMaskTag = 0x10;
constexpr std::uint16_t kWriteBit = 0x02;

struct ListEntry {
  std::uint16_t tag;
  std::uint16_t permissions;
  std::uint32_t id;
};
static_assert(sizeof(ListEntry) == 8);

}  // namespace

ListedWriters listed_writers(std::span<const std::uint8_t> attribute) {
  ListedWriters writers;
  std::uint32_t version = 0;
  if (attribute.size() >= sizeof version) std::memcpy(&version, attribute.data(), sizeof version);
  if (version != kListVersion || (attribute.size() - sizeof version) % sizeof(ListEntry) != 0)
    return {.is_readable = false};
  bool may_write = true;  // without a mask there are no named entries
  for (auto rest = attribute.subspan(sizeof version); !rest.empty(); rest = rest.subspan(sizeof(ListEntry))) {
    ListEntry entry{};
    std::memcpy(&entry, rest.data(), sizeof entry);
    const bool writes = (entry.permissions & kWriteBit) != 0;
    if (entry.tag == kMaskTag) may_write = writes;
    if (entry.tag == kNamedUser && writes) writers.users.push_back(entry.id);
    if (entry.tag == kNamedGroup && writes) writers.groups.push_back(entry.id);
  }
  return may_write ? writers : ListedWriters{};
}

}  // namespace flowgauge
