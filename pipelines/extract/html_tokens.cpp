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

// Whether a '<' with that behind it begins something; otherwise it is a part of the text.
constexpr auto kBegins = [] {
  std::array<bool, 256> begins{};
  for (std::size_t c = 0; c < begins.size(); ++c) begins[c] = text::is_letter(static_cast<char>(c));
  begins['!'] = begins['/'] = begins['?'] = true;
  return begins;
}();
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

// The place of the end tag of a script, or the end of the text (13.2.5.15 to 13.2.5.31): behind "<!--",
// "<script" begins another script, whose end is not that of this one.
std::size_t script_end(std::string_view text, std::string_view name) noexcept {
  bool is_comment = false;
  bool is_inner = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    at = is_comment ? text.find_first_of("<-", at) : text.find('<', at);
    if (at == kNone) break;
    const std::string_view here = text.substr(at);
    if (here.starts_with("-->")) {
      is_comment = is_inner = false;
    } else if (!is_comment && here.starts_with("<!--")) {
      is_comment = true;
      ++at;  // its two dashes may be those of "-->"
    } else if (here.starts_with("</") && has_name(text, at + 2, name)) {
      if (!is_inner) return at;
      is_inner = false;
    } else if (is_comment && here.starts_with('<') && has_name(text, at + 1, name)) {
      is_inner = true;
    }
  }
  return text.size();
}

// 13.2.5.32 to 13.2.5.34. A sign such as '=' may be the first of a name.
const char* read_attribute(const char* at, const char* end, HtmlTag& tag) {
  const char* const start = at++;
  while (at != end && sign_of(*at) == Sign::letter) ++at;
  HtmlAttribute attribute{view(start, at), {}};
  at = skip_blanks(at, end);
  if (at != end && *at == '=') {
    at = read_value(skip_blanks(at + 1, end), end, attribute.value);
  } else {
    constexpr std::size_t kMost = 64;
    tag.repeats = tag.repeats || tag.attributes.size() > kMost || tag.find(attribute.name) != nullptr;
  }
  tag.attributes.push_back(attribute);
  return at;
}

// Reads a tag from its name on. Gives what stands behind it; null if the page ends within the tag, which is
// then none.
const char* read_tag(const char* at, const char* end, HtmlTag& tag) {
  tag.attributes.clear();
  tag.is_self_closing = tag.repeats = false;
  const char* const name = at;
  while (at != end && !ends_name(*at)) ++at;
  tag.name = view(name, at);
  tag.id = tag_of(tag.name);
  tag.is_bare = at != end && *at == '>';
  if (tag.is_bare) return at + 1;
  for (;;) {
    at = skip_blanks(at, end);
    if (at == end) return nullptr;
    if (*at == '>') return at + 1;
    if (*at == '/') {
      ++at;
      tag.is_self_closing = at != end && *at == '>';
    } else {
      at = read_attribute(at, end, tag);
    }
  }
}

}  // namespace

const HtmlAttribute* HtmlTag::find(std::string_view wanted) const noexcept {
  for (const auto& attribute : attributes) {
    if (attribute.name == wanted || text::equal_ignoring_case(attribute.name, wanted)) return &attribute;
  }
  return nullptr;
}

// Up to the next '<' that begins something, or is the last character.
HtmlTokens::Kind HtmlTokens::next_text() noexcept {
  const char* at = at_;
  do {
    at = static_cast<const char*>(std::memchr(at + 1, '<', static_cast<std::size_t>(end_ - at - 1)));
    if (at == nullptr) at = end_;
  } while (end_ - at > 1 && !kBegins[static_cast<unsigned char>(at[1])]);
  text_ = view(at_, at);
  at_ = at;
  return Kind::text;
}

HtmlTokens::Kind HtmlTokens::next_markup(bool has_cdata) {
  while (at_ != end_) {
    const auto left = end_ - at_;
    const char sign = left > 1 ? at_[1] : '\0';
    if (*at_ != '<' || (left > 1 && !kBegins[static_cast<unsigned char>(sign)])) return next_text();
    const bool is_end = sign == '/' && left > 2 && text::is_letter(at_[2]);
    if (is_end || text::is_letter(sign)) {
      const char* const behind = read_tag(at_ + (is_end ? 2 : 1), end_, tag_);
      at_ = behind == nullptr ? end_ : behind;
      return behind == nullptr ? Kind::end : is_end ? Kind::end_tag : Kind::start_tag;
    }
    if (left <= 2) {  // "<" and "</" at the end of the page
      text_ = rest();
      at_ = end_;
      return left == 1 || sign == '/' ? Kind::text : Kind::end;
    }
    if (rest().starts_with("</>")) {
      at_ += 3;
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
  const std::size_t at = rest().find(mark, from);
  at_ = at == kNone ? end_ : at_ + at + mark.size();
}

// Gives true if it was a text in CDATA.
bool HtmlTokens::skip_declaration(bool has_cdata) {
  constexpr std::string_view kCdata = "<![CDATA[";
  if (rest().starts_with("<!--")) {
    skip_comment();
  } else if (has_cdata && rest().starts_with(kCdata)) {
    const std::string_view inside = rest().substr(kCdata.size());
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
  at_ += 4;
  const std::string_view text = rest();
  if (text.starts_with('>') || text.starts_with("->")) {
    at_ += text.front() == '>' ? 1 : 2;
    return;
  }
  for (std::size_t at = text.find("--"); at != kNone; at = text.find("--", at + 1)) {
    const std::string_view behind = text.substr(at + 2);
    const std::size_t length = behind.starts_with('>') ? 1 : behind.starts_with("!>") ? 2 : 0;
    if (length == 0) continue;
    at_ += at + 2 + length;
    return;
  }
  at_ = end_;
}

void HtmlTokens::skip_text(HtmlText kind) {
  if (kind == HtmlText::markup) return;
  if (kind == HtmlText::plaintext) {
    at_ = end_;
    return;
  }
  const std::string name(tag_.name);
  at_ += kind == HtmlText::script ? script_end(rest(), name) : find_end_tag(rest(), name);
  if (at_ != end_) next(false);
}

}  // namespace leat::pipelines
