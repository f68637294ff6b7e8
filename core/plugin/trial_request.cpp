#include "core/plugin/trial_request.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <sstream>
#include <utility>

#include "core/base/text.h"

namespace flowgauge {
namespace {

std::string hex_of(std::string_view text) {
  std::string hex;
  for (const char letter : text) hex += fmt::format("{:02x}", static_cast<unsigned char>(letter));
  return hex;
}

std::optional<std::string> text_of(std::string_view hex) {
  std::string text;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
    if (error != std::errc() || end != hex.data() + i + 2) return std::nullopt;
    text += static_cast<char>(value);
  }
  if (hex.size() % 2 != 0) return std::nullopt;
  return text;
}

std::string text_word(std::string_view text) { return "s" + hex_of(text); }

// Of 64 bits, whatever they mean.
std::string number_word(const void* value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, value, sizeof bits);
  return std::to_string(bits);
}

std::string list_word(fg_type type, const fg_list_value& list) {
  std::string word = fmt::format("l{}", type);
  for (std::uint64_t i = 0; i < list.u64.size; ++i) {
    const auto text = [&] { return text_word({list.string.data[i].data, list.string.data[i].size_bytes}); };
    word += "," + (type == FG_LIST_STRING ? text() : number_word(list.u64.data + i));
  }
  return word;
}

std::string value_word(fg_type type, const fg_value& value, const fg_list_value& list) {
  if (is_list(type)) return list_word(type, list);
  return type == FG_STRING ? text_word({value.string.data, value.string.size_bytes}) : number_word(&value);
}

std::optional<fg_value> number_of(std::string_view word) {
  const auto bits = parse_u64(word);
  if (!bits) return std::nullopt;
  fg_value value{};
  std::memcpy(&value, &*bits, sizeof *bits);
  return value;
}

// "l7,1,2"
bool add_list_word(std::string_view word, OptionValues& values) {
  const std::size_t comma = std::min(word.find(','), word.size());
  const auto type = parse_u64(word.substr(1, comma - 1));
  if (!type || *type > FG_LIST_STRING || !is_list(static_cast<fg_type>(*type))) return false;
  ListItems items = no_items(static_cast<fg_type>(*type));
  word.remove_prefix(comma);
  while (!word.empty()) {
    word.remove_prefix(1);
    const std::string_view one = word.substr(0, word.find(','));
    word.remove_prefix(one.size());
    if (*type == FG_LIST_STRING) {
      const auto text = one.starts_with('s') ? text_of(one.substr(1)) : std::nullopt;
      if (!text) return false;
      add_item(items, {.string = {text->data(), text->size()}});
    } else {
      const auto number = number_of(one);
      if (!number) return false;
      add_item(items, *number);
    }
  }
  values.add(std::move(items));
  return true;
}

bool add_word(std::string_view word, OptionValues& values) {
  if (word.starts_with('l')) return add_list_word(word, values);
  if (word.starts_with('s')) {
    auto text = text_of(word.substr(1));
    if (text) values.add(std::move(*text));
    return text.has_value();
  }
  const auto number = number_of(word);
  if (number) values.add(*number);
  return number.has_value();
}

std::unexpected<Error> bad_request(std::string_view bytes) {
  return fail(ExitCode::kUsage,
              "plugin trial: '{:.80}' is no request that it understands; it is asked by flowgauge itself",
              printable(bytes));
}

Result<TrialRequest> parse_create(std::string_view bytes, std::istringstream& words) {
  CreateAsked asked;
  std::string file;
  words >> asked.path >> file >> asked.feature;
  if (asked.path.empty() || asked.feature.empty() || !file.starts_with('s')) return bad_request(bytes);
  auto text = text_of(std::string_view(file).substr(1));
  if (!text || text->find('\0') != std::string::npos) return bad_request(bytes);
  asked.file = std::move(*text);
  for (std::string word; words >> word;)
    if (!add_word(word, asked.options)) return bad_request(bytes);
  return asked;
}

}  // namespace

std::string request_to_load(const std::string& opened_path) { return "load " + opened_path; }

std::string request_to_create(const std::string& opened_path, const ActiveFeature& active) {
  const Module* const module = active.feature->module;
  std::string line = fmt::format("create {} s{} {}", opened_path,
                                 hex_of(module == nullptr ? "" : module->absolute_path), active.feature->name);
  const auto values = active.options.values();
  for (std::size_t i = 0; i < values.size(); ++i)
    line += " " + value_word(active.feature->options[i].type, values[i], active.options.lists()[i]);
  return line;
}

Result<TrialRequest> parse_trial_request(std::string_view bytes) {
  constexpr std::string_view load = "load ";
  if (bytes.starts_with(load) && bytes.size() > load.size()) return LoadAsked{std::string(bytes.substr(load.size()))};
  constexpr std::string_view page = "page ";
  if (bytes.starts_with(page)) {
    const auto address = parse_u64(bytes.substr(page.size()));
    return address ? Result<TrialRequest>(PageAsked{*address}) : bad_request(bytes);
  }
  std::istringstream words{std::string(bytes)};
  std::string verb;
  words >> verb;
  return verb == "create" ? parse_create(bytes, words) : bad_request(bytes);
}

std::string request_for_page(std::uint64_t address) { return fmt::format("page {}", address); }

std::string answer_of(const LoadedTable& table) {
  return table.address == 0 ? "0 " + table.reason : std::to_string(table.address);
}

std::optional<LoadedTable> parse_loaded_table(std::string_view text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  const auto address = parse_u64(text.substr(0, space));
  if (!address || (*address == 0) != (space < text.size())) return std::nullopt;
  return LoadedTable{*address, std::string(text.substr(std::min(space + 1, text.size())))};
}

std::string bytes_of(const TrialMessage& message) {
  return static_cast<char>(message.word) + message.text.substr(0, kTrialMessageBytes - 1);
}

std::optional<TrialMessage> parse_trial_message(std::string_view bytes) {
  if (bytes.empty()) return std::nullopt;
  const auto word = static_cast<TrialWord>(bytes.front());
  switch (word) {
    case TrialWord::kHello:
    case TrialWord::kLoading:
    case TrialWord::kCreating:
    case TrialWord::kDestroying:
    case TrialWord::kDone:
    case TrialWord::kRefused:
      return TrialMessage{word, std::string(bytes.substr(1))};
  }
  return std::nullopt;
}

}  // namespace flowgauge
