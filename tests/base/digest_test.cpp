// Against the examples of FIPS 180 and RFC 4648, and at every border of the padding.
#include "core/base/digest.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace flowgauge {
namespace {

struct DigestCase {
  std::string message;
  std::string sha1;
  std::string sha256;
};

const DigestCase kCases[] = {
    {"", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "a9993e364706816aba3e25717850c26c9cd0d89d",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
     "a49b2446a02c645bf419f995b67091253a04a259", "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {std::string(1'000'000, 'a'), "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

TEST(Digest, GivesTheValuesOfTheStandard) {
  for (const DigestCase& row : kCases) {
    EXPECT_EQ(to_hex(sha1(bytes_of(row.message))), row.sha1) << row.message.size() << " bytes";
    EXPECT_EQ(to_hex(sha256(bytes_of(row.message))), row.sha256) << row.message.size() << " bytes";
    EXPECT_EQ(sha256_hex(row.message), row.sha256) << row.message.size() << " bytes";
  }
}

// 55 bytes are the most that leave room for the length in the same block, 64 fill one.
TEST(Digest, PadsRightAroundTheEndOfABlock) {
  struct Row {
    std::size_t size_bytes;
    std::string sha1;
    std::string sha256;
  };
  const Row rows[] = {
      {55, "c1c8bbdc22796e28c0e15163d20899b65621d65a",
       "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
      {56, "c2db330f6083854c99d4b5bfb6e8f29f201be699",
       "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
      {63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5",
       "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
      {64, "0098ba824b5c16427bd7a1122a5a442a25ec644d",
       "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
      {65, "11655326c708d70319be2610e8a57d9a5b959d3b",
       "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"},
  };
  for (const Row& row : rows) {
    const std::string message(row.size_bytes, 'a');
    EXPECT_EQ(to_hex(sha1(bytes_of(message))), row.sha1) << row.size_bytes;
    EXPECT_EQ(to_hex(sha256(bytes_of(message))), row.sha256) << row.size_bytes;
  }
}

TEST(Base64, GivesTheValuesOfTheStandard) {  // RFC 4648, section 10
  const std::pair<std::string, std::string> rows[] = {{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"},
                                                      {"\xfb\xff\xfe", "+//+"}};
  for (const auto& [data, text] : rows) EXPECT_EQ(to_base64(bytes_of(data)), text);
}

TEST(Hex, HasTwoLowerCaseDigitsAByte) {
  EXPECT_EQ(to_hex(bytes_of(std::string_view("\x00\x0f\xa5\xff", 4))), "000fa5ff");
  EXPECT_EQ(to_hex({}), "");
}

}  // namespace
}  // namespace flowgauge
