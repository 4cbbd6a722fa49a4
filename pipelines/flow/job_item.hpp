#pragma once

#include <cstdint>
#include <string>

#include "pipelines/flow/run_context.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/state/run_state.hpp"

namespace leat::pipelines {

/// The place in the run's job of a record, by its URL; what names no host yet is spread by its number.
[[nodiscard]] std::uint64_t place_of(const Record& record, const RunContext& context);

/// The record as an item of the run's state: with that key, and as that text, in which secrets are sealed
/// here. Its place is for a job to say.
[[nodiscard]] FrontierItem to_item(const Record& record, std::uint64_t key, std::string text,
                                   RunContext& context);

}  // namespace leat::pipelines
