#pragma once

#include <optional>
#include <string>

#include "pipelines/expr/fault.hpp"

namespace leat::pipelines {

// TextChecks of what arguments hold; see also check_program, check_text, check_selector, check_xpath,
// check_regex.

/// A name of a place for `set`.
[[nodiscard]] std::optional<TextFault> check_place_name(const std::string& text);
/// "meta.x", where extract and others put what they find.
[[nodiscard]] std::optional<TextFault> check_meta_place(const std::string& text);
/// A path to a field, as in `fields=url,meta.k`.
[[nodiscard]] std::optional<TextFault> check_fields(const std::string& list);
/// "body,headers,json", what `write` may show besides.
[[nodiscard]] std::optional<TextFault> check_include(const std::string& list);
/// "sha256,md5", names of digests.
[[nodiscard]] std::optional<TextFault> check_digests(const std::string& list);
/// curl's patterns: {a,b}, [1-9].
[[nodiscard]] std::optional<TextFault> check_pattern(const std::string& text);

}  // namespace leat::pipelines
