// gzip through ISA-L (https://github.com/intel/isa-l), which takes half of zlib's time or less. Damage is told in
// zlib's words, so that a message does not depend on the processor.
#include "core/compression/decoders.h"

#ifdef FLOWGAUGE_ISAL

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <string_view>

#include "core/compression/gzip_header.h"
#include "core/compression/member_decoder.h"

namespace flowgauge {
namespace {

constexpr std::size_t kLongestMatch = 258;  // RFC 1951, section 3.2.5

std::string_view isal_error_text(int status) {
  switch (status) {
    case ISAL_INCORRECT_CHECKSUM:
      return "incorrect data check";
    case ISAL_INVALID_BLOCK:
      return "invalid block type";
    case ISAL_INVALID_SYMBOL:
      return "invalid literal/length code";
    case ISAL_INVALID_LOOKBACK:
      return "invalid distance too far back";
    default:
      return "ISA-L gave up";
  }
}

class IsalGzipDecoder final : public MemberDecoder {
 public:
  IsalGzipDecoder() : MemberDecoder('\x1f', "gzip") {
    isal_inflate_init(&state_);
    state_.crc_flag = ISAL_GZIP_NO_HDR_VER;
  }

 protected:
  Step decode_member(std::span<const char> in, std::span<char> out) override {
    if (!damage_.empty()) return give_rest(out);
    if (header_.is_done()) return decode_data(in, out);
    const std::size_t taken = header_.take(in);
    if (!header_.error().empty() || !header_.is_done()) return {taken, 0, std::string(header_.error())};
    Step step = decode_data(in.subspan(taken), out);
    step.consumed += taken;
    return step;
  }

  bool begin_member() override {
    header_ = {};
    isal_inflate_reset(&state_);
    state_.crc_flag = ISAL_GZIP_NO_HDR_VER;
    return true;
  }

 private:
  // Deflated data, then checksum and length of the content, which ISA-L compares.
  Step decode_data(std::span<const char> in, std::span<char> out) {
    constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
    const auto in_size = static_cast<std::uint32_t>(std::min(in.size(), kMost));
    const auto out_size = static_cast<std::uint32_t>(std::min(out.size(), kMost));
    state_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(in.data()));  // ISA-L does not write there
    state_.avail_in = in_size;
    state_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    state_.avail_out = out_size;
    const int status = isal_inflate(&state_);
    Step step{in_size - state_.avail_in, out_size - state_.avail_out, {}};
    if (status != ISAL_DECOMP_OK && status != ISAL_END_INPUT) {
      // Where the damage spans two pieces, ISA-L counts bytes that it was not given.
      step.consumed = std::min<std::size_t>(step.consumed, in_size);
      note_damage(status, step);
    } else if (state_.block_state == ISAL_BLOCK_FINISH) {
      end_member();
    }
    return step;
  }

  // What it decoded before the damage and had no room for is still to be given.
  void note_damage(int status, Step& step) {
    std::size_t before = step.produced + static_cast<std::size_t>(state_.tmp_out_valid - state_.tmp_out_processed);
    // It counts the repetition that it refuses, too, of which nothing was written.
    if (status == ISAL_INVALID_LOOKBACK) before -= std::min(before, kLongestMatch);
    step.produced = std::min(step.produced, before);
    rest_bytes_ = before - step.produced;
    damage_ = isal_error_text(status);
    if (rest_bytes_ == 0) step.error = damage_;
  }

  Step give_rest(std::span<char> out) {
    const std::size_t now = std::min(out.size(), rest_bytes_);
    std::memcpy(out.data(), state_.tmp_out_buffer + state_.tmp_out_processed, now);
    state_.tmp_out_processed += static_cast<std::int32_t>(now);
    rest_bytes_ -= now;
    return {0, now, std::string(rest_bytes_ == 0 ? damage_ : "")};
  }

  GzipHeader header_;
  std::string_view damage_;
  std::size_t rest_bytes_ = 0;
  // Some 90 KB, the window included. Zeros: of a distance that is too great ISA-L shows what lies there.
  inflate_state state_{};
};

}  // namespace

bool isal_is_usable() {
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_cpu_supports("sse4.2") != 0 && __builtin_cpu_supports("pclmul") != 0;
#elif defined(__aarch64__)
  return true;
#else
  return false;  // plain C there, which gains nothing
#endif
}

std::unique_ptr<Decoder> make_isal_gzip_decoder() {
  if (!isal_is_usable()) return nullptr;
  return std::unique_ptr<Decoder>(new (std::nothrow) IsalGzipDecoder);
}

}  // namespace flowgauge

#else

namespace flowgauge {

bool isal_is_usable() { return false; }
std::unique_ptr<Decoder> make_isal_gzip_decoder() { return nullptr; }

}  // namespace flowgauge

#endif
