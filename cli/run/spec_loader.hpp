#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cli/options/given.hpp"
#include "cli/terminal/system.hpp"
#include "engine/error.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/spec/load.hpp"

namespace leat::cli {

/// A spec as it was given, by an argument or a file.
struct SpecText {
  std::string text;
  std::string file;  // empty: it was an argument
};

/// The Error says what is missing, or why the file can't be read.
[[nodiscard]] Result<SpecText> read_spec(const Given& given, System& system);

/// Checks it from end to end, its programs included. The Error is of the command line, --set or the like;
/// what is wrong with the spec is among its faults. `read` is told the files that the spec has read.
[[nodiscard]] Result<pipelines::LoadedSpec> load(const SpecText& spec, const Given& given, System& system,
                                                 std::vector<std::string>* read = nullptr);

}  // namespace leat::cli
