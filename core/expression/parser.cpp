#include "core/expression/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace flowgauge::expression {
namespace {

// Deeper ones would be nobody's work, and the parser recurses.
constexpr int kDeepest = 100;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool is_word(char c) { return is_word_start(c) || is_digit(c); }

// Before each other where one begins another.
constexpr std::array<std::pair<std::string_view, Expression::Kind>, 6> kComparisonSigns{{
    {"==", Expression::Kind::kEqual},
    {"!=", Expression::Kind::kNotEqual},
    {"<=", Expression::Kind::kLessOrEqual},
    {">=", Expression::Kind::kGreaterOrEqual},
    {"<", Expression::Kind::kLess},
    {">", Expression::Kind::kGreater},
}};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::expected<Expression, ExpressionError> parse() {
    Expression whole;
    if (comparison(whole)) {
      peek();
      if (at_ < text_.size()) refuse_the_rest();
    }
    if (error_) return std::unexpected(*error_);
    return whole;
  }

 private:
  // Each of these is true where it has read its part into `out`; otherwise error_ is set.
  bool comparison(Expression& out) {
    if (++depth_ > kDeepest) return refuse(fmt::format("nested more than {} deep", kDeepest));
    if (!sum(out)) return false;
    peek();
    for (const auto& [sign, kind] : kComparisonSigns) {
      if (!text_.substr(at_).starts_with(sign)) continue;
      if (!binary(out, sign.size(), kind, [this](Expression& right) { return sum(right); })) return false;
      break;
    }
    --depth_;
    return true;
  }

  bool sum(Expression& out) {
    if (!product(out)) return false;
    for (;;) {
      const char sign = peek();
      if (sign != '+' && sign != '-') return true;
      const auto kind = sign == '+' ? Expression::Kind::kAdd : Expression::Kind::kSubtract;
      if (!binary(out, 1, kind, [this](Expression& right) { return product(right); })) return false;
    }
  }

  bool product(Expression& out) {
    if (!factor(out)) return false;
    for (;;) {
      const char sign = peek();
      if (sign != '*' && sign != '/' && sign != '%') return true;
      const auto kind = sign == '*'   ? Expression::Kind::kMultiply
                        : sign == '/' ? Expression::Kind::kDivide
                                      : Expression::Kind::kRemainder;
      if (!binary(out, 1, kind, [this](Expression& right) { return factor(right); })) return false;
    }
  }

  template <class Right>
  bool binary(Expression& left, std::size_t sign_bytes, Expression::Kind kind, Right read_right) {
    if (++operators_ > kDeepest) return refuse(fmt::format("more than {} operators", kDeepest));
    Expression node;
    node.kind = kind;
    node.position = at_ + 1;
    at_ += sign_bytes;
    node.children.resize(2);
    if (!read_right(node.children[1])) return false;
    node.children[0] = std::move(left);
    left = std::move(node);
    return true;
  }

  bool factor(Expression& out) {
    const char next = peek();
    out.position = at_ + 1;
    if (next == '-') return negated(out);
    if (next == '(') {
      ++at_;
      return comparison(out) && take(')', "to close the '('");
    }
    if (next == '\'') {
      std::string text;
      if (!quoted(text)) return false;
      out.literal = std::move(text);
      return true;
    }
    if (is_digit(next)) return number(out.literal, false);
    if (is_word_start(next)) return name(out);
    return refuse(next == '\0' ? std::string("a value is missing at the end")
                               : fmt::format("a value is expected here, not '{}'", next));
  }

  bool negated(Expression& out) {
    if (++operators_ > kDeepest) return refuse(fmt::format("more than {} operators", kDeepest));
    ++at_;
    if (is_digit(peek())) return number(out.literal, true);
    out.kind = Expression::Kind::kNegate;
    return factor(out.children.emplace_back());
  }

  bool name(Expression& out) {
    out.name = word();
    if (peek() == '(') {
      ++at_;
      if (out.name == "map") return map(out);
      out.kind = Expression::Kind::kCall;
      do {
        if (!comparison(out.children.emplace_back())) return false;
      } while (taken(','));
      return take(')', fmt::format("to close '{}('", out.name));
    }
    out.kind = Expression::Kind::kName;
    // No spaces within a name.
    while (at_ + 1 < text_.size() && text_[at_] == '.' && is_word(text_[at_ + 1])) {
      ++at_;
      out.name += '.';
      out.name += word();
    }
    return true;
  }

