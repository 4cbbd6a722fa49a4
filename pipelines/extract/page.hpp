#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "engine/http/message/base_url.hpp"
#include "pipelines/extract/charset.hpp"
#include "pipelines/extract/html_document.hpp"
#include "pipelines/extract/xml_document.hpp"

namespace leat::pipelines {

/// A body as extractors see it. It is made UTF-8 and parsed when the first extractor asks, and kept for the
/// next.
///
/// The body outlives it and stays where it is. One thread at a time, which need not be the same.
class Page {
 public:
  /// `url` is the one that the body came from, url_effective.
  Page(std::string_view body, std::string content_type, std::string url);
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  [[nodiscard]] Markup markup() const noexcept { return markup_; }
  /// The body as UTF-8.
  [[nodiscard]] std::string_view text();
  /// The tree of an HTML body. filter_error: see HtmlDocument.
  [[nodiscard]] Result<const HtmlDocument*> html();
  /// The tree of an XML body, which need not be well-formed if `lenient`; or a copy of an HTML body's, with
  /// SVG's and MathML's namespaces if `foreign`. filter_error.
  [[nodiscard]] Result<const XmlDocument*> xml(bool foreign, bool lenient = false);
  [[nodiscard]] bool has_tree() const noexcept { return html_.has_value(); }
  /// What relative URLs are resolved against: <base href>, or else the body's own URL. It is found when it
  /// is first asked for.
  [[nodiscard]] const http::BaseUrl& base();
  /// The same where there is no tree, and somebody has found what the first <base> says.
  [[nodiscard]] const http::BaseUrl& base(const std::optional<std::string_view>& href);

 private:
  [[nodiscard]] const Result<XmlDocument>& parse_xml(bool lenient);
  [[nodiscard]] http::BaseUrl find_base() const;
  [[nodiscard]] http::BaseUrl base_of(std::string_view href) const;

  std::string_view body_;
  std::string content_type_;
  std::string url_;
  Markup markup_;
  std::optional<Utf8Body> utf8_;
  std::optional<Result<HtmlDocument>> html_;
  std::array<std::optional<Result<XmlDocument>>, 2> xml_;  // the second is the foreign one
  std::optional<Result<XmlDocument>> mended_;              // where xml_ is not well-formed
  std::optional<http::BaseUrl> base_;
};

}  // namespace leat::pipelines
