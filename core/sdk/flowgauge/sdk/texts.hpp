// The texts of a list, each as a std::string_view: what options.get<>() gives of FG_LIST_STRING.
#pragma once

#include "../plugin.h"

#if FG_TARGET_MINOR >= 1
#include <cstddef>
#include <iterator>
#include <string_view>

namespace fg {

// Owns nothing: as long as the list is there.
class Texts {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    using pointer = const std::string_view*;
    using reference = std::string_view;

    Iterator() = default;
    explicit Iterator(const fg_string* at) : at_(at) {}
    std::string_view operator*() const { return {at_->data, at_->size_bytes}; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    Iterator operator++(int) { return Iterator(at_++); }
    bool operator==(const Iterator&) const = default;

   private:
    const fg_string* at_ = nullptr;
  };

  explicit Texts(const fg_list_string& list) : list_(list) {}

  [[nodiscard]] std::size_t size() const { return list_.size; }
  [[nodiscard]] bool empty() const { return list_.size == 0; }
  [[nodiscard]] std::string_view operator[](std::size_t index) const {
    return {list_.data[index].data, list_.data[index].size_bytes};
  }
  [[nodiscard]] Iterator begin() const { return Iterator(list_.data); }
  [[nodiscard]] Iterator end() const { return Iterator(list_.data + list_.size); }

 private:
  fg_list_string list_;
};

}  // namespace fg
#endif
