#include "pipelines/extract/xpath_names.hpp"

#include <algorithm>

#include "pipelines/extract/attribute_value.hpp"
#include "pipelines/text/nearest.hpp"
#include "pipelines/text/utf8.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kFunctions[] = {
    "last",          "position",
    "count",         "id",
    "local-name",    "namespace-uri",
    "name",          "string",
    "concat",        "starts-with",
    "contains",      "substring-before",
    "substring",     "substring-after",
    "string-length", "normalize-space",
    "translate",     "boolean",
    "not",           "true",
    "false",         "lang",
    "number",        "sum",
    "floor",         "ceiling",
    "round",
};

// What else may stand before a parenthesis: the kinds of nodes, and the operators that are words.
constexpr std::string_view kOthers[] = {"node", "text", "comment", "processing-instruction",
                                        "and",  "or",   "div",     "mod"};

template <class List>
bool has(const List& list, std::string_view name) noexcept {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

bool starts_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_name(char c) noexcept { return starts_name(c) || is_digit(c) || c == '-' || c == '.'; }

/// Goes over the words of an expression; strings and numbers are none.
class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  XpathNames run() {
    while (at_ < text_.size() && !found_.fault) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        const std::size_t end = text_.find(c, at_ + 1);
        if (end == std::string_view::npos) found_.fault = TextFault{at_, "the quote is not closed"};
        at_ = end + 1;
      } else if (c == '$') {
        found_.fault = TextFault{at_, "there are no variables here"};
      } else if (starts_name(c)) {
        word();
      } else if (is_digit(c)) {
        while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
      } else {
        if (kHtmlBlanks.find(c) == std::string_view::npos) on_attribute_ = c == '@';
        ++at_;
      }
    }
    return std::move(found_);
  }

 private:
  void word() {
    const std::size_t start = at_;
    const std::string_view first = name();
    if (ahead("::")) {
      on_attribute_ = first == "attribute";
      at_ = text_.find("::", at_) + 2;
      return;
    }
    if (at_ + 1 < text_.size() && text_[at_] == ':' &&
        (starts_name(text_[at_ + 1]) || text_[at_ + 1] == '*')) {
      ++at_;
      if (text_[at_] == '*') {
        ++at_;
      } else {
        name();
      }
      if (ahead("(")) return unknown_function(start, text_.substr(start, at_ - start));
      if (!has(found_.prefixes, first)) found_.prefixes.emplace_back(first);
      found_.on_elements = found_.on_elements || !on_attribute_;
    } else if (ahead("(") && !has(kFunctions, first) && !has(kOthers, first)) {
      return unknown_function(start, first);
    }
    on_attribute_ = false;
  }

  std::string_view name() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }

  [[nodiscard]] bool ahead(std::string_view sign) const noexcept {
    const std::size_t next = text_.find_first_not_of(kHtmlBlanks, at_);
    return next != std::string_view::npos && text_.substr(next).starts_with(sign);
  }

  void unknown_function(std::size_t offset, std::string_view name) {
    std::string message = "XPath 1.0 has no function \"" + printable(name, 40) + "\"";
    const auto near = nearest(name, kFunctions);
    if (!near.empty()) {
      message += "; did you mean \"" + std::string(near) + "\"?";
    } else {
      message += "; there are";
      for (const auto known : kFunctions) message.append(" ").append(known);
    }
    found_.fault = TextFault{offset, std::move(message)};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool on_attribute_ = false;
  XpathNames found_;
};

}  // namespace

XpathNames xpath_names(std::string_view expression) { return Scan(expression).run(); }

}  // namespace leat::pipelines
