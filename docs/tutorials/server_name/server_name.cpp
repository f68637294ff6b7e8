// server_name: the name that a TLS client asks for (RFC 6066 3), from the first payload of the source.
#include <flowgauge/sdk.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace {

using Bytes = std::span<const std::uint8_t>;

// Numbers in network order and vectors with their length before them (RFC 8446 3). What is not there ends the reading:
// a frame may be cut, and a sender may lie.
class Reader {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes) {}
  std::optional<std::size_t> number(std::size_t size_bytes) {
    const auto digits = take(size_bytes);
    if (!digits) return std::nullopt;
    std::size_t value = 0;
    for (const std::uint8_t byte : *digits) value = value << 8U | byte;
    return value;
  }
  std::optional<Bytes> take(std::size_t size_bytes) {
    if (size_bytes > bytes_.size()) return std::nullopt;
    const Bytes taken = bytes_.first(size_bytes);
    bytes_ = bytes_.subspan(size_bytes);
    return taken;
  }
  // A vector whose length has `length_bytes` bytes.
  std::optional<Bytes> vector(std::size_t length_bytes) {
    const auto size = number(length_bytes);
    return size ? take(*size) : std::nullopt;
  }
  // The same; of one that was cut, what is there.
  std::optional<Bytes> cut_vector(std::size_t length_bytes) {
    const auto size = number(length_bytes);
    return size ? take(std::min(*size, bytes_.size())) : std::nullopt;
  }

 private:
  Bytes bytes_;
};

constexpr std::size_t kHandshake = 22;  // RFC 8446 5.1
constexpr std::size_t kClientHello = 1;
constexpr std::size_t kServerName = 0;
constexpr std::size_t kHostName = 0;

std::optional<std::string_view> name_in(Bytes extension) {
  auto list = Reader(extension).vector(2);
  if (!list) return std::nullopt;
  Reader names(*list);
  if (names.number(1) != kHostName) return std::nullopt;
  const auto name = names.vector(2);
  if (!name) return std::nullopt;
  return std::string_view(reinterpret_cast<const char*>(name->data()), name->size());
}

std::optional<std::string_view> server_name(Bytes payload) {
  Reader record(payload);
  if (record.number(1) != kHandshake || !record.take(2)) return std::nullopt;  // the version
  const auto message = record.cut_vector(2);
  if (!message) return std::nullopt;
  Reader handshake(*message);
  if (handshake.number(1) != kClientHello) return std::nullopt;
  const auto body = handshake.cut_vector(3);
  if (!body) return std::nullopt;
  Reader hello(*body);
  // Version and random, session, cipher suites, compression methods.
  if (!hello.take(34) || !hello.vector(1) || !hello.vector(2) || !hello.vector(1)) return std::nullopt;
  const auto all = hello.cut_vector(2);
  if (!all) return std::nullopt;
  Reader extensions(*all);
  for (auto type = extensions.number(2); type; type = extensions.number(2)) {
    const auto extension = extensions.vector(2);
    if (!extension) return std::nullopt;
    if (type == kServerName) return name_in(*extension);
  }
  return std::nullopt;
}

struct ServerName {
  static constexpr fg::About kAbout{.name = "server_name",
                                    .version = "1.0",
                                    .doc = "The server that a TLS client asks for.",
                                    .needs = FG_NEEDS_PAYLOAD,
                                    .payload_bytes = 1024};
  static constexpr fg::Column kColumns[] = {
      fg::Column{"sni", "Host name of the ClientHello; null without one", FG_STRING, FG_UNIT_NONE, FG_REVEALS_IDENTITY}
          .nullable(),
  };

  // The state of one flow: a name, and whether the source's first payload has been seen.
  fg::Owned<std::string> name;
  bool has_looked;

  void update(const fg::PacketOf<ServerName>& packet, fg::Direction direction) {
    if (has_looked || direction != fg::kForward || packet.payload().empty()) return;
    has_looked = true;
    if (const auto found = server_name(packet.payload())) name.get_or_create() = *found;
  }

  void emit(fg::Row<ServerName>& row, const fg::Flow&) const {
    if (name) row.set<"sni">(std::string_view(*name.get()));
  }

  void release() { name.free(); }
};

}  // namespace

FG_MODULE("server_name", "1.0", "Apache-2.0", fg::Features<ServerName>, fg::Schemas<>);
