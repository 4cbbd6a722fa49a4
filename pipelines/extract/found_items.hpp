#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "engine/http/message/base_url.hpp"
#include "engine/text/ascii.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/extract/links.hpp"
#include "pipelines/extract/page.hpp"

namespace leat::pipelines {

/// A JSON array of finds that grows.
class FoundItems {
 public:
  std::string& next() {
    if (text_.size() > 1) {
      if (first_end_ == 0) first_end_ = text_.size();
      text_ += ',';
    }
    return text_;
  }
  void string(std::string_view text) { append_json_text(next(), text); }
  /// The URL that a reference means.
  void url(std::string_view reference, const http::BaseUrl& base) {
    std::string& text = next();
    text += '"';
    if (base.append_plain(text, reference)) {
      text += '"';
    } else {
      text.pop_back();
      append_json_text(text, base.resolve(reference));
    }
  }
  [[nodiscard]] bool empty() const noexcept { return text_.size() == 1; }
  /// The first item; null if there is none.
  [[nodiscard]] std::string first() const {
    return empty() ? "null" : text_.substr(1, first_end_ == 0 ? text_.npos : first_end_ - 1);
  }
  [[nodiscard]] std::string take() && {
    text_ += ']';
    return std::move(text_);
  }

 private:
  std::string text_ = "[";
  std::size_t first_end_ = 0;  // 0: there is at most one
};

/// Adds an attribute's value, or the URLs that it holds.
inline void add_value(FoundItems& items, UrlForm form, std::string_view value, const http::BaseUrl& base) {
  if (form == UrlForm::none) return items.string(value);
  if (form == UrlForm::one) return items.url(value, base);
  for (const std::string& url : urls_in(value, form, base)) items.string(url);
}

/// The same of an element of a tree.
template <class Tree>
void add_attribute(FoundItems& items, Page& page, const typename Tree::Node& element, std::string_view name,
                   std::string_view value) {
  static const auto kHttpEquiv = Tree::attribute_name("http-equiv");
  const std::string tag = text::to_lower(Tree::name(element));
  const bool is_refresh =
      tag == "meta" && text::to_lower(Tree::attribute(element, kHttpEquiv).value_or("")) == "refresh";
  const UrlForm form = url_form(tag, name, is_refresh);
  if (form == UrlForm::none) return items.string(value);  // which needs no base
  add_value(items, form, value, page.base());
}

/// What an extractor takes of an element of a tree (HtmlNodes, XmlNodes).
template <class Tree>
class Taker {
 public:
  Taker(std::string_view attr, bool markup)
      : attr_(Tree::attribute_name(attr)), lower_(text::to_lower(attr)), markup_(markup) {}

  void take(FoundItems& items, Page& page, const typename Tree::Node& element) const {
    if (lower_.empty()) return items.string(markup_ ? Tree::markup(element) : Tree::text(element));
    if (const auto value = Tree::attribute(element, attr_)) {
      add_attribute<Tree>(items, page, element, lower_, *value);
    }
  }

  [[nodiscard]] bool wants_attribute() const noexcept { return !lower_.empty(); }

 private:
  typename Tree::AttributeName attr_;
  std::string lower_;
  bool markup_;
};

}  // namespace leat::pipelines
