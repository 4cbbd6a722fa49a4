#include "pipelines/extract/tag_finder.hpp"

#include <algorithm>
#include <utility>

#include "engine/text/ascii.hpp"
#include "pipelines/extract/attribute_value.hpp"
#include "pipelines/extract/html_nesting.hpp"
#include "pipelines/extract/html_rules.hpp"
#include "pipelines/extract/markup_text.hpp"

namespace leat::pipelines {

namespace {

// <image> is written for <img>.
GumboTag element_of(const HtmlTag& tag) noexcept {
  return tag.id == GUMBO_TAG_IMAGE ? GUMBO_TAG_IMG : tag.id;
}

// A name in a page that holds something else may be another one in the tree.
bool is_plain_name(std::string_view name) noexcept {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return text::is_alphanumeric(c) || c == '-' || c == '_' || c == ':' || c == '.';
  });
}

bool asks_for_a_tag(const Selector::Simple& simple) noexcept {
  const bool has_kind = simple.kind == Selector::Kind::type || simple.kind == Selector::Kind::attribute;
  return has_kind && is_plain_name(simple.name);
}

}  // namespace

std::optional<TagFinder> TagFinder::make(const Selector& selector, std::string_view attribute) {
  if (attribute.empty() || !is_plain_name(attribute)) return std::nullopt;
  TagFinder finder;
  finder.attribute_ = text::to_lower(attribute);
  for (const auto& compound : selector.compounds) {
    if (compound.before != Selector::Combinator::none) return std::nullopt;
    if (!std::all_of(compound.all.begin(), compound.all.end(), asks_for_a_tag)) return std::nullopt;
    auto& conditions = finder.compounds_.emplace_back();
    for (const auto& simple : compound.all) {
      Condition condition{simple, tag_of(simple.name), text::to_lower(simple.name)};
      if (simple.any_case) condition.simple.value = text::to_lower(simple.value);
      conditions.push_back(std::move(condition));
    }
    finder.note_meant(conditions);
  }
  return finder;
}

void TagFinder::note_meant(const std::vector<Condition>& conditions) noexcept {
  const auto type = std::find_if(conditions.begin(), conditions.end(), [](const Condition& condition) {
    return condition.simple.kind == Selector::Kind::type && !condition.simple.negated;
  });
  if (type == conditions.end()) {
    for (Meant& meant : meant_) meant = std::max(meant, Meant::perhaps);
    return;
  }
  const bool is_all = conditions.size() == 1 && type->tag != GUMBO_TAG_UNKNOWN;
  meant_[type->tag] = std::max(meant_[type->tag], is_all ? Meant::yes : Meant::perhaps);
}

std::optional<TagFinder::Page> TagFinder::find(std::string_view utf8) const {
  if (utf8.find('\0') != utf8.npos) return std::nullopt;
  Page page;
  page.found.reserve(64);
  HtmlTokens tokens(utf8);
  HtmlNesting nesting;
  for (;;) {
    const auto kind = tokens.next(nesting.is_in_foreign());
    if (kind == HtmlTokens::Kind::end) return page;
    const HtmlTag& tag = tokens.tag();
    if (kind == HtmlTokens::Kind::text) {
      if (!nesting.text(tokens.text())) return std::nullopt;
    } else if (kind == HtmlTokens::Kind::nameless ||
               (tag.id == GUMBO_TAG_UNKNOWN && !is_plain_name(tag.name))) {
      return std::nullopt;  // behind a "</>", gumbo 0.10.1 takes a tag for another one
    } else if (kind == HtmlTokens::Kind::end_tag) {
      if (!nesting.end(tag)) return std::nullopt;
    } else if (tag.repeats) {
      return std::nullopt;  // gumbo 0.10.1 loses the next attribute
    } else {
      const auto started = nesting.start(tag);
      const bool is_foreign = started.what == HtmlNesting::Becomes::foreign;
      if (started.what == HtmlNesting::Becomes::lost || (is_foreign && could_match(tag))) return std::nullopt;
      if (started.what == HtmlNesting::Becomes::element) {
        const Element element{tag, element_of(tag)};
        if (element.name == GUMBO_TAG_BASE) note_base(page, tag);
        if (meant_[element.name] != Meant::no && take(page, element)) nesting.note_found();
      }
      if (started.then != HtmlText::markup) tokens.skip_text(started.then);
    }
  }
}

std::string_view TagFinder::value_of(Page& page, const HtmlAttribute& attribute) {
  std::string scratch;
  const std::string_view value = attribute_value(attribute.value, scratch);
  if (value.empty()) return {};
  if (value.data() != scratch.data()) return value;
  return page.values.emplace_back(std::move(scratch));
}

void TagFinder::note_base(Page& page, const HtmlTag& tag) {
  const auto* href = page.base ? nullptr : tag.find("href");
  if (href != nullptr) page.base = value_of(page, *href);
}

// False: it is not meant.
bool TagFinder::take(Page& page, const Element& element) const {
  const auto* attribute = element.tag.find(attribute_);
  if (attribute == nullptr || !matches(element)) return false;
  Found& found = page.found.emplace_back();
  found.element =
      element.name == GUMBO_TAG_UNKNOWN ? element.tag.name : gumbo_normalized_tagname(element.name);
  found.value = value_of(page, *attribute);
  if (element.name != GUMBO_TAG_META || attribute_ != "content") return true;
  const auto* says = element.tag.find("http-equiv");
  std::string scratch;
  found.is_refresh =
      says != nullptr && text::equal_ignoring_case(attribute_value(says->value, scratch), "refresh");
  return true;
}

bool TagFinder::matches(const Element& element) const {
  if (meant_[element.name] == Meant::yes) return true;
  return std::any_of(compounds_.begin(), compounds_.end(), [&](const auto& conditions) {
    return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& condition) {
      return holds(condition, element) != condition.simple.negated;
    });
  });
}

bool TagFinder::holds(const Condition& condition, const Element& element) {
  const auto& simple = condition.simple;
  if (simple.kind == Selector::Kind::type) {
    if (element.name != GUMBO_TAG_UNKNOWN || condition.tag != GUMBO_TAG_UNKNOWN)
      return element.name == condition.tag;
    return text::equal_ignoring_case(element.tag.name, condition.name);
  }
  const auto* attribute = element.tag.find(condition.name);
  if (attribute == nullptr) return false;
  if (simple.op == Selector::Op::present) return true;
  std::string scratch;
  return value_matches(attribute_value(attribute->value, scratch), simple.op, simple.value, simple.any_case);
}

// In SVG and MathML names have another spelling, and attributes prefixes: these are the elements that match
// if spelling counts for nothing.
bool TagFinder::could_match(const HtmlTag& foreign) const {
  if (text::equal_ignoring_case(foreign.name, "base")) return true;
  if (foreign.find(attribute_) == nullptr) return false;
  return std::any_of(compounds_.begin(), compounds_.end(), [&](const auto& conditions) {
    return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& condition) {
      if (condition.simple.negated) return true;
      if (condition.simple.kind == Selector::Kind::attribute) return foreign.find(condition.name) != nullptr;
      return text::equal_ignoring_case(foreign.name, condition.name);
    });
  });
}

}  // namespace leat::pipelines
