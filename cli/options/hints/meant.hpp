#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/terminal/system.hpp"
#include "engine/error.hpp"

namespace leat::cli {

// What a word that is no option was meant to be. Where a string is returned, it is a hint: the end of a
// message, from its semicolon on, or nothing.

/// `leat URL`, `leat urls.txt`, `leat 'lines | fetch'`, `leat download`, `leat gte`: what stands where a
/// command does and is none.
[[nodiscard]] std::string meant_by_command(std::string_view word, std::span<const std::string_view> commands,
                                           System& system);

/// The same of what `leat help` was asked for: an option, or another name of a stage.
[[nodiscard]] std::string meant_by_topic(std::string_view topic, std::span<const std::string_view> topics);

/// Refuses words that stand where URLs do and are none, and says how each is given: a file, "-", a number, a
/// spec. A host without a scheme is a URL.
[[nodiscard]] Status check_url_words(std::span<const std::string> words, System& system);

/// Refuses a spec that is the name of a file or a URL.
[[nodiscard]] Status check_spec_word(std::string_view spec, System& system);

}  // namespace leat::cli
