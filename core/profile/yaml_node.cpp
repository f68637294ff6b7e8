// The one file that calls yaml-cpp; its exceptions end here.
#include "core/profile/yaml_node.h"

#include <fcntl.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <cerrno>
#include <exception>
#include <new>
#include <sstream>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "core/base/handle.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/base/utf8.h"
#include "core/profile/profile_reader.h"

namespace flowgauge {
namespace {

std::string no_anchors(std::string_view noun) {
  return fmt::format("{}s have no anchors (&) and aliases (*); {}put a text that begins with one in quotes", noun,
                     noun == "profile" ? "use 'extends', or " : "");
}

// Valid YAML that is no profile. Thrown through the parser, which has no other way to be stopped.
struct Refused : YAML::ParserException {
  using ParserException::ParserException;
};

// Does the text have lines that a message can name? What the command line gives has none.
enum class Lines { kCounted, kNone };

int line_of(const YAML::Mark& mark, Lines lines) {
  if (lines == Lines::kNone) return 0;
  return mark.is_null() ? 1 : mark.line + 1;
}

// Builds the tree from the parser's events.
// Invariant: open_ holds the lists and maps that are not closed yet, the outermost first.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& file, std::string_view noun, Lines lines)
      : file_(std::make_shared<const std::string>(file)), noun_(noun), lines_(lines) {}

  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) throw Refused(mark, fmt::format("a {} is one YAML document; this begins another", noun_));
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    add(node(YamlNode::Kind::kNothing, mark), mark);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_anchor(mark, 1); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (value.find('\0') != std::string::npos) throw Refused(mark, "a text holds a NUL character");
    if (!is_utf8(value)) throw Refused(mark, "a text is not UTF-8; save the file as UTF-8");
    YamlNode scalar = node(YamlNode::Kind::kScalar, mark);
    scalar.text = value;
    add(std::move(scalar), mark);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::kList, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::kMap, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode node;
    bool value_follows = false;  // a map whose last entry has its key alone
    YAML::Mark mark;
    std::unordered_map<std::string, int> key_lines;  // of the keys so far
  };

  YamlNode node(YamlNode::Kind kind, const YAML::Mark& mark) const {
    YamlNode result;
    result.kind = kind;
    result.file = file_;
    result.line = line_of(mark, lines_);
    return result;
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) const {
    if (anchor != 0) throw Refused(mark, no_anchors(noun_));
  }
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    const bool plain = tag.empty() || tag == "?" || tag == "!";
    if (!plain) {
      throw Refused(mark, fmt::format("{}s have no YAML tags (!); put a text that begins with one in quotes", noun_));
    }
  }

  void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (open_.size() == kDeepestProfileNesting) {
      throw Refused(mark, fmt::format("nested deeper than {} levels", kDeepestProfileNesting));
    }
    open_.push_back({node(kind, mark), false, mark, {}});
  }

  void close() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    add(std::move(closed.node), closed.mark);
  }

  void add(YamlNode added, const YAML::Mark& mark) {
    if (open_.empty()) {
      root_ = std::move(added);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == YamlNode::Kind::kList) {
      parent.node.items.push_back(std::move(added));
    } else if (parent.value_follows) {
      // What is said about a value is looked for where its key stands.
      added.line = parent.node.entries.back().value.line;
      parent.node.entries.back().value = std::move(added);
      parent.value_follows = false;
    } else {
      add_key(parent, added, mark);
    }
  }

  void add_key(Open& parent, const YamlNode& key, const YAML::Mark& mark) {
    if (key.kind != YamlNode::Kind::kScalar) throw Refused(mark, "a key must be a name");
    const auto [first, is_new] = parent.key_lines.emplace(key.text, key.line);
    if (!is_new) {
      throw Refused(mark, fmt::format("'{}' is given twice{}", printable(key.text), first_in_line(first->second)));
    }
    parent.node.entries.push_back({key.text, node(YamlNode::Kind::kNothing, mark)});
    parent.value_follows = true;
  }

  std::shared_ptr<const std::string> file_;
  std::string_view noun_;
  Lines lines_;
  std::vector<Open> open_;
  YamlNode root_;
  int documents_ = 0;
};

