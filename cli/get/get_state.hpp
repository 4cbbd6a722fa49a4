#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/options/options.hpp"

namespace leat::cli {

/// What makes a `leat get` the same run as the one that a journal is of: where its records come from, what is
/// requested, and where results go; not how fast. Credentials are left out, bodies are told by a hash.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> journal_config(const GetOptions& options);

}  // namespace leat::cli
