#include "pipelines/extract/html_nesting.hpp"

#include <algorithm>
#include <utility>

#include "pipelines/extract/markup_text.hpp"

namespace leat::pipelines {

using Start = HtmlRule::Start;

namespace {

// A second <html> or <body> has no element, but its attributes go to the first one's.
HtmlNesting::Started merged(const HtmlTag& tag) noexcept {
  return tag.attributes.empty() ? HtmlNesting::kNothing : HtmlNesting::kLost;
}

HtmlNesting::Started text_element(Start start) noexcept {
  HtmlNesting::Started element;
  if (start == Start::script) element.then = HtmlText::script;
  if (start == Start::raw) element.then = HtmlText::raw;
  return element;
}

std::string_view from_first_letter(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(kHtmlBlanks), text.size()));
  return text;
}

}  // namespace

HtmlNesting::Started HtmlNesting::start(const HtmlTag& tag) {
  const GumboTag name = tag.id;
  for (;;) {
    bool again = false;
    Started started;
    if (is_in_foreign()) {
      started = start_foreign(tag, name);
    } else {
      switch (mode_) {
        case Mode::before:
        case Mode::head:
        case Mode::head_noscript:
        case Mode::after_head:
          started = start_in_head(tag, name, again);
          break;
        case Mode::table:
          started = start_in_table(tag, name, again);
          break;
        case Mode::columns:
          started = start_in_columns(name, again);
          break;
        case Mode::rows:
          started = start_in_rows(tag, name, again);
          break;
        case Mode::row:
          started = start_in_row(tag, name, again);
          break;
        case Mode::select:
        case Mode::select_in_table:
          started = start_in_select(name, again);
          break;
        case Mode::body:
        case Mode::cell:
        case Mode::caption:
          started = start_in_body(tag, name, again);
          break;
      }
    }
    if (again) continue;
    return open_.is_full() ? kLost : started;
  }
}

HtmlNesting::Started HtmlNesting::start_in_head(const HtmlTag& tag, GumboTag name, bool& again) {
  if (name == GUMBO_TAG_HTML) {
    const bool is_first = !has_html_;
    has_html_ = true;
    return is_first ? kElement : merged(tag);
  }
  has_html_ = true;
  if (name == GUMBO_TAG_FRAMESET || name == GUMBO_TAG_TEMPLATE) return kLost;
  if (mode_ == Mode::head_noscript) return start_in_noscript(name, again);
  if (name == GUMBO_TAG_HEAD) {
    if (mode_ != Mode::before) return kNothing;
    mode_ = Mode::head;
    return kElement;
  }
  if (mode_ == Mode::before) mode_ = Mode::head;
  if (html_rule(name).is_head_part) return text_element(html_rule(name).start);
  if (mode_ == Mode::head && name == GUMBO_TAG_MENUITEM) return kElement;
  if (mode_ == Mode::head && name == GUMBO_TAG_NOSCRIPT) {
    mode_ = Mode::head_noscript;
    return kElement;
  }
  return open_body(name, again);
}

HtmlNesting::Started HtmlNesting::start_in_noscript(GumboTag name, bool& again) {
  switch (name) {
    case GUMBO_TAG_BASEFONT:
    case GUMBO_TAG_BGSOUND:
    case GUMBO_TAG_LINK:
    case GUMBO_TAG_META:
    case GUMBO_TAG_NOFRAMES:
    case GUMBO_TAG_STYLE:
      return text_element(html_rule(name).start);
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_NOSCRIPT:
      return kNothing;
    default:
      mode_ = Mode::head;
      again = true;
      return kNothing;
  }
}

HtmlNesting::Started HtmlNesting::open_body(GumboTag name, bool& again) noexcept {
  mode_ = Mode::body;
  again = name != GUMBO_TAG_BODY;
  return kElement;
}

