#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "pipelines/run/stage_info.hpp"

namespace leat::cli {

/// The table of a run's stages: a head, then a row for each, the one that limits the others marked and
/// explained at its end. At most `most` lines (at least 2): rows that have no place are left out from the
/// front and the end around the limiting one, and counted in the last line. ASCII, without line ends.
[[nodiscard]] std::vector<std::string> stage_rows(std::span<const pipelines::StageInfo> stages,
                                                  std::size_t most);

/// The same for a line of words: "fetch 120>90 64/64 limit: slots".
[[nodiscard]] std::string stage_words(std::span<const pipelines::StageInfo> stages);

/// A JSON array of objects, one for each stage.
[[nodiscard]] std::string stages_json(std::span<const pipelines::StageInfo> stages);

}  // namespace leat::cli
