#pragma once

#include <array>
#include <string>
#include <vector>

#include "pipelines/options/arg_text.hpp"
#include "pipelines/options/wire_args.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/spec/bound.hpp"
#include "pipelines/spec/signature.hpp"

namespace leat::pipelines {

inline constexpr std::size_t kFetchArgs = 37 + kWireArgs;

/// What fetch takes, and paginate and crawl with it.
[[nodiscard]] const std::array<ArgRow, kFetchArgs>& fetch_arg_rows() noexcept;

[[nodiscard]] FetchArgs bind_fetch(const BoundStage& stage);

/// What a fetch without arguments does.
[[nodiscard]] FetchArgs default_fetch();

/// All of a fetch but its shape, each argument whether it is the default or not; `bind_fetch` the other way
/// round.
[[nodiscard]] std::vector<WrittenArg> write_members(const FetchArgs& fetch);

}  // namespace leat::pipelines
