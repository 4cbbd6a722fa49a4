#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "pipelines/options/fetch_args.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/stages/record/set.hpp"

namespace leat::pipelines {

// What the rows of fetch, paginate and crawl have in common.

/// How many records may overtake one in a fetch: in two runs each may be that far from its place in the
/// input.
[[nodiscard]] std::size_t reach_of(const FetchArgs& args) noexcept;
[[nodiscard]] std::string notes_of(const FetchArgs& args);
[[nodiscard]] Status check_fetch(const FetchArgs& args);
/// Of a fetch whose answers lead to further requests.
[[nodiscard]] StageFacts feedback_facts(const FetchArgs& args);
/// A `verify`: what is wrong with the arguments of fetch together.
[[nodiscard]] std::optional<std::string> verify_fetch(const BoundStage& stage);

}  // namespace leat::pipelines
