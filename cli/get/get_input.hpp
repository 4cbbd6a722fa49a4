#pragma once

#include <string>
#include <vector>

#include "cli/options/given.hpp"
#include "cli/terminal/system.hpp"
#include "engine/error.hpp"

namespace leat::cli {

/// What `leat get` fetches, as the stage of a spec that reads it.
struct GetInput {
  std::string stage;              // "urls", "expand", "lines", "json", "csv", "aria2"
  std::vector<std::string> urls;  // of `urls` and `expand`
  std::string path;               // of all others
  std::string delimiter;          // of `csv`, and so are the columns; empty: as usual
  std::string columns;
};

/// Reads the URLs of the command line, -i, --input-format and --columns. The Error names the option, and what
/// it takes.
[[nodiscard]] Result<GetInput> read_input(const Given& given, System& system);

}  // namespace leat::cli
