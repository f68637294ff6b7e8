#include "tests/ingest/ingest_support.h"

#include <bzlib.h>
#include <gtest/gtest.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>

#include "core/base/handle.h"

namespace flowgauge::test {

Bytes noise(std::size_t size, unsigned seed) {
  std::minstd_rand random(seed);
  Bytes bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random() >> 8);
  return bytes;
}

TempFolder::TempFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "flowgauge-ingest-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) std::abort();
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempFolder::write(std::string_view name, const Bytes& bytes) const {
  const std::filesystem::path path = path_ / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) std::abort();
  return path.string();
}

Bytes gzip(const Bytes& bytes) { return gzip_with(nullptr, bytes); }

Bytes gzip_with(gz_header* header, const Bytes& bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  if (header != nullptr) deflateSetHeader(&stream, header);
  Bytes out(deflateBound(&stream, bytes.size()));  // with the header's fields
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Bytes zstd(const Bytes& bytes) {
  const std::unique_ptr<ZSTD_CCtx, Closer<ZSTD_freeCCtx>> context(ZSTD_createCCtx());
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  Bytes out(ZSTD_compressBound(bytes.size()));
  out.resize(ZSTD_compress2(context.get(), out.data(), out.size(), bytes.data(), bytes.size()));
  return out;
}

Bytes bzip2(const Bytes& bytes) {
  Bytes out(bytes.size() + bytes.size() / 100 + 601);
  auto size = static_cast<unsigned>(out.size());
  char empty = 0;
  char* in = bytes.empty() ? &empty : reinterpret_cast<char*>(const_cast<std::uint8_t*>(bytes.data()));
  if (BZ2_bzBuffToBuffCompress(reinterpret_cast<char*>(out.data()), &size, in, static_cast<unsigned>(bytes.size()), 1,
                               0, 0) != BZ_OK) {
    std::abort();
  }
  out.resize(size);
  return out;
}

Bytes xz(const Bytes& bytes) {
  Bytes out(lzma_stream_buffer_bound(bytes.size()));
  std::size_t size = 0;
  if (lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, nullptr, bytes.data(), bytes.size(), out.data(), &size,
                              out.size()) != LZMA_OK) {
    std::abort();
  }
  out.resize(size);
  return out;
}

Bytes lz4(const Bytes& bytes) {
  LZ4F_preferences_t preferences{};
  preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  Bytes out(LZ4F_compressFrameBound(bytes.size(), &preferences));
  out.resize(LZ4F_compressFrame(out.data(), out.size(), bytes.data(), bytes.size(), &preferences));
  return out;
}

std::span<const NamedCompressor> compressors() {
  static constexpr NamedCompressor kAll[] = {
      {"gzip", gzip}, {"zstd", zstd}, {"bzip2", bzip2}, {"xz", xz}, {"lz4", lz4}};
  return kAll;
}

Bytes text(std::string_view text) { return {text.begin(), text.end()}; }

Bytes first(const Bytes& bytes, std::size_t count) {
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count)};
}

Bytes& append(Bytes& bytes, const Bytes& more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
  return bytes;
}

void PcapngWriter::put(Bytes& to, std::uint64_t value, int bytes) const {
  for (int i = 0; i < bytes; ++i) {
    to.push_back(static_cast<std::uint8_t>(value >> 8 * (big_endian_ ? bytes - 1 - i : i)));
  }
}

PcapngWriter& PcapngWriter::block(std::uint32_t type, const Bytes& body) {
  const auto padded = (body.size() + 3) / 4 * 4;
  put(bytes_, type, 4);
  put(bytes_, padded + 12, 4);
  append(bytes_, body);
  bytes_.resize(bytes_.size() + padded - body.size());
  put(bytes_, padded + 12, 4);
  return *this;
}

PcapngWriter& PcapngWriter::other_byte_order() {
  big_endian_ = !big_endian_;
  return *this;
}

PcapngWriter& PcapngWriter::raw(const Bytes& bytes) {
  append(bytes_, bytes);
  return *this;
}

Bytes PcapngWriter::option(std::uint16_t code, const Bytes& value) const {
  Bytes option;
  put(option, code, 2);
  put(option, value.size(), 2);
  append(option, value);
  option.resize((option.size() + 3) / 4 * 4);
  return option;
}

PcapngWriter& PcapngWriter::section(std::int64_t length_bytes, std::uint16_t major, std::uint16_t minor) {
  Bytes body;
  put(body, 0x1a2b3c4d, 4);
  put(body, major, 2);
  put(body, minor, 2);
  put(body, static_cast<std::uint64_t>(length_bytes), 8);
  return block(0x0a0d0d0a, body);
}

