// Follows interfaces that come, go, are renamed, are set down and up, by what the kernel announces. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/host/interface_selection.h"
#include "core/host/interfaces.h"

namespace flowgauge {

enum class InterfaceState { kUp, kDown, kAway };  // kAway: not there, or moved to another network namespace

struct FollowedInterface {
  std::string name;  // at first sight; of one that never was there, the word that names it
  Interface now;     // as it was seen last; its index is 0 where it is away
  InterfaceState state = InterfaceState::kAway;
};

struct InterfaceChange {
  enum class Kind { kUp, kDown, kGone, kThere, kRenamed, kTooMany };

  std::string interface;
  Kind kind = Kind::kUp;
  std::string new_name = {};  // kRenamed

  bool operator==(const InterfaceChange&) const = default;
};

class InterfaceWatch {
 public:
  // A place for each word that is no pattern, and for those that patterns find, now and later: at most kMostFollowed.
  [[nodiscard]] static Result<InterfaceWatch> open(std::vector<std::string> words, MissingInterfaces missing);

  static constexpr std::size_t kMostFollowed = 256;

  // What changed since the last call. Never blocks, and costs next to nothing where the kernel announced nothing.
  [[nodiscard]] std::vector<InterfaceChange> check();

  // Each keeps its place.
  [[nodiscard]] std::span<const FollowedInterface> interfaces() const { return followed_; }

  // How many places there may come to be.
  [[nodiscard]] std::size_t most() const { return has_patterns_ ? kMostFollowed : followed_.size(); }

  // No interface is there that is up.
  [[nodiscard]] bool all_lost() const;

 private:
  InterfaceWatch(std::vector<std::string> words, FileDescriptor events);
  void follow(FollowedInterface& followed, std::span<const Interface> all, std::vector<InterfaceChange>& changes);
  void find_new(std::span<const Interface> all, std::vector<InterfaceChange>& changes);
  [[nodiscard]] bool is_followed(const Interface& interface) const;

  std::vector<std::string> words_;
  std::vector<std::string> place_words_;  // of each place, what finds it again
  FileDescriptor events_;                 // also keeps to the network namespace that it was opened in
  FileDescriptor queries_;
  std::vector<FollowedInterface> followed_;
  bool has_patterns_ = false;
  bool is_full_ = false;
};

// "interface eth0 went down: none of its packets are seen until 'ip link set dev eth0 up' (2026-11-29T15:45:12Z)"
[[nodiscard]] std::string message_for(const InterfaceChange& change, std::chrono::system_clock::time_point when);

}  // namespace flowgauge
