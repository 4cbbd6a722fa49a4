#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace leat::pipelines {

/// Regular expressions that mean the same to Oniguruma, as jq sets it up (Perl's syntax, UTF-8), and to RE2.
///
/// Gives the expression as RE2 is to take it to answer whether there is a match anywhere, or nothing for what
/// is outside the subset: \d \w \s \b (Unicode there, ASCII here), references, look-around, possessive
/// quantifiers, what the two parse differently, and what matches more there when case is ignored ("ss" and
/// "ß"). Inside are literals, '.', classes, groups, '|', quantifiers, and anchors at the ends.
[[nodiscard]] std::optional<std::string> same_in_re2(std::string_view pattern, bool ignore_case);

}  // namespace leat::pipelines