PcapngWriter& PcapngWriter::interface(std::uint16_t link_type, std::uint32_t snaplen_bytes, std::uint8_t resolution,
                                      std::int64_t offset_seconds) {
  Bytes body;
  put(body, link_type, 2);
  put(body, 0, 2);
  put(body, snaplen_bytes, 4);
  append(body, option(9, {resolution}));
  if (offset_seconds != 0) {
    Bytes value;
    put(value, static_cast<std::uint64_t>(offset_seconds), 8);
    append(body, option(14, value));
  }
  append(body, option(0, {}));
  return block(1, body);
}

PcapngWriter& PcapngWriter::interface_with(std::uint16_t link_type, const Bytes& options) {
  Bytes body;
  put(body, link_type, 2);
  put(body, 0, 2);
  put(body, 0, 4);
  append(body, options);
  return block(1, body);
}

PcapngWriter& PcapngWriter::packet(std::uint32_t interface, std::uint64_t ticks, const Bytes& frame,
                                   const Bytes& options) {
  const auto size = static_cast<std::uint32_t>(frame.size());
  Bytes padded = frame;
  padded.resize((frame.size() + 3) / 4 * 4);
  return packet(interface, ticks, size, size, append(padded, options));
}

PcapngWriter& PcapngWriter::packet(std::uint32_t interface, std::uint64_t ticks, std::uint32_t captured_bytes,
                                   std::uint32_t wire_bytes, const Bytes& frame) {
  Bytes body;
  put(body, interface, 4);
  put(body, ticks >> 32, 4);
  put(body, ticks & 0xffffffff, 4);
  put(body, captured_bytes, 4);
  put(body, wire_bytes, 4);
  append(body, frame);
  return block(6, body);
}

PcapngWriter& PcapngWriter::obsolete_packet(std::uint16_t interface, std::uint64_t ticks, const Bytes& frame) {
  Bytes body;
  put(body, interface, 2);
  put(body, 0xffff, 2);  // packets that were dropped before it: not known
  put(body, ticks >> 32, 4);
  put(body, ticks & 0xffffffff, 4);
  put(body, frame.size(), 4);
  put(body, frame.size(), 4);
  append(body, frame);
  return block(2, body);
}

PcapngWriter& PcapngWriter::simple_packet(std::uint32_t wire_bytes, const Bytes& frame) {
  Bytes body;
  put(body, wire_bytes, 4);
  append(body, frame);
  return block(3, body);
}

PcapngWriter& PcapngWriter::name_resolution() { return block(4, {0, 0, 0, 0}); }

std::vector<std::int64_t> SourceRun::times() const {
  std::vector<std::int64_t> times;
  times.reserve(events.size());
  for (const packet_event& event : events) times.push_back(event.timestamp_ns);
  return times;
}

SourceRun run(Source& source) {
  SourceRun run;
  EventBlock block;
  SourceState state = SourceState::kMore;
  while (state == SourceState::kMore) {
    state = source.read(block);
    ++run.blocks;
    EXPECT_EQ(block.events.size(), block.frames.size());
    EXPECT_LE(block.events.size(), kBlockEvents);
    run.events.insert(run.events.end(), block.events.begin(), block.events.end());
    run.frames.insert(run.frames.end(), block.frames.begin(), block.frames.end());
    if (block.clocks.empty()) {
      for (const packet_event& event : block.events) {
        EXPECT_TRUE(run.clocks.empty() || run.clocks.back() <= event.timestamp_ns);
        run.clocks.push_back(event.timestamp_ns);
      }
    } else {
      EXPECT_EQ(block.events.size(), block.clocks.size());
      run.clocks.insert(run.clocks.end(), block.clocks.begin(), block.clocks.end());
    }
    for (std::size_t i = 0; i < block.payload_begin.size(); ++i) {
      const std::uint8_t* begin = block.payload.data() + block.payload_begin[i];
      run.payloads.emplace_back(begin, begin + block.events[i].payload_captured_bytes);
    }
  }
  run.ledger = source.ledger();
  EXPECT_EQ(run.ledger.accepted(), run.events.size());
  EXPECT_EQ(run.ledger.frames_read, run.ledger.accepted() + run.ledger.ignored());
  for (const Error& problem : source.problems()) {
    run.problems.push_back(problem.message);
    run.codes.push_back(problem.code);
  }
  run.warnings = source.warnings();
  run.progress = source.progress();
  run.clock = source.clock();
  return run;
}

SourceRun run(const std::vector<std::string>& arguments, PcapSourceOptions options) {
  auto list = expand_inputs(arguments);
  if (!list) {
    SourceRun refused;
    refused.problems = {list.error().message};
    refused.codes = {list.error().code};
    return refused;
  }
  options.inputs = std::move(list->inputs);
  auto source = PcapSource::create(std::move(options));
  if (!source) {
    SourceRun refused;
    refused.problems = {source.error().message};
    refused.codes = {source.error().code};
    return refused;
  }
  return run(**source);
}

Bytes udp_frame(std::uint16_t src_port, std::uint32_t payload_bytes) {
  return frame().eth().ipv4("10.0.0.1", "10.0.0.2").udp(src_port, 53).payload(payload_bytes).bytes();
}

}  // namespace flowgauge::test
