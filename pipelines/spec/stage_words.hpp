#pragma once

#include <span>
#include <string>
#include <string_view>

namespace leat::pipelines {

/// Finds the words of other tools (grep, jq, SQL, curl, …) for things that have another name in a spec. It is
/// asked before the nearest name is looked for.

/// Gives the end of a message, `; use "where", as in: where (.status == 200)`, for a word that is no stage.
/// If leat has nothing of the kind, it says what to use instead. It is empty if the word is not known, or if
/// what it stands for is not among `names`.
[[nodiscard]] std::string hint_for_stage(std::string_view word, std::span<const std::string_view> names);

/// Does the same for a word that is no key of a stage with these keys: `; it is "n=" here`.
[[nodiscard]] std::string hint_for_key(std::string_view word, std::span<const std::string_view> keys);

}  // namespace leat::pipelines
