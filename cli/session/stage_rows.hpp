#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "pipelines/run/stage_info.hpp"

namespace leat::cli {

/// The table of a run's stages: a heading, then a row for each stage; the one that limits the others is
/// marked and explained at its end. It has at most `most` lines (at least 2): rows for which there is no room
/// are left out at the front and at the end around the limiting one, and counted in the last line. It is
/// ASCII without line ends.
[[nodiscard]] std::vector<std::string> stage_rows(std::span<const pipelines::StageInfo> stages,
                                                  std::size_t most);

/// The same as a line of words: "fetch 120>90 64/64 limit: slots".
[[nodiscard]] std::string stage_words(std::span<const pipelines::StageInfo> stages);

/// A JSON array with one object for each stage.
[[nodiscard]] std::string stages_json(std::span<const pipelines::StageInfo> stages);

}  // namespace leat::cli
