#include "pipelines/extract/html_tokens.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "engine/text/ascii.hpp"
#include "pipelines/extract/html_rules.hpp"
#include "pipelines/extract/markup_text.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kNone = std::string_view::npos;

// What a character is within a tag. From a slash on, a name ends there; from ">" on, a value without quotes.
enum class Sign : std::uint8_t { letter, equals, slash, close, blank };
constexpr auto kSigns = [] {
  std::array<Sign, 256> signs{};
  for (const char c : kHtmlBlanks) signs[static_cast<unsigned char>(c)] = Sign::blank;
  signs['='] = Sign::equals;
  signs['/'] = Sign::slash;
  signs['>'] = Sign::close;
  return signs;
}();
Sign sign_of(char c) noexcept { return kSigns[static_cast<unsigned char>(c)]; }
bool is_blank(char c) noexcept { return sign_of(c) == Sign::blank; }
bool ends_name(char c) noexcept { return sign_of(c) >= Sign::slash; }

std::string_view view(const char* from, const char* to) noexcept {
  return {from, static_cast<std::size_t>(to - from)};
}

const char* skip_blanks(const char* at, const char* end) noexcept {
  while (at != end && is_blank(*at)) ++at;
  return at;
}

// 13.2.5.35 to 13.2.5.39. Gives what stands behind the value and its quotes.
const char* read_value(const char* at, const char* end, std::string_view& value) noexcept {
  if (at == end || *at == '>') return at;
  const char* const start = at;
  if (*at == '"' || *at == '\'') {
    const void* const quote = std::memchr(at + 1, *at, static_cast<std::size_t>(end - at - 1));
    at = quote == nullptr ? end : static_cast<const char*>(quote);
    value = view(start + 1, at);
    return at == end ? end : at + 1;
  }
  while (at != end && sign_of(*at) < Sign::close) ++at;
  value = view(start, at);
  return at;
}

// Whether `text` has the name there, in any case, and no letter behind it.
bool has_name(std::string_view text, std::size_t at, std::string_view name) noexcept {
  const std::size_t end = at + name.size();
  return end < text.size() && ends_name(text[end]) &&
         text::equal_ignoring_case(text.substr(at, name.size()), name);
}

// The place of the end tag of that name, or the end of the text.
std::size_t find_end_tag(std::string_view text, std::string_view name) noexcept {
  for (std::size_t at = text.find("</"); at != kNone; at = text.find("</", at + 2)) {
    if (has_name(text, at + 2, name)) return at;
  }
  return text.size();
}

}  // namespace

const HtmlAttribute* HtmlTag::find(std::string_view wanted) const noexcept {
  for (const auto& attribute : attributes) {
    if (attribute.name == wanted || text::equal_ignoring_case(attribute.name, wanted)) return &attribute;
  }
  return nullptr;
}

HtmlTokens::Kind HtmlTokens::next(bool has_cdata) {
  while (!rest_.empty()) {
    std::size_t at = rest_.front() == '<' ? 0 : rest_.find('<');
    // A '<' that begins nothing is a part of the text.
    while (at != kNone && at + 1 < rest_.size() && !text::is_letter(rest_[at + 1]) && rest_[at + 1] != '!' &&
           rest_[at + 1] != '/' && rest_[at + 1] != '?')
      at = rest_.find('<', at + 1);
    if (at != 0) {
      text_ = rest_.substr(0, at);
      rest_.remove_prefix(text_.size());
      return Kind::text;
    }
    const char sign = rest_.size() > 1 ? rest_[1] : '\0';
    if (text::is_letter(sign)) return read_tag(1) ? Kind::start_tag : Kind::end;
    if (sign == '/' && rest_.size() > 2 && text::is_letter(rest_[2]))
      return read_tag(2) ? Kind::end_tag : Kind::end;
    if (sign == '\0' || rest_.size() == 2) {  // "<" and "</" at the end of the page
      text_ = rest_;
      rest_ = {};
      return sign == '\0' || sign == '/' ? Kind::text : Kind::end;
    }
    if (rest_.starts_with("</>")) {
      rest_.remove_prefix(3);
      return Kind::nameless;
    }
    if (sign == '!') {
      if (skip_declaration(has_cdata)) return Kind::text;
    } else {
      skip_to(">", 2);  // "<?", and "</" without a name, are comments
    }
  }
  return Kind::end;
}

