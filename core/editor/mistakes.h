// What is wrong with a draft, each mistake under its key, in the words of `flowgauge profile check`. Stateless.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/editor/draft.h"

namespace flowgauge {

struct Mistake {
  std::string key;  // "": of the whole
  std::string text;

  bool operator==(const Mistake&) const = default;
};

// All that show without plugins. `name`: the file that the draft is of: relative paths begin at its folder.
[[nodiscard]] std::vector<Mistake> mistakes_of(const Draft& draft, const std::string& name);

// An error of the profile that is the draft's text, whose place was `name`:LINE.
[[nodiscard]] Mistake mistake_of(const Error& error, const Draft& draft, const std::string& name);

// Whether it is the key's, or that of something below it.
[[nodiscard]] bool is_of_key(const Mistake& mistake, std::string_view key);

}  // namespace flowgauge
