#include "core/host/interface_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/text.h"
#include "core/base/try.h"
#include "core/base/utc_text.h"
#include "core/host/link_query.h"

namespace flowgauge {
namespace {

using Kind = InterfaceChange::Kind;

InterfaceState state_of(const Interface& interface) {
  return interface.up ? InterfaceState::kUp : InterfaceState::kDown;
}

}  // namespace

InterfaceWatch::InterfaceWatch(std::vector<std::string> words, FileDescriptor events)
    : words_(std::move(words)), events_(std::move(events)), queries_(open_link_socket()) {
  has_patterns_ = std::ranges::any_of(words_, is_pattern);
}

Result<InterfaceWatch> InterfaceWatch::open(std::vector<std::string> words, MissingInterfaces missing) {
  // Before the first look, so that nothing is missed in between.
  FileDescriptor events = open_link_events();
  if (!events) return fail(ExitCode::kInput, "the kernel does not announce its interfaces: {}", std::strerror(errno));
  InterfaceWatch watch(std::move(words), std::move(events));
  for (Interface& interface : TRY(select_interfaces(watch.words_, missing))) {
    const auto names_it = [&](const std::string& word) { return !is_pattern(word) && selects(word, interface); };
    const auto word = std::ranges::find_if(watch.words_, names_it);
    watch.place_words_.push_back(word == watch.words_.end() ? interface.name : *word);
    const InterfaceState state = state_of(interface);
    std::string name = interface.name;
    watch.followed_.push_back({std::move(name), std::move(interface), state});
  }
  for (const std::string& word : watch.words_) {
    const auto is_its = [&](const FollowedInterface& one) { return selects(word, one.now); };
    if (is_pattern(word) || std::ranges::any_of(watch.followed_, is_its)) continue;
    watch.place_words_.push_back(word);
    watch.followed_.push_back({.name = word, .now = {}});
  }
  return watch;
}

std::vector<InterfaceChange> InterfaceWatch::check() {
  std::vector<InterfaceChange> changes;
  if (!take_link_events(events_)) return changes;
  const auto all = query_links(queries_, std::nullopt);
  if (!all) return changes;  // it is asked at the next announcement
  for (FollowedInterface& followed : followed_) follow(followed, *all, changes);
  if (has_patterns_) find_new(*all, changes);
  return changes;
}

void InterfaceWatch::follow(FollowedInterface& followed, std::span<const Interface> all,
                            std::vector<InterfaceChange>& changes) {
  const std::string& word = place_words_[static_cast<std::size_t>(&followed - followed_.data())];
  if (followed.state != InterfaceState::kAway) {
    const auto same = std::ranges::find(all, followed.now.index, &Interface::index);
    if (same != all.end()) {
      if (same->name != followed.now.name) changes.push_back({followed.name, Kind::kRenamed, same->name});
      const InterfaceState state = state_of(*same);
      if (state != followed.state)
        changes.push_back({followed.name, state == InterfaceState::kUp ? Kind::kUp : Kind::kDown});
      followed.now = *same;
      followed.state = state;
      return;
    }
    followed.now = {};
    followed.state = InterfaceState::kAway;
    changes.push_back({followed.name, Kind::kGone});
  }
  const auto again = std::ranges::find_if(
      all, [&](const Interface& one) { return one.up && selects(word, one) && !is_followed(one); });
  if (again == all.end()) return;
  followed.now = *again;
  followed.state = InterfaceState::kUp;
  changes.push_back({followed.name, Kind::kThere});
}

bool InterfaceWatch::is_followed(const Interface& interface) const {
  return std::ranges::any_of(followed_, [&](const FollowedInterface& one) { return one.now.index == interface.index; });
}

void InterfaceWatch::find_new(std::span<const Interface> all, std::vector<InterfaceChange>& changes) {
  for (const Interface& interface : all) {
    const auto matches = [&](const std::string& word) { return is_pattern(word) && selects(word, interface); };
    if (!interface.up || is_followed(interface) || std::ranges::none_of(words_, matches)) continue;
    if (followed_.size() == kMostFollowed) {
      if (!std::exchange(is_full_, true)) changes.push_back({interface.name, Kind::kTooMany});
      return;
    }
    place_words_.push_back(interface.name);
    followed_.push_back({interface.name, interface, InterfaceState::kUp});
    changes.push_back({interface.name, Kind::kThere});
  }
}

bool InterfaceWatch::all_lost() const {
  return std::ranges::none_of(followed_, [](const FollowedInterface& one) { return one.state == InterfaceState::kUp; });
}

std::string message_for(const InterfaceChange& change, std::chrono::system_clock::time_point when) {
  const std::string& name = change.interface;
  const auto text = [&]() -> std::string {
    switch (change.kind) {
      case Kind::kDown:
        return fmt::format("interface {} went down: none of its packets are seen until 'ip link set dev {} up'", name,
                           shell_word(name));
      case Kind::kGone:
        return fmt::format("interface {} is gone: it was deleted, or moved to another network namespace", name);
      case Kind::kThere:
        return fmt::format("interface {} is there: its packets are seen", name);
      case Kind::kRenamed:
        return fmt::format("interface {} is called {} now; it is followed, under the name that it had", name,
                           change.new_name);
      case Kind::kTooMany:
        return fmt::format("interface {} is not captured, nor is any that comes after it: {} are followed, the most",
                           name, InterfaceWatch::kMostFollowed);
      case Kind::kUp:
        break;
    }
    return fmt::format("interface {} is up again", name);
  };
  return fmt::format("{} ({})", text(), utc_text(when));
}

}  // namespace flowgauge
