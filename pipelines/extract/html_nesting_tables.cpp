#include <string>

#include "engine/text/ascii.hpp"
#include "pipelines/extract/attribute_value.hpp"
#include "pipelines/extract/html_nesting.hpp"

// The modes in which a table or a select is read (WHATWG HTML, 13.2.6.4.9 to 13.2.6.4.17).

namespace leat::pipelines {

namespace {

bool is_rows(GumboTag name) noexcept {
  return name == GUMBO_TAG_TBODY || name == GUMBO_TAG_TFOOT || name == GUMBO_TAG_THEAD;
}
bool is_cell(GumboTag name) noexcept { return name == GUMBO_TAG_TD || name == GUMBO_TAG_TH; }
bool is_columns(GumboTag name) noexcept { return name == GUMBO_TAG_COL || name == GUMBO_TAG_COLGROUP; }
// What stands in a table beside its rows, or around them.
bool is_beside_rows(GumboTag name) noexcept {
  return is_rows(name) || is_columns(name) || name == GUMBO_TAG_CAPTION;
}
// The parts of a table, and the ends of a page, which no end tag closes from elsewhere.
bool is_part(GumboTag name) noexcept {
  return is_beside_rows(name) || is_cell(name) || name == GUMBO_TAG_TR || name == GUMBO_TAG_BODY ||
         name == GUMBO_TAG_HTML;
}

bool is_hidden(const HtmlTag& tag) {
  const HtmlAttribute* type = tag.find("type");
  std::string scratch;
  return type != nullptr && text::equal_ignoring_case(attribute_value(type->value, scratch), "hidden");
}

}  // namespace

HtmlNesting::Started HtmlNesting::start_in_table(const HtmlTag& tag, GumboTag name, bool& again) {
  switch (name) {
    case GUMBO_TAG_TABLE:
      open_.close(GUMBO_TAG_TABLE);
      reset_mode();
      again = true;
      return kNothing;
    case GUMBO_TAG_STYLE:
      return {Becomes::element, HtmlText::raw};
    case GUMBO_TAG_SCRIPT:
      return {Becomes::element, HtmlText::script};
    case GUMBO_TAG_INPUT:
      return is_hidden(tag) ? kElement : kLost;
    case GUMBO_TAG_FORM:
      if (form_ != 0) return kNothing;
      form_ = open_.push(name);
      open_.pop();
      return kElement;
    default:
      return start_table_part(name, again);
  }
}

// Anything else is moved out of the table.
HtmlNesting::Started HtmlNesting::start_table_part(GumboTag name, bool& again) {
  if (!is_part(name) || name == GUMBO_TAG_BODY || name == GUMBO_TAG_HTML) return kLost;
  open_.clear_to({GUMBO_TAG_TABLE});
  if (name == GUMBO_TAG_CAPTION) {
    open_.add_marker();
    mode_ = Mode::caption;
  } else {
    mode_ = is_columns(name) ? Mode::columns : Mode::rows;
    again = name == GUMBO_TAG_COL || is_cell(name) || name == GUMBO_TAG_TR;
  }
  open_.push(!again ? name : name == GUMBO_TAG_COL ? GUMBO_TAG_COLGROUP : GUMBO_TAG_TBODY);
  return kElement;
}

HtmlNesting::Started HtmlNesting::start_in_columns(GumboTag name, bool& again) {
  if (name == GUMBO_TAG_COL) return kElement;
  if (name == GUMBO_TAG_HTML || name == GUMBO_TAG_TEMPLATE) return kLost;
  open_.pop();
  mode_ = Mode::table;
  again = true;
  return kNothing;
}

HtmlNesting::Started HtmlNesting::start_in_rows(const HtmlTag& tag, GumboTag name, bool& again) {
  if (is_cell(name) || name == GUMBO_TAG_TR) {
    open_.clear_to({GUMBO_TAG_TBODY, GUMBO_TAG_TFOOT, GUMBO_TAG_THEAD});
    open_.push(GUMBO_TAG_TR);
    mode_ = Mode::row;
    again = is_cell(name);
    return kElement;
  }
  if (!is_beside_rows(name)) return start_in_table(tag, name, again);
  leave_rows();
  again = true;
  return kNothing;
}

HtmlNesting::Started HtmlNesting::start_in_row(const HtmlTag& tag, GumboTag name, bool& again) {
  if (is_cell(name)) {
    open_.clear_to({GUMBO_TAG_TR});
    open_.push(name);
    open_.add_marker();
    mode_ = Mode::cell;
    return kElement;
  }
  if (!is_beside_rows(name) && name != GUMBO_TAG_TR) return start_in_table(tag, name, again);
  leave_row();
  again = true;
  return kNothing;
}

HtmlNesting::Started HtmlNesting::start_in_select(GumboTag name, bool& again) {
  if (mode_ == Mode::select_in_table && (is_rows(name) || is_cell(name) || name == GUMBO_TAG_CAPTION ||
                                         name == GUMBO_TAG_TABLE || name == GUMBO_TAG_TR)) {
    leave_select();
    again = true;
    return kNothing;
  }
  switch (name) {
    case GUMBO_TAG_OPTION:
    case GUMBO_TAG_OPTGROUP:
      if (open_.top() == GUMBO_TAG_OPTION) open_.pop();
      if (open_.top() == GUMBO_TAG_OPTGROUP && name == GUMBO_TAG_OPTGROUP) open_.pop();
      open_.push(name);
      return kElement;
    case GUMBO_TAG_SELECT:
      leave_select();
      return kNothing;
    case GUMBO_TAG_INPUT:
    case GUMBO_TAG_KEYGEN:
    case GUMBO_TAG_TEXTAREA:
      leave_select();
      again = true;
      return kNothing;
    case GUMBO_TAG_SCRIPT:
      return {Becomes::element, HtmlText::script};
    case GUMBO_TAG_HTML:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_HR:  // an element since 2023; gumbo 0.10 leaves it out, 0.13 doesn't
      return kLost;
    default:
      return kNothing;
  }
}

bool HtmlNesting::end_in_select(GumboTag name, bool& again) {
  const bool is_tables = is_rows(name) || is_cell(name) || name == GUMBO_TAG_CAPTION ||
                         name == GUMBO_TAG_TABLE || name == GUMBO_TAG_TR;
  if (mode_ == Mode::select_in_table && is_tables) {
    again = open_.has_in(HtmlRule::in_table, name);
    if (again) leave_select();
  } else if (name == GUMBO_TAG_OPTGROUP) {
    if (open_.top() == GUMBO_TAG_OPTION && open_.below_top() == GUMBO_TAG_OPTGROUP) open_.pop();
    if (open_.top() == GUMBO_TAG_OPTGROUP) open_.pop();
  } else if (name == GUMBO_TAG_OPTION) {
    if (open_.top() == GUMBO_TAG_OPTION) open_.pop();
  } else if (name == GUMBO_TAG_SELECT) {
    leave_select();
  }
  return true;
}

bool HtmlNesting::end_in_cell(GumboTag name, bool& again) {
  if (is_cell(name)) {
    if (open_.has_in(HtmlRule::in_table, name)) leave_cell();
    return true;
  }
  if (is_rows(name) || name == GUMBO_TAG_TABLE || name == GUMBO_TAG_TR) {
    again = open_.has_in(HtmlRule::in_table, name);
    if (again) leave_cell();
    return true;
  }
  return is_part(name) || end_in_body(name);
}

bool HtmlNesting::end_in_caption(GumboTag name, bool& again) {
  again = name == GUMBO_TAG_TABLE;
  if (again || name == GUMBO_TAG_CAPTION) {
    leave_caption();
    return true;
  }
  return is_part(name) || end_in_body(name);
}

bool HtmlNesting::end_in_columns(GumboTag name, bool& again) {
  if (name == GUMBO_TAG_COL || name == GUMBO_TAG_TEMPLATE) return true;
  open_.pop();
  mode_ = Mode::table;
  again = name != GUMBO_TAG_COLGROUP;
  return true;
}

// Of a table, its rows and one row.
bool HtmlNesting::end_in_table(GumboTag name, bool& again) {
  if (name == GUMBO_TAG_TABLE) {
    again = mode_ != Mode::table;
    if (mode_ == Mode::row) {
      leave_row();
    } else if (mode_ == Mode::rows) {
      leave_rows();
    } else {
      open_.close(GUMBO_TAG_TABLE);
      reset_mode();
    }
  } else if (mode_ == Mode::row && name == GUMBO_TAG_TR) {
    leave_row();
  } else if (mode_ != Mode::table && is_rows(name)) {
    if (!open_.has_in(HtmlRule::in_table, name)) return true;
    again = mode_ == Mode::row;
    again ? leave_row() : leave_rows();
  } else if (name == GUMBO_TAG_BR) {
    return !open_.needs_formatting();
  } else if (!is_part(name)) {
    return end_in_body(name);
  }
  return true;
}

void HtmlNesting::leave_select() {
  open_.close(GUMBO_TAG_SELECT);
  reset_mode();
}

void HtmlNesting::leave_cell() {
  const bool is_data = open_.has_in(HtmlRule::in_table, GUMBO_TAG_TD);
  open_.close(is_data ? GUMBO_TAG_TD : GUMBO_TAG_TH);
  open_.clear_to_marker();
  mode_ = Mode::row;
}

void HtmlNesting::leave_caption() {
  open_.close(GUMBO_TAG_CAPTION);
  open_.clear_to_marker();
  mode_ = Mode::table;
}

void HtmlNesting::leave_row() noexcept {
  open_.clear_to({GUMBO_TAG_TR});
  open_.pop();
  mode_ = Mode::rows;
}

void HtmlNesting::leave_rows() noexcept {
  open_.clear_to({GUMBO_TAG_TBODY, GUMBO_TAG_TFOOT, GUMBO_TAG_THEAD});
  open_.pop();
  mode_ = Mode::table;
}

// 13.2.4.1; no select is open here.
void HtmlNesting::reset_mode() noexcept {
  const GumboTag name =
      open_.nearest({GUMBO_TAG_TD, GUMBO_TAG_TH, GUMBO_TAG_TR, GUMBO_TAG_TBODY, GUMBO_TAG_TFOOT,
                     GUMBO_TAG_THEAD, GUMBO_TAG_CAPTION, GUMBO_TAG_COLGROUP, GUMBO_TAG_TABLE});
  mode_ = is_cell(name)                ? Mode::cell
          : name == GUMBO_TAG_TR       ? Mode::row
          : is_rows(name)              ? Mode::rows
          : name == GUMBO_TAG_CAPTION  ? Mode::caption
          : name == GUMBO_TAG_COLGROUP ? Mode::columns
          : name == GUMBO_TAG_TABLE    ? Mode::table
                                       : Mode::body;
}

}  // namespace leat::pipelines
