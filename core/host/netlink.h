// rtnetlink in the words that the queries share: a socket, a message, a run of attributes. Kept out of other headers
// for the words of the kernel's.
#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/handle.h"

namespace flowgauge::netlink {

// Empty, with errno set, if the kernel gives none.
[[nodiscard]] inline FileDescriptor open_socket() {
  FileDescriptor opened(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  // The kernel answers within send(); the limit is for the answer that never comes.
  const timeval limit{.tv_sec = 2, .tv_usec = 0};
  if (opened) ::setsockopt(opened.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  return opened;
}

// A request: its head of type Body, then attributes.
template <class Body>
class Message {
 public:
  Message(std::uint16_t type, unsigned flags, const Body& body) {
    header()->nlmsg_type = type;
    header()->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    header()->nlmsg_len = NLMSG_LENGTH(sizeof body);
    std::memcpy(NLMSG_DATA(header()), &body, sizeof body);
  }

  rtattr* add(std::uint16_t type, const void* data, std::size_t size) {
    auto* attribute =
        reinterpret_cast<rtattr*>(reinterpret_cast<char*>(words_.data()) + NLMSG_ALIGN(header()->nlmsg_len));
    attribute->rta_type = type;
    attribute->rta_len = static_cast<std::uint16_t>(RTA_LENGTH(size));
    if (size > 0) std::memcpy(RTA_DATA(attribute), data, size);
    header()->nlmsg_len = static_cast<std::uint32_t>(NLMSG_ALIGN(header()->nlmsg_len) + RTA_ALIGN(attribute->rta_len));
    return attribute;
  }
  void add(std::uint16_t type, std::string_view text) { add(type, text.data(), text.size() + 1); }  // of a literal
  void add(std::uint16_t type, std::uint32_t number) { add(type, &number, sizeof number); }

  // What was added since `attribute` lies in it.
  void close(rtattr* attribute) {
    attribute->rta_len = static_cast<std::uint16_t>(reinterpret_cast<char*>(words_.data()) + header()->nlmsg_len -
                                                    reinterpret_cast<char*>(attribute));
  }

  // 0, or the errno of what did not go through.
  [[nodiscard]] int send(const FileDescriptor& socket) {
    const ::ssize_t sent = ::send(socket.get(), words_.data(), header()->nlmsg_len, 0);
    return sent == static_cast<::ssize_t>(header()->nlmsg_len) ? 0 : errno;
  }

 private:
  nlmsghdr* header() { return reinterpret_cast<nlmsghdr*>(words_.data()); }

  std::array<std::uint32_t, 256> words_{};
};

// How many answers a request has: a dump is closed by a message of its own.
enum class Answers { kOne, kDump };

// Calls take(message) for each answer to what was sent, acknowledgements apart. 0, or an errno, the kernel's own too.
template <class Take>
int receive(const FileDescriptor& socket, Answers answers, Take&& take) {
  std::vector<std::uint32_t> buffer(64 * 1024 / sizeof(std::uint32_t));  // more than netlink puts into a datagram
  for (;;) {
    const ::ssize_t size = ::recv(socket.get(), buffer.data(), buffer.size() * sizeof(std::uint32_t), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return size < 0 ? errno : EPROTO;
    auto left = static_cast<unsigned>(size);
    for (const auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data()); NLMSG_OK(message, left);
         message = NLMSG_NEXT(message, left)) {
      if (message->nlmsg_type == NLMSG_DONE) return 0;
      if (message->nlmsg_type == NLMSG_ERROR) {  // an acknowledgement has the number 0
        return message->nlmsg_len < NLMSG_LENGTH(sizeof(nlmsgerr))
                   ? EPROTO
                   : -static_cast<const nlmsgerr*>(NLMSG_DATA(message))->error;
      }
      take(*message);
    }
    if (answers == Answers::kOne) return 0;
  }
}

template <class Body>
[[nodiscard]] const Body& body_of(const nlmsghdr& message) {
  return *static_cast<const Body*>(NLMSG_DATA(&message));
}

// Calls take(attribute) for each of a run of attributes.
template <class Take>
void for_each_attribute(const rtattr* attribute, int bytes, Take&& take) {
  for (; RTA_OK(attribute, bytes); attribute = RTA_NEXT(attribute, bytes)) take(*attribute);
}

// The attributes behind a message's head of type Body.
template <class Body, class Take>
void for_each_attribute(const nlmsghdr& message, Take&& take) {
  const char* begin = static_cast<const char*>(NLMSG_DATA(&message)) + NLMSG_ALIGN(sizeof(Body));
  for_each_attribute(reinterpret_cast<const rtattr*>(begin), static_cast<int>(NLMSG_PAYLOAD(&message, sizeof(Body))),
                     take);
}

// The attributes within one.
template <class Take>
void for_each_attribute_in(const rtattr& attribute, Take&& take) {
  for_each_attribute(static_cast<const rtattr*>(RTA_DATA(&attribute)), static_cast<int>(RTA_PAYLOAD(&attribute)), take);
}

[[nodiscard]] inline std::string text_in(const rtattr& attribute) {
  const std::string_view bytes(static_cast<const char*>(RTA_DATA(&attribute)), RTA_PAYLOAD(&attribute));
  return std::string(bytes.substr(0, bytes.find('\0')));
}

[[nodiscard]] inline std::uint32_t number_in(const rtattr& attribute) {
  std::uint32_t number = 0;
  if (RTA_PAYLOAD(&attribute) >= sizeof number) std::memcpy(&number, RTA_DATA(&attribute), sizeof number);
  return number;
}

}  // namespace flowgauge::netlink
