// What the tests of core/ingest share: folders that clean up, compression, pcapng files, whole runs of a source.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ingest/input_list.h"
#include "core/ingest/pcap_source.h"
#include "tests/support/capture_writer.h"
#include "tests/support/frame_builder.h"

namespace flowgauge::test {

class TempFolder {
 public:
  TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder();

  // Writes the file and returns its path.
  std::string write(std::string_view name, const Bytes& bytes) const;
  [[nodiscard]] std::string path(std::string_view name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

[[nodiscard]] Bytes gzip(const Bytes& bytes);
// `header`: what optional fields the header has; null: none.
[[nodiscard]] Bytes gzip_with(gz_header* header, const Bytes& bytes);
[[nodiscard]] Bytes zstd(const Bytes& bytes);
[[nodiscard]] Bytes bzip2(const Bytes& bytes);
[[nodiscard]] Bytes xz(const Bytes& bytes);
[[nodiscard]] Bytes lz4(const Bytes& bytes);
// All of them; each writes a checksum of the content.
struct NamedCompressor {
  std::string_view name;
  Bytes (*compress)(const Bytes&);
};
[[nodiscard]] std::span<const NamedCompressor> compressors();
[[nodiscard]] Bytes text(std::string_view text);
[[nodiscard]] Bytes first(const Bytes& bytes, std::size_t count);
Bytes& append(Bytes& bytes, const Bytes& more);

// A pcapng capture, block by block.
class PcapngWriter {
 public:
  explicit PcapngWriter(bool big_endian = false) : big_endian_(big_endian) {}

  // From here on in the other byte order; a section follows.
  PcapngWriter& other_byte_order();
  PcapngWriter& section(std::int64_t length_bytes = -1, std::uint16_t major = 1, std::uint16_t minor = 0);
  // `resolution`: the if_tsresol option's byte (6: microseconds, 9: nanoseconds).
  PcapngWriter& interface(std::uint16_t link_type, std::uint32_t snaplen_bytes, std::uint8_t resolution = 6,
                          std::int64_t offset_seconds = 0);
  // An interface with just these options.
  PcapngWriter& interface_with(std::uint16_t link_type, const Bytes& options);
  PcapngWriter& packet(std::uint32_t interface, std::uint64_t ticks, const Bytes& frame, const Bytes& options = {});
  // Lies included.
  PcapngWriter& packet(std::uint32_t interface, std::uint64_t ticks, std::uint32_t captured_bytes,
                       std::uint32_t wire_bytes, const Bytes& frame);
  PcapngWriter& obsolete_packet(std::uint16_t interface, std::uint64_t ticks, const Bytes& frame);
  PcapngWriter& simple_packet(const Bytes& frame) {
    return simple_packet(static_cast<std::uint32_t>(frame.size()), frame);
  }
  PcapngWriter& simple_packet(std::uint32_t wire_bytes, const Bytes& frame);
  PcapngWriter& name_resolution();  // a block without a packet
  PcapngWriter& block(std::uint32_t type, const Bytes& body);
  PcapngWriter& raw(const Bytes& bytes);
  // An option of a list, padded.
  [[nodiscard]] Bytes option(std::uint16_t code, const Bytes& value) const;

  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  void put(Bytes& to, std::uint64_t value, int bytes) const;

  bool big_endian_;
  Bytes bytes_;
};

// Everything that a source gave out, joined.
struct SourceRun {
  std::vector<packet_event> events;
  std::vector<std::uint64_t> frames;
  std::vector<std::int64_t> clocks;
  std::vector<std::string> payloads;
  std::size_t blocks = 0;
  Ledger ledger;
  std::vector<std::string> problems;
  std::vector<ExitCode> codes;
  std::vector<std::string> warnings;
  SourceProgress progress;
  ClockCounters clock;

  [[nodiscard]] std::vector<std::int64_t> times() const;
};

[[nodiscard]] SourceRun run(Source& source);
// Inputs as on the command line; an error of expand_inputs or create is the only problem.
[[nodiscard]] SourceRun run(const std::vector<std::string>& arguments, PcapSourceOptions options = {});

// An Ethernet frame with UDP from 10.0.0.1:`src_port` to 10.0.0.2:53.
[[nodiscard]] Bytes udp_frame(std::uint16_t src_port = 1000, std::uint32_t payload_bytes = 10);

// Bytes that no compressor makes shorter; the same ones for a seed.
[[nodiscard]] Bytes noise(std::size_t size, unsigned seed = 1);

inline constexpr std::int64_t kSecond = 1'000'000'000;

}  // namespace flowgauge::test
