#include "pipelines/extract/links.hpp"

#include <algorithm>

#include "engine/text/ascii.hpp"
#include "pipelines/extract/markup_text.hpp"

namespace leat::pipelines {

namespace {

struct Row {
  std::string_view element;  // empty: any
  std::string_view attribute;
  UrlForm form;
};

// HTML standard, "Attributes", and what HTML 4 had before.
constexpr Row kRows[] = {
    {"", "href", UrlForm::one},
    {"", "src", UrlForm::one},
    {"", "xlink:href", UrlForm::one},
    {"", "background", UrlForm::one},
    {"", "srcset", UrlForm::candidates},
    {"form", "action", UrlForm::one},
    {"button", "formaction", UrlForm::one},
    {"input", "formaction", UrlForm::one},
    {"video", "poster", UrlForm::one},
    {"object", "data", UrlForm::one},
    {"blockquote", "cite", UrlForm::one},
    {"q", "cite", UrlForm::one},
    {"del", "cite", UrlForm::one},
    {"ins", "cite", UrlForm::one},
    {"link", "imagesrcset", UrlForm::candidates},
    {"a", "ping", UrlForm::words},
    {"area", "ping", UrlForm::words},
    {"html", "manifest", UrlForm::one},
    {"head", "profile", UrlForm::one},
    {"img", "longdesc", UrlForm::one},
    {"frame", "longdesc", UrlForm::one},
    {"iframe", "longdesc", UrlForm::one},
    {"img", "usemap", UrlForm::one},
    {"img", "lowsrc", UrlForm::one},
    {"img", "dynsrc", UrlForm::one},
    {"input", "usemap", UrlForm::one},
    {"object", "usemap", UrlForm::one},
    {"object", "codebase", UrlForm::one},
    {"applet", "codebase", UrlForm::one},
    {"enclosure", "url", UrlForm::one},  // RSS and Media RSS
    {"content", "url", UrlForm::one},
    {"thumbnail", "url", UrlForm::one},
};

std::string_view take_word(std::string_view& rest) noexcept {
  rest.remove_prefix(std::min(rest.find_first_not_of(kHtmlBlanks), rest.size()));
  const std::string_view word = rest.substr(0, rest.find_first_of(kHtmlBlanks));
  rest.remove_prefix(word.size());
  return word;
}

// HTML standard, 4.8.4.2: a URL may hold commas but doesn't end in one; a descriptor's parentheses may.
std::vector<std::string_view> candidates_in(std::string_view rest) {
  std::vector<std::string_view> found;
  for (;;) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n\f,"), rest.size()));
    std::string_view url = take_word(rest);
    if (url.empty()) return found;
    if (url.ends_with(',')) {
      found.push_back(url.substr(0, url.find_last_not_of(',') + 1));
      continue;
    }
    found.push_back(url);
    int depth = 0;
    std::size_t at = 0;
    for (; at < rest.size() && (rest[at] != ',' || depth > 0); ++at) {
      if (rest[at] == '(') ++depth;
      if (rest[at] == ')' && depth > 0) --depth;
    }
    rest.remove_prefix(at);
  }
}

// HTML standard, 4.2.5.3: "5; url='/next'", in which nearly everything may be missing.
std::string_view refresh_target(std::string_view value) noexcept {
  value.remove_prefix(std::min(value.find_first_not_of(" \t\r\n\f0123456789."), value.size()));
  value.remove_prefix(std::min(value.find_first_not_of(" \t\r\n\f;,"), value.size()));
  if (text::to_lower(value.substr(0, 3)) == "url") {
    const auto sign = value.find_first_not_of(kHtmlBlanks, 3);
    if (sign != std::string_view::npos && value[sign] == '=')
      value = text::trimmed(value.substr(sign + 1), kHtmlBlanks);
  }
  const char quote = value.empty() ? '\0' : value.front();
  if (quote == '"' || quote == '\'') {
    value.remove_prefix(1);
    value = value.substr(0, value.find(quote));
  }
  return value;
}

}  // namespace

UrlForm url_form(std::string_view element, std::string_view attribute, bool is_refresh) noexcept {
  if (is_refresh && attribute == "content") return UrlForm::refresh;
  for (const Row& row : kRows) {
    if (row.attribute == attribute && (row.element.empty() || row.element == element)) return row.form;
  }
  return UrlForm::none;
}

std::vector<std::string> urls_in(std::string_view value, UrlForm form, const http::BaseUrl& base) {
  std::vector<std::string> urls;
  const auto add = [&](std::string_view url) { urls.push_back(base.resolve(url)); };
  switch (form) {
    case UrlForm::none:
      urls.emplace_back(value);
      break;
    case UrlForm::one:
      add(value);
      break;
    case UrlForm::candidates:
      for (const auto url : candidates_in(value)) add(url);
      break;
    case UrlForm::words:
      for (auto word = take_word(value); !word.empty(); word = take_word(value)) add(word);
      break;
    case UrlForm::refresh:
      if (const auto target = refresh_target(value); !target.empty()) add(target);
      break;
  }
  return urls;
}

}  // namespace leat::pipelines
