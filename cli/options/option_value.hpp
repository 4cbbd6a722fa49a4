#pragma once

#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "pipelines/options/option.hpp"
#include "pipelines/spec/bound.hpp"

namespace leat::cli {

/// Reads the value of an option as the spec's binder reads that of an argument: by its type, its limits and
/// its check. A switch has none, and gives what it stands for.
///
/// The Error begins with the option's name; it says what was given, unless that may be a secret, and what the
/// option takes.
[[nodiscard]] Result<pipelines::BoundValue> read_option(const pipelines::Option& option,
                                                        const std::string& text);

/// Why an option does not take what was given.
[[nodiscard]] Error not_taken(std::string_view option, std::string_view given, std::string_view takes);

}  // namespace leat::cli
