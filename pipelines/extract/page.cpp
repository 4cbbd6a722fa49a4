#include "pipelines/extract/page.hpp"

#include <utility>
#include <variant>

#include "pipelines/extract/css_matcher.hpp"
#include "pipelines/extract/html_document.hpp"
#include "pipelines/extract/selector.hpp"

namespace leat::pipelines {

Page::Page(std::string_view body, std::string content_type, std::string url)
    : body_(body),
      content_type_(std::move(content_type)),
      url_(std::move(url)),
      markup_(markup_of(content_type_, body)) {}

std::string_view Page::text() {
  if (!utf8_) utf8_.emplace(body_, content_type_, markup_);
  return utf8_->text();
}

Result<const HtmlDocument*> Page::html() {
  if (!html_) html_.emplace(HtmlDocument::parse(text()));
  if (!*html_) return html_->error();
  return &html_->value();
}

const Result<XmlDocument>& Page::parse_xml(bool lenient) {
  if (!xml_[0]) xml_[0].emplace(XmlDocument::parse(text()));
  if (*xml_[0] || !lenient) return *xml_[0];
  if (!mended_) mended_.emplace(XmlDocument::parse(text(), true));
  return *mended_;
}

Result<const XmlDocument*> Page::xml(bool foreign, bool lenient) {
  if (markup_ == Markup::xml) {
    const auto& made = parse_xml(lenient);
    if (!made) return made.error();
    return &made.value();
  }
  auto& made = xml_[foreign ? 1 : 0];
  if (!made) {
    const auto page = html();
    if (!page) return page.error();
    made.emplace(XmlDocument::copy(*page.value(), foreign));
  }
  if (!*made) return made->error();
  return &made->value();
}

const http::BaseUrl& Page::base() {
  if (!base_) base_.emplace(find_base());
  return *base_;
}

const http::BaseUrl& Page::base(const std::optional<std::string_view>& href) {
  if (!base_) base_.emplace(href ? base_of(*href) : http::BaseUrl(url_));
  return *base_;
}

http::BaseUrl Page::base_of(std::string_view href) const {
  http::BaseUrl own(url_);
  http::BaseUrl named(own.resolve(href));
  return named.is_base() ? named : own;
}

http::BaseUrl Page::find_base() const {
  if (!html_ || !*html_) return http::BaseUrl(url_);
  static const CssMatcher<HtmlNodes> kBase(std::get<Selector>(parse_selector("base[href]")));
  const GumboNode* first = nullptr;
  kBase.for_each_match(html_->value().document(), [&](const GumboNode& node) {
    if (first == nullptr) first = &node;
  });
  return first == nullptr ? http::BaseUrl(url_) : base_of(find_attribute(first->v.element, "href")->value);
}

}  // namespace leat::pipelines
