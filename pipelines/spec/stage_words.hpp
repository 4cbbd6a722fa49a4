#pragma once

#include <span>
#include <string>
#include <string_view>

namespace leat::pipelines {

/// Words of other tools (grep, jq, SQL, curl, …) for what a spec has under another name. Asked before the
/// nearest name is.

/// The end of a message, `; use "where", as in: where (.status == 200)`, for a word that is no stage; where
/// leat has nothing of the kind, it says what to use instead. Empty: the word is not known, or what it stands
/// for is not among `names`.
[[nodiscard]] std::string hint_for_stage(std::string_view word, std::span<const std::string_view> names);

/// The same for a word that is no key of a stage which has these: `; it is "n=" here`.
[[nodiscard]] std::string hint_for_key(std::string_view word, std::span<const std::string_view> keys);

}  // namespace leat::pipelines
