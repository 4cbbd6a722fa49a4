#pragma once

#include <string>
#include <vector>

#include "cli/bench/bench_record.hpp"

namespace leat::cli {

/// The members of a team as the document has them: an array.
[[nodiscard]] std::string members_json(const std::vector<MemberRow>& members);

}  // namespace leat::cli
