#pragma once

#include <string>
#include <string_view>

#include "engine/text/ascii.hpp"
#include "pipelines/extract/markup_text.hpp"
#include "pipelines/extract/selector.hpp"

namespace leat::pipelines {

/// Translates a selector to XPath 1.0 over the copy of an HTML page: this is the model that CssMatcher is
/// compared with. XPath 1.0 can't express -of-type without a name.
class CssAsXpath {
 public:
  explicit CssAsXpath(const Selector& selector) {
    for (const auto& compound : selector.compounds) add(compound);
  }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  using Simple = Selector::Simple;

  void add(const Selector::Compound& compound) {
    switch (compound.before) {
      case Selector::Combinator::none:
        text_ += text_.empty() ? "//*" : " | //*";
        break;
      case Selector::Combinator::descendant:
        text_ += "//*";
        break;
      case Selector::Combinator::child:
        text_ += "/*";
        break;
      case Selector::Combinator::adjacent:
        text_ += "/following-sibling::*[1]";
        break;
      case Selector::Combinator::sibling:
        text_ += "/following-sibling::*";
        break;
    }
    std::string name = "*";
    for (const Simple& simple : compound.all) {
      if (simple.kind == Selector::Kind::type && !simple.negated) name = simple.name;
    }
    for (const Simple& simple : compound.all) {
      const std::string test = condition(simple, name);
      text_ += simple.negated ? "[not(" + test + ")]" : "[" + test + "]";
    }
  }

  // Only names of the page's SVG contain capitals.
  static std::string type(const std::string& name) {
    const std::string in_svg = "ancestor-or-self::svg";
    return "((" + in_svg + ") and self::" + name + ") or (not(" + in_svg +
           ") and self::" + text::to_lower(name) + ")";
  }

  static std::string literal(const std::string& text) { return "'" + text + "'"; }

  static std::string attribute(const Simple& simple) {
    std::string is = simple.name.find(':') == std::string::npos
                         ? "@*[name() = " + literal(simple.name) +
                               " or (name() = " + literal(text::to_lower(simple.name)) +
                               " and not(ancestor::svg))]"
                         : "@*[name() = " + literal(simple.name) + "]";
    std::string wanted = literal(simple.value);
    const std::string exists = "boolean(" + is + ")";
    if (simple.any_case) {
      is = "translate(" + is + ", 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')";
      wanted = literal(text::to_lower(simple.value));
    }
    const std::string some = simple.value.empty() ? "false()" : "true()";
    const std::string length = "string-length(" + wanted + ")";
    switch (simple.op) {
      case Selector::Op::present:
        return exists;
      case Selector::Op::equals:
        return exists + " and " + is + " = " + wanted;
      case Selector::Op::word:
        if (simple.value.find(' ') != std::string::npos || simple.value.empty()) return "false()";
        return "contains(concat(' ', normalize-space(" + is + "), ' '), concat(' ', " + wanted + ", ' '))";
      case Selector::Op::dash:
        return exists + " and (" + is + " = " + wanted + " or starts-with(" + is + ", concat(" + wanted +
               ", '-')))";
      case Selector::Op::prefix:
        return some + " and starts-with(" + is + ", " + wanted + ")";
      case Selector::Op::substring:
        return some + " and contains(" + is + ", " + wanted + ")";
      case Selector::Op::suffix:
        return some + " and substring(" + is + ", string-length(" + is + ") - " + length +
               " + 1) = " + wanted + " and string-length(" + is + ") >= " + length;
    }
    return "false()";
  }

  static std::string position(const Simple& simple, const std::string& name) {
    const std::string axis = simple.from_end ? "following-sibling::" : "preceding-sibling::";
    const std::string place =
        "(count(" + axis + (simple.of_type ? name : "*") + ") + 1 - (" + std::to_string(simple.offset) + "))";
    if (simple.step == 0) return place + " = 0";
    const std::string step = std::to_string(simple.step);
    return place + " mod " + step + " = 0 and " + place + " div " + step + " >= 0";
  }

  static std::string condition(const Simple& simple, const std::string& name) {
    switch (simple.kind) {
      case Selector::Kind::type:
        return type(simple.name);
      case Selector::Kind::attribute:
        return attribute(simple);
      case Selector::Kind::position:
        return position(simple, name);
      case Selector::Kind::only: {
        const std::string of = simple.of_type ? name : "*";
        return "not(preceding-sibling::" + of + ") and not(following-sibling::" + of + ")";
      }
      case Selector::Kind::empty:
        return "not(*) and not(text())";
      case Selector::Kind::root:
        return "not(parent::*)";
    }
    return "false()";
  }

  std::string text_;
};

inline std::string css_as_xpath(const Selector& selector) { return CssAsXpath(selector).text(); }

}  // namespace leat::pipelines