// What the parser's words mean for somebody who wrote the file.
std::string explained(const std::string& message, std::string_view noun) {
  constexpr std::pair<std::string_view, std::string_view> kExplanations[] = {
      {"illegal EOF in scalar", "a quote is opened and not closed"},
      {"illegal map value",
       "not valid YAML here; a text with ': ' in it needs quotes, and lines are indented with spaces"},
      {"end of sequence flow not found", "a '[' before this is not closed"},
      {"end of map flow not found", "a '{' before this is not closed"},
  };
  if (message == "the referenced anchor is not defined") return no_anchors(noun);
  for (const auto& [words, meaning] : kExplanations) {
    if (message == words) return std::string(meaning);
  }
  return fmt::format("not valid YAML: {}", printable(message));
}

Result<std::string> read_text(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const auto unreadable = [&] {
    return fail(ExitCode::kUsage, "{}: cannot read the profile: {}", path, std::generic_category().message(errno));
  };
  if (!file) return unreadable();
  std::string text;
  std::string buffer(64 * 1024, '\0');
  for (;;) {
    const ssize_t size_bytes = ::read(file.get(), buffer.data(), buffer.size());
    if (size_bytes < 0 && errno == EINTR) continue;
    if (size_bytes < 0) return unreadable();
    if (size_bytes == 0) return text;
    text.append(buffer, 0, static_cast<std::size_t>(size_bytes));
    if (text.size() > kLargestProfileBytes) {
      return fail(ExitCode::kUsage, "{}: larger than {}; this is no profile", path, human_bytes(kLargestProfileBytes));
    }
  }
}

Result<YamlNode> parse(std::string text, const std::string& file, std::string_view noun, Lines lines) {
  if (text.find('\0') != std::string::npos) return fail(ExitCode::kUsage, "{}: not a text file", file);
  // yaml-cpp 0.7 takes a quote that is not closed for closed where line ends follow.
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  TreeBuilder builder(file, noun, lines);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Refused& refused) {
    return fail(ExitCode::kUsage, "{}{}", place_in_front(file, line_of(refused.mark, lines)), refused.msg);
  } catch (const YAML::Exception& error) {
    return fail(ExitCode::kUsage, "{}{}", place_in_front(file, line_of(error.mark, lines)), explained(error.msg, noun));
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    return fail(ExitCode::kUsage, "{}: cannot read the {}: {}", file, noun, error.what());
  }
  return builder.take();
}

}  // namespace

std::string_view kind_text(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::kNothing:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return "a single value";
    case YamlNode::Kind::kList:
      return "a list";
    case YamlNode::Kind::kMap:
      return "a mapping";
  }
  return "";
}

Result<YamlNode> parse_yaml(std::string text, const std::string& file, std::string_view noun) {
  Result<YamlNode> root = parse(std::move(text), file, noun, Lines::kCounted);
  if (root && root->kind == YamlNode::Kind::kNothing)
    return fail(ExitCode::kUsage, "{}:1: the {} is empty", file, noun);
  return root;
}

Result<YamlNode> parse_yaml_value(std::string text, const std::string& place) {
  Result<YamlNode> value = parse(std::move(text), place, "value", Lines::kNone);
  if (value && !value->file) value->file = std::make_shared<const std::string>(place);  // there was no text
  return value;
}

Result<YamlNode> parse_profile_yaml(std::string text, const std::string& file) {
  Result<YamlNode> root = parse_yaml(std::move(text), file, "profile");
  if (root && (root->kind != YamlNode::Kind::kMap || root->entries.empty())) {
    return root->refuse(
        "a profile is a mapping of keys ('flow:', 'exporters:', ...), not {}",
        root->entries.empty() && root->kind == YamlNode::Kind::kMap ? "an empty one" : kind_text(root->kind));
  }
  return root;
}

Result<YamlNode> read_yaml(const std::string& path) {
  std::string text = TRY(read_text(path));
  return parse_profile_yaml(std::move(text), path);
}

}  // namespace flowgauge
