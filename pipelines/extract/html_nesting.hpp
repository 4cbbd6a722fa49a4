#pragma once

#include <gumbo.h>

#include <cstdint>
#include <string_view>

#include "pipelines/extract/html_tokens.hpp"
#include "pipelines/extract/open_elements.hpp"

namespace leat::pipelines {

/// Says which start tags of a page become elements (WHATWG HTML, 13.2.6), without making a tree.
///
/// It agrees with HtmlDocument as far as the order of tags is the order of elements, and no tag makes two.
/// Where a page is written in another way, so that elements are moved out of a table, copied when formatting
/// is opened again, or merged, it is `lost`, and says so: then only a tree can tell. It is lost as well in a
/// template, in frames, with HTML in SVG or MathML, and where more is open than in any page.
class HtmlNesting {
 public:
  enum class Becomes : std::uint8_t { element, foreign, nothing, lost };
  struct Started {
    Becomes what = Becomes::element;
    HtmlText then = HtmlText::markup;  // what stands behind the tag
  };
  static const Started kElement;
  static const Started kNothing;
  static const Started kLost;

  Started start(const HtmlTag& tag);
  /// False: lost.
  [[nodiscard]] bool end(const HtmlTag& tag);
  [[nodiscard]] bool text(std::string_view text) {
    return (mode_ == Mode::body && !open_.needs_formatting()) || text_elsewhere(text);
  }

  /// Says that somebody wants the element of the last start tag.
  void note_found() noexcept { open_.note_found(); }
  [[nodiscard]] bool is_in_foreign() const noexcept { return mode_ >= Mode::body && open_.is_foreign(); }

 private:
  enum class Mode : std::uint8_t {
    before,  // the head
    head,
    head_noscript,
    after_head,
    body,
    table,
    columns,
    rows,
    row,
    cell,
    caption,
    select,
    select_in_table,
  };

  // A handler says with `again` that the tag is to be looked at in the mode in which the elements are now.
  Started start_in_head(const HtmlTag& tag, GumboTag name, bool& again);
  Started start_in_noscript(GumboTag name, bool& again);
  Started start_in_body(const HtmlTag& tag, GumboTag name, bool& again);
  Started start_element(GumboTag name);
  Started start_formatting(GumboTag name);
  Started start_foreign(const HtmlTag& tag, GumboTag name);
  Started start_in_select(GumboTag name, bool& again);
  Started start_in_table(const HtmlTag& tag, GumboTag name, bool& again);
  Started start_table_part(GumboTag name, bool& again);
  Started start_in_columns(GumboTag name, bool& again);
  Started start_in_rows(const HtmlTag& tag, GumboTag name, bool& again);
  Started start_in_row(const HtmlTag& tag, GumboTag name, bool& again);
  Started open_body(GumboTag name, bool& again) noexcept;

  [[nodiscard]] bool text_elsewhere(std::string_view text);
  [[nodiscard]] bool end_in_body(GumboTag name);
  void end_in_head(GumboTag name) noexcept;
  bool end_in_cell(GumboTag name, bool& again);
  bool end_in_caption(GumboTag name, bool& again);
  bool end_in_select(GumboTag name, bool& again);
  bool end_in_table(GumboTag name, bool& again);
  bool end_in_columns(GumboTag name, bool& again);
  bool end_form();

  void leave_select();
  void leave_cell();
  void leave_caption();
  void leave_row() noexcept;
  void leave_rows() noexcept;
  void reset_mode() noexcept;

  Mode mode_ = Mode::before;
  OpenElements open_;
  std::uint32_t form_ = 0;  // the number of the form that is open; 0: none
  bool has_html_ = false;   // its start tag can't come any more
};

inline constexpr HtmlNesting::Started HtmlNesting::kElement{};
inline constexpr HtmlNesting::Started HtmlNesting::kNothing{Becomes::nothing};
inline constexpr HtmlNesting::Started HtmlNesting::kLost{Becomes::lost};

}  // namespace leat::pipelines