// 13.2.6.4.7, and the table's parts that end a cell or a caption.
HtmlNesting::Started HtmlNesting::start_in_body(const HtmlTag& tag, GumboTag name, bool& again) {
  const Start start = html_rule(name).start;
  switch (start) {
    case Start::in_head:
    case Start::part:
      return kElement;
    case Start::raw:
    case Start::script:
      return text_element(start);
    case Start::nothing:
      if (name == GUMBO_TAG_HEAD || name == GUMBO_TAG_FRAME || mode_ == Mode::body) return kNothing;
      mode_ == Mode::cell ? leave_cell() : leave_caption();
      again = true;
      return kNothing;
    case Start::elsewhere:
      return name == GUMBO_TAG_HTML || name == GUMBO_TAG_BODY ? merged(tag) : kLost;
    case Start::anchor:
    case Start::formatting:
    case Start::nobr:
      return start_formatting(name);
    case Start::foreign:
      return open_.open_formatting() ? start_foreign(tag, name) : kLost;
    default:
      return start_element(name);
  }
}

HtmlNesting::Started HtmlNesting::start_formatting(GumboTag name) {
  if (name == GUMBO_TAG_A && !open_.close_anchor()) return kLost;
  if (!open_.open_formatting()) return kLost;
  if (name == GUMBO_TAG_NOBR && open_.has_in(HtmlRule::usual, name) &&
      !(open_.end_formatting(name) && open_.open_formatting()))
    return kLost;
  return open_.push_formatting(name) ? kElement : kLost;
}

HtmlNesting::Started HtmlNesting::start_element(GumboTag name) {
  Started started = kElement;
  switch (html_rule(name).start) {
    case Start::rule:
      open_.close_paragraph();
      return kElement;
    case Start::single:
      return open_.open_formatting() ? kElement : kLost;
    case Start::raw_in:
      open_.close_paragraph();
      return open_.open_formatting() ? Started{Becomes::element, HtmlText::raw} : kLost;
    case Start::form:
      if (form_ != 0) return kNothing;
      open_.close_paragraph();
      form_ = open_.push(name);
      return kElement;
    case Start::table:
      // Whether the paragraph ends depends on the page's DOCTYPE.
      if (open_.has_in(HtmlRule::in_button, GUMBO_TAG_P)) return kLost;
      mode_ = Mode::table;
      break;
    case Start::heading:
      open_.close_paragraph();
      if (html_rule(open_.top()).start == Start::heading) open_.pop();
      break;
    case Start::item:
    case Start::term:
      open_.close_item(name != GUMBO_TAG_LI);
      open_.close_paragraph();
      break;
    case Start::plain:
      started.then = HtmlText::plaintext;
      [[fallthrough]];
    case Start::block:
      open_.close_paragraph();
      break;
    case Start::ruby:
      if (open_.has_in(HtmlRule::usual, GUMBO_TAG_RUBY))
        open_.close_implied(name == GUMBO_TAG_RT || name == GUMBO_TAG_RP ? GUMBO_TAG_RTC : GUMBO_TAG_LAST);
      break;
    case Start::button:
      if (open_.has_in(HtmlRule::usual, name)) open_.close(name);
      if (!open_.open_formatting()) return kLost;
      break;
    case Start::option:
      if (open_.top() == GUMBO_TAG_OPTION) open_.pop();
      if (!open_.open_formatting()) return kLost;
      break;
    case Start::select:
      if (!open_.open_formatting()) return kLost;
      mode_ = mode_ == Mode::body ? Mode::select : Mode::select_in_table;
      break;
    default:
      if (!open_.open_formatting()) return kLost;
      break;
  }
  open_.push(name);
  if (html_rule(name).start == Start::marked) open_.add_marker();
  return started;
}

HtmlNesting::Started HtmlNesting::start_foreign(const HtmlTag& tag, GumboTag name) {
  if (is_in_foreign() && (html_rule(name).leaves_foreign || open_.holds_html())) return kLost;
  if (!tag.is_self_closing) open_.push_foreign(tag.name);
  return {Becomes::foreign};
}