  bool map(Expression& out) {
    out.kind = Expression::Kind::kMap;
    if (!comparison(out.children.emplace_back())) return false;
    if (!take(')', "to close 'map('") || !take('{', "before the first key of the map")) return false;
    for (;;) {
      if (is_word_start(peek())) {
        if (word() != "else") return refuse("a key (an integer or 'text') or else is expected here");
        if (!comparison(out.children.emplace_back())) return false;
        taken(';');
        return take('}', "to close the map; else comes last");
      }
      if (peek() == '}' || peek() == '\0') return refuse("the map needs an else at its end, for all other values");
      const std::size_t key_at = at_;
      if (!literal(out.keys.emplace_back())) return false;
      if (std::holds_alternative<double>(out.keys.back())) {
        at_ = key_at;
        return refuse("a key is an integer or a 'text'");
      }
      if (!take(':', "between a key and its result") || !comparison(out.children.emplace_back())) return false;
      if (peek() != '}' && !take(';', "after a key and its result")) return false;
    }
  }

  // [ "-" ] number | text
  bool literal(LiteralValue& out) {
    const char next = peek();
    if (next == '\'') {
      std::string text;
      if (!quoted(text)) return false;
      out = std::move(text);
      return true;
    }
    const bool negative = next == '-';
    if (negative) ++at_;
    return is_digit(peek()) ? number(out, negative) : refuse("a number or a 'text' is expected here");
  }

  bool quoted(std::string& out) {
    const std::size_t begin = at_++;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] != '\'') {
        out += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
        out += text_[at_++];
      } else {
        ++at_;
        return true;
      }
    }
    at_ = begin;
    return refuse("the text has no end: a ' is missing");
  }

  bool number(LiteralValue& out, bool negative) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    const bool whole = at_ == text_.size() || text_[at_] != '.';
    if (!whole) {
      const std::size_t point = at_++;
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
      if (at_ == point + 1) return refuse("digits are missing after the '.'");
    }
    if (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '.')) {
      return refuse(fmt::format("'{}' is not expected in a number", text_[at_]));
    }
    const char* const first = text_.data() + begin;
    const char* const last = text_.data() + at_;
    if (whole) {
      IntegerLiteral integer{0, negative};
      const auto read = std::from_chars(first, last, integer.magnitude);
      if (read.ec == std::errc{} && (!negative || integer.magnitude <= std::uint64_t{1} << 63)) {
        integer.negative = negative && integer.magnitude != 0;
        out = integer;
        return true;
      }
    } else {
      double real = 0;
      const auto read = std::from_chars(first, last, real);
      if (read.ec == std::errc{}) {
        out = negative ? -real : real;
        return true;
      }
    }
    at_ = begin;
    return refuse("the number does not fit: integers have 64 bits");
  }

  std::string_view word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  // The next character that is not a space, '\0' at the end; at_ is there afterwards.
  char peek() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  bool taken(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }

  bool take(char wanted, std::string_view why) {
    return taken(wanted) || refuse(fmt::format("a '{}' is missing here {}", wanted, why));
  }

  // Of what comes behind a whole expression.
  void refuse_the_rest() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with('=') && !rest.starts_with("==")) {
      refuse("write == to compare");
    } else if (std::ranges::any_of(kComparisonSigns, [&](const auto& one) { return rest.starts_with(one.first); })) {
      refuse("a comparison is not compared again; use if() or parentheses");
    } else {
      refuse(fmt::format("'{}' is not expected here", rest.front()));
    }
  }

  bool refuse(std::string message) {
    if (!error_) error_ = ExpressionError{at_ + 1, std::move(message)};
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int operators_ = 0;
  std::optional<ExpressionError> error_;
};

}  // namespace

std::expected<Expression, ExpressionError> parse_expression(std::string_view text) { return Parser(text).parse(); }

}  // namespace flowgauge::expression
