#pragma once

#include <gumbo.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace leat::pipelines {

/// What the tags of HTML do to the elements that are open (WHATWG HTML, 13.2.4 and 13.2.6), as gumbo 0.10.1
/// reads them: one row for each tag.
struct HtmlRule {
  /// What a start tag does in a body.
  enum class Start : std::uint8_t {
    other,       // opens an element, as do tags that nobody knows
    block,       // closes a paragraph before
    heading,     // as a block, and closes a heading
    form,        // as a block, unless there is one
    item,        // li: closes the one before
    term,        // dd, dt: close the one before
    button,      // closes the one before
    anchor,      // a: closes the one before
    formatting,  // is opened again when something else has closed it
    nobr,        // as formatting, and closes the one before
    marked,      // no formatting goes into it from outside
    table,
    select,
    option,
    ruby,     // rb, rp, rt, rtc
    in_head,  // void, wherever it stands
    single,   // void: img
    rule,     // void, closes a paragraph: hr
    part,     // void, and no formatting is opened for it: param, source, track
    raw,      // a text up to its end tag: style, title, textarea
    raw_in,   // the same, for which a paragraph ends and formatting is opened: xmp
    script,
    plain,     // plaintext
    foreign,   // svg, math
    nothing,   // it belongs into a table or a head
    elsewhere  // what it does only the tree knows
  };
  enum Scope : std::uint8_t { usual = 1, list = 2, in_button = 4, in_table = 8 };

  Start start = Start::other;
  std::uint8_t ends_scope = 0;  // which scopes end at an open one
  bool is_special = false;      // an end tag of another name doesn't close it
  bool ends_implied = false;    // its end tag may be missing
  bool end_closes_all = false;  // its end tag closes what is open in it
  bool leaves_foreign = false;  // in SVG and MathML it is HTML again
  bool is_head_part = false;    // belongs into a head
};

