#pragma once

#include <string>
#include <string_view>

namespace leat::pipelines {

/// What an attribute's value means that is written like that (WHATWG HTML, 13.2.5.36 to 13.2.5.38 and
/// 13.2.5.72 to 13.2.5.84): character references are resolved by the rules for attributes, by which "&copy=1"
/// holds none, and CR LF is LF. Control characters and noncharacters become U+FFFD, as with HtmlDocument.
///
/// A value has nothing of that, or "&amp;" and its like, or now and then something else, for which gumbo is
/// asked. `raw` is UTF-8 without NUL. Gives `raw` itself if nothing is to be done, else a view of `scratch`.
[[nodiscard]] std::string_view attribute_value(std::string_view raw, std::string& scratch);

}  // namespace leat::pipelines
