#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "pipelines/expr/fault.hpp"

namespace leat::pipelines {

/// Turns what jq 1.6 or 1.7 says of a program that it can't compile into a fault: jq's first message without
/// the words around it, and its place. What both say is said in the same words.
///
/// jq names only a line. So the program is compiled again with every token on a line of its own: `compile`
/// does that and gives what jq then says, which is nothing if jq accepts it. If the two don't agree, the
/// fault is at the start of the line that jq named.
[[nodiscard]] TextFault read_jq_message(std::string_view program, std::string_view said,
                                        const std::function<std::string(const std::string&)>& compile);

}  // namespace leat::pipelines
