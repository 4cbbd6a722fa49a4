#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/message/base_url.hpp"

namespace leat::pipelines {

/// How an attribute's value holds URLs.
enum class UrlForm : std::uint8_t {
  none,        // it holds none
  one,         // href
  candidates,  // srcset: a URL and what it is for, more of them behind commas
  words,       // ping: separated by blanks
  refresh,     // content of <meta http-equiv=refresh>: a time, and url=…
};

/// What HTML, SVG and XML say of an element's attribute. Both names are in lower case, the attribute's with
/// its prefix. `is_refresh` says that the element is a meta whose http-equiv is "refresh".
[[nodiscard]] UrlForm url_form(std::string_view element, std::string_view attribute,
                               bool is_refresh) noexcept;

/// The URLs in an attribute's value, made absolute: image candidates without their widths or densities, a
/// refresh without its time, and none if the refresh names no URL. For UrlForm::none the value as it is.
[[nodiscard]] std::vector<std::string> urls_in(std::string_view value, UrlForm form,
                                               const http::BaseUrl& base);

}  // namespace leat::pipelines
