#pragma once

#include <gumbo.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace leat::pipelines {

/// An attribute as it is written, without its quotes.
struct HtmlAttribute {
  std::string_view name;
  std::string_view value;
};

/// A start tag or an end tag as it is written. It refers to the page.
struct HtmlTag {
  std::string_view name;
  GumboTag id = GUMBO_TAG_UNKNOWN;        // of the name
  std::vector<HtmlAttribute> attributes;  // if a name comes more than once, the first of them counts
  bool is_self_closing = false;
  bool repeats = false;  // an attribute comes again and has no value, or there are too many to tell
  bool is_bare = false;  // nothing stands behind the name, not even a blank

  /// The first attribute of that name, which is in lower case; null if there is none.
  [[nodiscard]] const HtmlAttribute* find(std::string_view name) const noexcept;
};

/// What a start tag makes of the characters behind it (WHATWG HTML, 13.2.5.1 to 13.2.5.5).
enum class HtmlText : std::uint8_t {
  markup,
  raw,        // up to the end tag of the same name: style, title, textarea, …
  script,     // the same, but a script within "<!--" does not end it
  plaintext,  // up to the end of the page
};

/// Reads a page tag by tag (WHATWG HTML, 13.2.5): where tags, their attributes, comments and texts begin and
/// end, with every rule for what is malformed. It tells nothing of what is in a text or a comment, since
/// nobody asks, and leaves references such as &amp; to attribute_value().
///
/// What a tag means depends on where it stands, so the caller says two things that only a tree knows: what
/// kind of text comes next, and whether "<![CDATA[" begins one. Linear in time. The page is UTF-8 and
/// outlives it; so do the views that it gives.
class HtmlTokens {
 public:
  enum class Kind : std::uint8_t { end, text, start_tag, end_tag, nameless };  // nameless: "</>"

  explicit HtmlTokens(std::string_view page) noexcept : at_(page.data()), end_(at_ + page.size()) {}

  /// The next token; comments and declarations are none. `has_cdata`: the current node is of SVG or MathML.
  Kind next(bool has_cdata) { return at_ != end_ && *at_ != '<' ? next_text() : next_markup(has_cdata); }
  /// Of the last token. The tag is valid until the next one.
  [[nodiscard]] const HtmlTag& tag() const noexcept { return tag_; }
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

  /// Passes over what stands in an element whose start tag was the last token, and over its end tag.
  void skip_text(HtmlText kind);

 private:
  [[nodiscard]] std::string_view rest() const noexcept { return {at_, static_cast<std::size_t>(end_ - at_)}; }
  Kind next_text() noexcept;
  Kind next_markup(bool has_cdata);
  bool skip_declaration(bool has_cdata);
  void skip_comment() noexcept;
  void skip_to(std::string_view mark, std::size_t from) noexcept;

  const char* at_;  // of what has not been read yet
  const char* end_;
  std::string_view text_;
  HtmlTag tag_;
};

}  // namespace leat::pipelines
