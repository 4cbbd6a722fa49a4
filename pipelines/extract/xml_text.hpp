#pragma once

#include <libxml/xmlstring.h>

#include <string>
#include <string_view>

namespace leat::pipelines {

/// A text as libxml2 takes it, its char being unsigned.
[[nodiscard]] inline const xmlChar* xml_text(const char* text) noexcept {
  return reinterpret_cast<const xmlChar*>(text);
}
[[nodiscard]] inline const xmlChar* xml_text(const std::string& text) noexcept {
  return xml_text(text.c_str());
}

/// A text that libxml2 has, null being empty.
[[nodiscard]] inline std::string_view text_of(const xmlChar* text) noexcept {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

/// Namespaces that a page has without declaring them.
inline constexpr const char* kSvg = "http://www.w3.org/2000/svg";
inline constexpr const char* kMath = "http://www.w3.org/1998/Math/MathML";
inline constexpr const char* kXlink = "http://www.w3.org/1999/xlink";

}  // namespace leat::pipelines
