#pragma once

#include <array>

#include "pipelines/plan.hpp"
#include "pipelines/spec/bound.hpp"
#include "pipelines/spec/signature.hpp"

namespace leat::pipelines {

inline constexpr std::size_t kFetchArgs = 26;

/// What fetch takes, and paginate and crawl with it.
[[nodiscard]] const std::array<ArgRow, kFetchArgs>& fetch_arg_rows() noexcept;

[[nodiscard]] FetchArgs bind_fetch(const BoundStage& stage);

}  // namespace leat::pipelines
