#include "tests/ingest/reading.h"

#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include <fstream>

#include "core/base/handle.h"
#include "core/ingest/capture_file.h"
#include "core/ingest/libpcap_message.h"
#include "tests/ingest/classic_capture.h"

namespace flowgauge::test {

Reading through_libpcap(const std::string& path, const std::string& name, const std::string& place) {
  Reading reading;
  char error[PCAP_ERRBUF_SIZE] = "";
  const std::unique_ptr<pcap_t, Closer<pcap_close>> pcap(
      pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, error));
  if (pcap == nullptr) {
    // What it was asked to open by name, it puts before its text.
    const std::string_view text(error);
    const std::string_view plain = text.starts_with(path + ": ") ? text.substr(path.size() + 2) : text;
    reading.end = fmt::format("cannot read {}: {}", name, explain_libpcap_error(plain, name));
    return reading;
  }
  std::uint32_t magic = 0;
  std::ifstream(path, std::ios::binary).read(reinterpret_cast<char*>(&magic), sizeof magic);
  const bool nanoseconds = magic == kNanoseconds || __builtin_bswap32(magic) == kNanoseconds;
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  std::int64_t begin = std::ftell(pcap_file(pcap.get()));
  int status = 0;
  while ((status = pcap_next_ex(pcap.get(), &header, &bytes)) == 1) {
    // The fields as they are stored: it takes them for signed in some files, and multiplies after that.
    const auto seconds = static_cast<std::uint32_t>(header->ts.tv_sec);
    const auto sub_seconds = static_cast<std::uint32_t>(nanoseconds ? header->ts.tv_usec : header->ts.tv_usec / 1000);
    reading.records.push_back({seconds * kSecond + std::int64_t{sub_seconds} * (nanoseconds ? 1 : 1000), header->caplen,
                               header->len, Bytes(bytes, bytes + header->caplen)});
    begin = std::ftell(pcap_file(pcap.get()));
  }
  reading.end =
      status == PCAP_ERROR_BREAK
          ? "end"
          : fmt::format("{}: packet {} at byte {}{} cannot be read: {}. The packets before it are used", name,
                        reading.records.size() + 1, begin, place, explain_libpcap_error(pcap_geterr(pcap.get()), name));
  return reading;
}

Reading through_capture_file(const std::string& path) {
  Reading reading;
  auto capture = CaptureFile::open(path, {});
  if (!capture) {
    reading.end = capture.error().message;
    return reading;
  }
  Frame frame;
  CaptureFile::ReadState state;
  while ((state = capture->next(frame)) == CaptureFile::ReadState::kFrame) {
    EXPECT_TRUE(frame.timestamp_valid);
    reading.records.push_back({frame.timestamp_ns, frame.captured_bytes, frame.wire_bytes,
                               Bytes(frame.bytes, frame.bytes + frame.captured_bytes)});
  }
  reading.end = state == CaptureFile::ReadState::kEnd ? "end" : capture->problem();
  return reading;
}

}  // namespace flowgauge::test