namespace html_rules {

using Table = std::array<HtmlRule, GUMBO_TAG_LAST + 1>;
using Tags = std::initializer_list<GumboTag>;

constexpr void set_starts(Table& table, HtmlRule::Start start, Tags tags) {
  for (const GumboTag tag : tags) table[tag].start = start;
}

template <class Member, class Value>
constexpr void set(Table& table, Member HtmlRule::*member, Value value, Tags tags) {
  for (const GumboTag tag : tags) table[tag].*member = static_cast<Member>(table[tag].*member | value);
}

constexpr void set_all_starts(Table& table) {
  using Start = HtmlRule::Start;
  set_starts(
      table, Start::block,
      {GUMBO_TAG_ADDRESS,    GUMBO_TAG_ARTICLE, GUMBO_TAG_ASIDE,   GUMBO_TAG_BLOCKQUOTE, GUMBO_TAG_CENTER,
       GUMBO_TAG_DETAILS,    GUMBO_TAG_DIR,     GUMBO_TAG_DIV,     GUMBO_TAG_DL,         GUMBO_TAG_FIELDSET,
       GUMBO_TAG_FIGCAPTION, GUMBO_TAG_FIGURE,  GUMBO_TAG_FOOTER,  GUMBO_TAG_HEADER,     GUMBO_TAG_HGROUP,
       GUMBO_TAG_LISTING,    GUMBO_TAG_MAIN,    GUMBO_TAG_MENU,    GUMBO_TAG_NAV,        GUMBO_TAG_OL,
       GUMBO_TAG_P,          GUMBO_TAG_PRE,     GUMBO_TAG_SECTION, GUMBO_TAG_SUMMARY,    GUMBO_TAG_UL});
  set_starts(table, Start::heading,
             {GUMBO_TAG_H1, GUMBO_TAG_H2, GUMBO_TAG_H3, GUMBO_TAG_H4, GUMBO_TAG_H5, GUMBO_TAG_H6});
  set_starts(table, Start::formatting,
             {GUMBO_TAG_B, GUMBO_TAG_BIG, GUMBO_TAG_CODE, GUMBO_TAG_EM, GUMBO_TAG_FONT, GUMBO_TAG_I,
              GUMBO_TAG_S, GUMBO_TAG_SMALL, GUMBO_TAG_STRIKE, GUMBO_TAG_STRONG, GUMBO_TAG_TT, GUMBO_TAG_U});
  set_starts(table, Start::marked, {GUMBO_TAG_APPLET, GUMBO_TAG_MARQUEE, GUMBO_TAG_OBJECT});
  set_starts(table, Start::option, {GUMBO_TAG_OPTION, GUMBO_TAG_OPTGROUP});
  set_starts(table, Start::ruby, {GUMBO_TAG_RB, GUMBO_TAG_RP, GUMBO_TAG_RT, GUMBO_TAG_RTC});
  set_starts(table, Start::in_head,
             {GUMBO_TAG_BASE, GUMBO_TAG_BASEFONT, GUMBO_TAG_BGSOUND, GUMBO_TAG_LINK, GUMBO_TAG_MENUITEM,
              GUMBO_TAG_META});
  set_starts(table, Start::single,
             {GUMBO_TAG_AREA, GUMBO_TAG_BR, GUMBO_TAG_EMBED, GUMBO_TAG_IMAGE, GUMBO_TAG_IMG, GUMBO_TAG_INPUT,
              GUMBO_TAG_KEYGEN, GUMBO_TAG_WBR});
  set_starts(table, Start::part, {GUMBO_TAG_PARAM, GUMBO_TAG_SOURCE, GUMBO_TAG_TRACK});
  set_starts(table, Start::raw,
             {GUMBO_TAG_IFRAME, GUMBO_TAG_NOEMBED, GUMBO_TAG_NOFRAMES, GUMBO_TAG_STYLE, GUMBO_TAG_TEXTAREA,
              GUMBO_TAG_TITLE});
  set_starts(table, Start::nothing,
             {GUMBO_TAG_CAPTION, GUMBO_TAG_COL, GUMBO_TAG_COLGROUP, GUMBO_TAG_FRAME, GUMBO_TAG_HEAD,
              GUMBO_TAG_TBODY, GUMBO_TAG_TD, GUMBO_TAG_TFOOT, GUMBO_TAG_TH, GUMBO_TAG_THEAD, GUMBO_TAG_TR});
  set_starts(table, Start::elsewhere,
             {GUMBO_TAG_BODY, GUMBO_TAG_FRAMESET, GUMBO_TAG_HTML, GUMBO_TAG_ISINDEX, GUMBO_TAG_TEMPLATE});
  set_starts(table, Start::foreign, {GUMBO_TAG_MATH, GUMBO_TAG_SVG});
  set_starts(table, Start::term, {GUMBO_TAG_DD, GUMBO_TAG_DT});
  table[GUMBO_TAG_A].start = Start::anchor;
  table[GUMBO_TAG_BUTTON].start = Start::button;
  table[GUMBO_TAG_FORM].start = Start::form;
  table[GUMBO_TAG_HR].start = Start::rule;
  table[GUMBO_TAG_LI].start = Start::item;
  table[GUMBO_TAG_NOBR].start = Start::nobr;
  table[GUMBO_TAG_PLAINTEXT].start = Start::plain;
  table[GUMBO_TAG_SCRIPT].start = Start::script;
  table[GUMBO_TAG_SELECT].start = Start::select;
  table[GUMBO_TAG_TABLE].start = Start::table;
  table[GUMBO_TAG_XMP].start = Start::raw_in;
}

constexpr void set_all_ends(Table& table) {
  set(table, &HtmlRule::ends_scope, HtmlRule::usual | HtmlRule::list | HtmlRule::in_button,
      {GUMBO_TAG_APPLET, GUMBO_TAG_CAPTION, GUMBO_TAG_HTML, GUMBO_TAG_TABLE, GUMBO_TAG_TD, GUMBO_TAG_TH,
       GUMBO_TAG_MARQUEE, GUMBO_TAG_OBJECT});
  set(table, &HtmlRule::ends_scope, HtmlRule::list, {GUMBO_TAG_OL, GUMBO_TAG_UL});
  set(table, &HtmlRule::ends_scope, HtmlRule::in_button, {GUMBO_TAG_BUTTON});
  set(table, &HtmlRule::ends_scope, HtmlRule::in_table, {GUMBO_TAG_HTML, GUMBO_TAG_TABLE});
  set(table, &HtmlRule::ends_implied, true,
      {GUMBO_TAG_DD, GUMBO_TAG_DT, GUMBO_TAG_LI, GUMBO_TAG_OPTION, GUMBO_TAG_OPTGROUP, GUMBO_TAG_P,
       GUMBO_TAG_RP, GUMBO_TAG_RB, GUMBO_TAG_RT, GUMBO_TAG_RTC});
  set(table, &HtmlRule::leaves_foreign, true,
      {GUMBO_TAG_B,       GUMBO_TAG_BIG,    GUMBO_TAG_BLOCKQUOTE, GUMBO_TAG_BODY, GUMBO_TAG_BR,
       GUMBO_TAG_CENTER,  GUMBO_TAG_CODE,   GUMBO_TAG_DD,         GUMBO_TAG_DIV,  GUMBO_TAG_DL,
       GUMBO_TAG_DT,      GUMBO_TAG_EM,     GUMBO_TAG_EMBED,      GUMBO_TAG_FONT, GUMBO_TAG_H1,
       GUMBO_TAG_H2,      GUMBO_TAG_H3,     GUMBO_TAG_H4,         GUMBO_TAG_H5,   GUMBO_TAG_H6,
       GUMBO_TAG_HEAD,    GUMBO_TAG_HR,     GUMBO_TAG_I,          GUMBO_TAG_IMG,  GUMBO_TAG_LI,
       GUMBO_TAG_LISTING, GUMBO_TAG_MENU,   GUMBO_TAG_META,       GUMBO_TAG_NOBR, GUMBO_TAG_OL,
       GUMBO_TAG_P,       GUMBO_TAG_PRE,    GUMBO_TAG_RUBY,       GUMBO_TAG_S,    GUMBO_TAG_SMALL,
       GUMBO_TAG_SPAN,    GUMBO_TAG_STRONG, GUMBO_TAG_STRIKE,     GUMBO_TAG_SUB,  GUMBO_TAG_SUP,
       GUMBO_TAG_TABLE,   GUMBO_TAG_TT,     GUMBO_TAG_U,          GUMBO_TAG_UL,   GUMBO_TAG_VAR});
  set(table, &HtmlRule::is_head_part, true,
      {GUMBO_TAG_BASE, GUMBO_TAG_BASEFONT, GUMBO_TAG_BGSOUND, GUMBO_TAG_LINK, GUMBO_TAG_META,
       GUMBO_TAG_NOFRAMES, GUMBO_TAG_SCRIPT, GUMBO_TAG_STYLE, GUMBO_TAG_TITLE});
}

constexpr Table make_table() {
  Table table{};
  set_all_starts(table);
  set_all_ends(table);
  for (auto& rule : table) {
    using Start = HtmlRule::Start;
    const Start start = rule.start;
    rule.end_closes_all = start == Start::block || start == Start::button;
    rule.is_special = start != Start::other && start != Start::formatting && start != Start::nobr &&
                      start != Start::anchor && start != Start::option && start != Start::ruby &&
                      start != Start::foreign;
  }
  for (const GumboTag tag : {GUMBO_TAG_NOSCRIPT}) table[tag].is_special = true;
  for (const GumboTag tag :
       {GUMBO_TAG_MAIN, GUMBO_TAG_IMAGE, GUMBO_TAG_KEYGEN, GUMBO_TAG_SOURCE, GUMBO_TAG_TRACK})
    table[tag].is_special = false;
  table[GUMBO_TAG_P].end_closes_all = false;
  return table;
}

inline constexpr Table kTable = make_table();

}  // namespace html_rules

/// The tag of that name, in any case: gumbo_tagn_enum() in a third of its time, since every tag of a page is
/// asked for.
[[nodiscard]] GumboTag tag_of(std::string_view name) noexcept;

[[nodiscard]] inline const HtmlRule& html_rule(GumboTag tag) noexcept { return html_rules::kTable[tag]; }

}  // namespace leat::pipelines
