#include "core/packet/interface_names.h"

#include "core/base/utf8.h"

namespace flowgauge {
namespace {

// Some writers count the NUL behind a name.
std::string_view name_in(std::string_view text) {
  text = text.substr(0, text.find('\0'));
  return text.size() <= InterfaceNames::kLongestBytes && is_utf8(text) ? text : std::string_view();
}

}  // namespace

std::uint16_t InterfaceNames::add(std::string_view text) {
  const std::string_view name = name_in(text);
  const std::uint32_t at = size_.load(std::memory_order_relaxed);
  if (name.empty() || at == kMost) return 0;
  std::unique_ptr<Part>& part = parts_[at / kPartNames];
  if (part == nullptr) part = std::make_unique<Part>();
  (*part)[at % kPartNames] = name;
  size_.store(at + 1, std::memory_order_release);
  const auto number = static_cast<std::uint16_t>(at + 1);
  first_.try_emplace(std::string(name), number);
  return number;
}

std::uint16_t InterfaceNames::number_of(std::string_view text) {
  const auto known = first_.find(name_in(text));
  return known == first_.end() ? add(text) : known->second;
}

std::string_view InterfaceNames::name(std::uint16_t number) const {
  if (number == 0 || number > size()) return {};
  const std::uint32_t at = number - 1U;
  return (*parts_[at / kPartNames])[at % kPartNames];
}

}  // namespace flowgauge
