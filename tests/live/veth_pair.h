// Two ends of a wire in a network namespace of this process alone; nothing is heard on it but what the test sends.
#pragma once

#include <string>

#include "core/base/handle.h"
#include "tests/support/frame_builder.h"

namespace flowgauge::test {

class VethPair {
 public:
  // Enters a new network namespace with the pairs "near0" - "far0", "near1" - "far1", all up, without IPv6.
  // what_is_missing() says why that may not be.
  VethPair();
  VethPair(const VethPair&) = delete;
  VethPair& operator=(const VethPair&) = delete;
  ~VethPair() = default;

  [[nodiscard]] const std::string& what_is_missing() const { return missing_; }

  // Puts a frame on the wire; the other end receives it.
  void send(const std::string& interface, const Bytes& frame) const;
  void set_up(const std::string& interface) const;
  void set_down(const std::string& interface) const;
  void remove(const std::string& interface) const;
  // A further pair, both up, or one that was removed.
  void make(const std::string& near, const std::string& far) const;

 private:
  std::string missing_;
  FileDescriptor socket_;
};

}  // namespace flowgauge::test
