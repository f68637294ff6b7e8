#include "core/plugin/options.h"

#include <algorithm>
#include <utility>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/plugin/option_value.h"

namespace flowgauge {
namespace {

std::string begin_with(std::string_view where) { return where.empty() ? std::string() : std::string(where) + ": "; }

std::vector<std::string> names_of(std::span<const fg_option> declared) {
  std::vector<std::string> names;
  names.reserve(declared.size());
  for (const fg_option& option : declared) names.emplace_back(option.name);
  return names;
}

// Options given that are not declared, or given twice.
Result<void> check_names(std::string_view who, std::span<const fg_option> declared, std::span<const OptionText> given) {
  const std::vector<std::string> names = names_of(declared);
  for (std::size_t i = 0; i < given.size(); ++i) {
    const OptionText& option = given[i];
    if (std::find(names.begin(), names.end(), option.name) == names.end()) {
      std::string hint = did_you_mean(option.name, names);
      if (hint.empty()) hint = names.empty() ? "; it takes none, remove it" : "; it has " + join(names);
      return fail(ExitCode::kUsage, "{}{} has no option '{}'{}", begin_with(option.where), who, option.name, hint);
    }
    for (std::size_t earlier = 0; earlier < i; ++earlier) {
      if (given[earlier].name == option.name)
        return fail(ExitCode::kUsage, "{}option '{}' of {} is given twice; remove one of them",
                    begin_with(option.where), option.name, who);
    }
  }
  return {};
}

// An option, for messages about what it is given.
struct Asked {
  const fg_option& option;
  std::string_view who;
  std::string_view where;

  // "p.yaml:4: option 'packets' of feature 'bulk'"; with the place of an item in the list: "item 2 of option ...".
  [[nodiscard]] std::string subject(std::size_t item = 0) const {
    return fmt::format("{}{}option '{}' of {}", begin_with(where), item == 0 ? "" : fmt::format("item {} of ", item),
                       option.name, who);
  }

  [[nodiscard]] std::unexpected<Error> refuse(const std::string& subject, std::string_view text,
                                              const std::string& wrong) const {
    return fail(ExitCode::kUsage, "{} is '{}', which {}{}: {}", subject, printable(text), wrong,
                wrong.ends_with('?') ? " It means" : "; it means", option.doc);
  }
};

OptionText default_text(const fg_option& option) {
  OptionText text{.name = option.name, .value = option.default_value, .where = {}};
  if (is_list(option.type)) text.items = split_list(text.value);
  return text;
}

Result<void> add_list(const Asked& asked, const OptionText& given, OptionValues& values) {
  if (!given.items)
    return fail(ExitCode::kUsage, "{} is '{}', but it is a list; write [{}]", asked.subject(), printable(given.value),
                printable(given.value));
  if (given.items->size() > kMostListItems)
    return fail(ExitCode::kUsage, "{} has {} items; give it at most {}", asked.subject(), given.items->size(),
                kMostListItems);
  ListItems items = no_items(asked.option.type);
  for (std::size_t i = 0; i < given.items->size(); ++i) {
    const std::string& text = (*given.items)[i];
    const auto item = parse_value(asked.option, text);
    if (!item) return asked.refuse(asked.subject(i + 1), text, item.error());
    add_item(items, *item);
  }
  values.add(std::move(items));
  return {};
}

Result<void> add_value(const Asked& asked, const OptionText& given, OptionValues& values) {
  if (is_list(asked.option.type)) return add_list(asked, given, values);
  if (given.items)
    return fail(ExitCode::kUsage, "{} is a list, but it takes a single value; it means: {}", asked.subject(),
                asked.option.doc);
  const auto value = parse_value(asked.option, given.value);
  if (!value) return asked.refuse(asked.subject(), given.value, value.error());
  asked.option.type == FG_STRING ? values.add(given.value) : values.add(*value);
  return {};
}

}  // namespace

Result<OptionValues> parse_options(const Feature& feature, std::span<const OptionText> given, std::string_view where) {
  return parse_options(fmt::format("feature '{}'", feature.name), feature.options, given, where);
}

Result<OptionValues> parse_options(std::string_view who, std::span<const fg_option> declared,
                                   std::span<const OptionText> given, std::string_view where) {
  if (const Result<void> known = check_names(who, declared, given); !known) return std::unexpected(known.error());
  OptionValues values;
  for (const fg_option& option : declared) {
    const auto text =
        std::find_if(given.begin(), given.end(), [&](const OptionText& one) { return one.name == option.name; });
    const Asked asked{option, who, text == given.end() ? where : std::string_view(text->where)};
    if (text == given.end() && option.default_value == nullptr)
      return fail(ExitCode::kUsage, "{}{} needs the option '{}' ({}); give it a value", begin_with(where), who,
                  option.name, option.doc);
    const OptionText chosen = text == given.end() ? default_text(option) : *text;
    if (Result<void> done = add_value(asked, chosen, values); !done) return std::unexpected(done.error());
  }
  return values;
}

}  // namespace flowgauge