bool HtmlNesting::text_elsewhere(std::string_view text) {
  if (mode_ == Mode::select || mode_ == Mode::select_in_table) return true;
  if (mode_ == Mode::body || mode_ == Mode::cell || mode_ == Mode::caption) {
    return open_.is_foreign() ? !open_.needs_formatting() : open_.open_formatting();
  }
  text = from_first_letter(text);
  if (text.empty()) return true;
  // Which may be that of a blank: "&#32;", "&Tab;", "&NewLine;".
  const bool is_reference = text.front() == '&' && text.find_first_of("#TN", 1) == 1;
  if (mode_ < Mode::body) {
    mode_ = Mode::body;
    return !is_reference;
  }
  if (mode_ == Mode::columns) {
    if (is_reference) return false;
    open_.pop();
    mode_ = Mode::table;
  }
  return !open_.needs_formatting();
}

bool HtmlNesting::end(const HtmlTag& tag) {
  // gumbo 0.10.1 takes "</svg >" for another name than "</svg>".
  if (is_in_foreign()) return tag.is_bare && open_.end_foreign(tag.name);
  const GumboTag name = tag.id;
  for (;;) {
    bool again = false;
    bool is_known = true;
    switch (mode_) {
      case Mode::before:
      case Mode::head:
      case Mode::head_noscript:
      case Mode::after_head:
        end_in_head(name);
        break;
      case Mode::select:
      case Mode::select_in_table:
        is_known = end_in_select(name, again);
        break;
      case Mode::table:
      case Mode::rows:
      case Mode::row:
        is_known = end_in_table(name, again);
        break;
      case Mode::columns:
        is_known = end_in_columns(name, again);
        break;
      case Mode::cell:
        is_known = end_in_cell(name, again);
        break;
      case Mode::caption:
        is_known = end_in_caption(name, again);
        break;
      case Mode::body:
        is_known = end_in_body(name);
        break;
    }
    if (!again) return is_known;
  }
}

void HtmlNesting::end_in_head(GumboTag name) noexcept {
  const bool is_break = name == GUMBO_TAG_BR;
  if (is_break || ((name == GUMBO_TAG_BODY || name == GUMBO_TAG_HTML) && mode_ != Mode::head_noscript)) {
    has_html_ = true;
    mode_ = Mode::body;
  } else if (name == GUMBO_TAG_HEAD && (mode_ == Mode::before || mode_ == Mode::head)) {
    has_html_ = true;
    mode_ = Mode::after_head;
  } else if (name == GUMBO_TAG_NOSCRIPT && mode_ == Mode::head_noscript) {
    mode_ = Mode::head;
  }
}

bool HtmlNesting::end_in_body(GumboTag name) {
  const HtmlRule& rule = html_rule(name);
  switch (rule.start) {
    case Start::elsewhere:  // the body stays open for what stands behind it
      return true;
    case Start::anchor:
    case Start::formatting:
    case Start::nobr:
      return open_.end_formatting(name);
    case Start::form:
      return end_form();
    case Start::item:
      if (open_.has_in(HtmlRule::list, name)) open_.close(name);
      return true;
    case Start::term:
      if (open_.has_in(HtmlRule::usual, name)) open_.close(name);
      return true;
    case Start::heading:
      if (open_.has_heading()) open_.close_heading();
      return true;
    case Start::marked:
      if (!open_.has_in(HtmlRule::in_table, name)) return true;
      open_.close(name);
      open_.clear_to_marker();
      return true;
    default:
      break;
  }
  if (name == GUMBO_TAG_P) {
    open_.close_paragraph();
  } else if (name == GUMBO_TAG_BR) {
    return open_.open_formatting();
  } else if (!rule.end_closes_all) {
    open_.end_any(name);
  } else if (open_.has_in(HtmlRule::usual, name)) {
    open_.close(name);
  }
  return true;
}

bool HtmlNesting::end_form() {
  const std::uint32_t form = std::exchange(form_, 0);
  if (form == 0 || !open_.is_in_scope(form)) return true;
  open_.close_implied();
  open_.remove(form);
  return true;
}

}  // namespace leat::pipelines
