#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "pipelines/extract/extractor.hpp"
#include "pipelines/extract/page.hpp"

namespace leat::pipelines {

/// Where the bodies of these tests come from, and as what type.
inline constexpr std::string_view kPageUrl = "http://h.example/dir/page?q=1";
inline constexpr std::string_view kHtml = "text/html; charset=utf-8";

/// A piece of a page, so many times.
inline std::string times(std::string_view piece, std::size_t count) {
  std::string text;
  text.reserve(piece.size() * count);
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

/// The array that an extractor gives for a body, "fault AT: …" for a text that doesn't compile, or "error:
/// …".
inline std::string extracted(const Extractor::What& what, std::string_view body,
                             std::string_view type = kHtml, std::string_view url = kPageUrl) {
  const auto made = Extractor::compile(what);
  if (const auto* fault = std::get_if<TextFault>(&made)) {
    return "fault " + std::to_string(fault->offset) + ": " + fault->message;
  }
  Page page(body, std::string(type), std::string(url));
  auto array = std::get<Extractor>(made).extract(page);
  return array ? array.value() : "error: " + array.error().message;
}

inline std::string by_css(std::string_view body, std::string css, std::string attr = "",
                          bool markup = false) {
  return extracted({{Extractor::Language::css, std::move(css), std::move(attr), markup}}, body);
}
inline std::string by_xpath(std::string_view body, std::string xpath, std::string attr = "",
                            bool markup = false) {
  return extracted({{Extractor::Language::xpath, std::move(xpath), std::move(attr), markup}}, body);
}
inline std::string by_regex(std::string_view body, std::string regex) {
  return extracted({{Extractor::Language::regex, std::move(regex), "", false}}, body);
}

}  // namespace leat::pipelines