void HtmlTokens::skip_to(std::string_view mark, std::size_t from) noexcept {
  const std::size_t at = rest_.find(mark, from);
  rest_.remove_prefix(at == kNone ? rest_.size() : at + mark.size());
}

// Gives true if it was a text in CDATA.
bool HtmlTokens::skip_declaration(bool has_cdata) {
  constexpr std::string_view kCdata = "<![CDATA[";
  if (rest_.starts_with("<!--")) {
    skip_comment();
  } else if (has_cdata && rest_.starts_with(kCdata)) {
    const std::string_view inside = rest_.substr(kCdata.size());
    text_ = inside.substr(0, inside.find("]]>"));
    skip_to("]]>", kCdata.size());
    return true;
  } else {
    skip_to(">", 2);  // a DOCTYPE ends there even within quotes
  }
  return false;
}

// 13.2.5.43 to 13.2.5.52.
void HtmlTokens::skip_comment() noexcept {
  rest_.remove_prefix(4);
  if (rest_.starts_with('>')) return rest_.remove_prefix(1);
  if (rest_.starts_with("->")) return rest_.remove_prefix(2);
  for (std::size_t at = rest_.find("--"); at != kNone; at = rest_.find("--", at + 1)) {
    const std::string_view behind = rest_.substr(at + 2);
    const std::size_t length = behind.starts_with('>') ? 1 : behind.starts_with("!>") ? 2 : 0;
    if (length > 0) return rest_.remove_prefix(at + 2 + length);
  }
  rest_ = {};
}

// Gives false if the page ends within the tag, which is then none.
bool HtmlTokens::read_tag(std::size_t from) {
  tag_.attributes.clear();
  tag_.is_self_closing = tag_.repeats = false;
  const char* const end = rest_.data() + rest_.size();
  const char* const start = rest_.data() + from;
  const char* at = start;
  while (at != end && !ends_name(*at)) ++at;
  tag_.name = view(start, at);
  tag_.id = tag_of(tag_.name);
  tag_.is_bare = at != end && *at == '>';
  for (;;) {
    at = skip_blanks(at, end);
    if (at == end) break;
    if (*at == '>') {
      rest_ = view(at + 1, end);
      return true;
    }
    if (*at == '/') {
      ++at;
      tag_.is_self_closing = at != end && *at == '>';
      continue;
    }
    at = read_attribute(at, end);
  }
  rest_ = {};
  return false;
}

// 13.2.5.32 to 13.2.5.34. A sign such as '=' may be the first of a name.
const char* HtmlTokens::read_attribute(const char* at, const char* end) {
  const char* const start = at++;
  while (at != end && sign_of(*at) == Sign::letter) ++at;
  const std::string_view name = view(start, at);
  std::string_view value;
  at = skip_blanks(at, end);
  if (at != end && *at == '=') {
    at = read_value(skip_blanks(at + 1, end), end, value);
  } else {
    constexpr std::size_t kMost = 64;
    tag_.repeats = tag_.repeats || tag_.attributes.size() > kMost || tag_.find(name) != nullptr;
  }
  tag_.attributes.push_back({name, value});
  return at;
}

// 13.2.5.15 to 13.2.5.31: behind "<!--", "<script" begins another script, whose end is not that of this one.
std::size_t HtmlTokens::script_end(std::string_view name) const noexcept {
  bool is_comment = false;
  bool is_inner = false;
  for (std::size_t at = 0; at < rest_.size(); ++at) {
    at = is_comment ? rest_.find_first_of("<-", at) : rest_.find('<', at);
    if (at == kNone) break;
    const std::string_view here = rest_.substr(at);
    if (here.starts_with("-->")) {
      is_comment = is_inner = false;
    } else if (!is_comment && here.starts_with("<!--")) {
      is_comment = true;
      ++at;  // its two dashes may be those of "-->"
    } else if (here.starts_with("</") && has_name(rest_, at + 2, name)) {
      if (!is_inner) return at;
      is_inner = false;
    } else if (is_comment && here.starts_with('<') && has_name(rest_, at + 1, name)) {
      is_inner = true;
    }
  }
  return rest_.size();
}

void HtmlTokens::skip_text(HtmlText kind) {
  if (kind == HtmlText::markup) return;
  const std::string name(tag_.name);
  if (kind == HtmlText::plaintext) {
    rest_ = {};
  } else {
    rest_.remove_prefix(kind == HtmlText::script ? script_end(name) : find_end_tag(rest_, name));
    if (!rest_.empty()) read_tag(2);
  }
}

}  // namespace leat::pipelines
