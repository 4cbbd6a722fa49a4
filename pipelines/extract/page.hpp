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

/// A body as extractors see it: made UTF-8 and parsed when the first one asks, and kept for those that
/// follow.
///
/// The body outlives it and stays where it is. One thread at a time, which need not be the same.
class Page {
 public:
  /// `url`: that the body came from, url_effective.
  Page(std::string_view body, std::string content_type, std::string url);
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  [[nodiscard]] Markup markup() const noexcept { return markup_; }
  /// The body as UTF-8.
  [[nodiscard]] std::string_view text();
  /// Of HTML. filter_error: see HtmlDocument.
  [[nodiscard]] Result<const HtmlDocument*> html();
  /// Of XML what was read, of HTML a copy, with SVG's and MathML's namespaces if `foreign`. filter_error.
  [[nodiscard]] Result<const XmlDocument*> xml(bool foreign);
  /// What relative URLs stand against: <base href>, or its own URL. Found when it is first asked for.
  [[nodiscard]] const http::BaseUrl& base();

 private:
  [[nodiscard]] http::BaseUrl find_base() const;

  std::string_view body_;
  std::string content_type_;
  std::string url_;
  Markup markup_;
  std::optional<Utf8Body> utf8_;
  std::optional<Result<HtmlDocument>> html_;
  std::array<std::optional<Result<XmlDocument>>, 2> xml_;  // the second is the foreign one
  std::optional<http::BaseUrl> base_;
};

}  // namespace leat::pipelines
