#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace leat::pipelines {

/// Translates regular expressions that mean the same to Oniguruma, as jq sets it up (Perl's syntax, UTF-8),
/// and to RE2.
///
/// Gives the expression that RE2 needs to answer whether there is a match anywhere, or nothing if the pattern
/// is outside the subset. The subset has literals, '.', classes, groups, '|', quantifiers, and anchors at the
/// ends. Outside are \d \w \s \b (which are Unicode in Oniguruma and ASCII in RE2), references, look-around,
/// possessive quantifiers, what the two parse differently, and what matches more in Oniguruma when case is
/// ignored ("ss" and "ß").
[[nodiscard]] std::optional<std::string> same_in_re2(std::string_view pattern, bool ignore_case);

}  // namespace leat::pipelines
