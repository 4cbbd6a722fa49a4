#pragma once

#include <string>

namespace leat::pipelines {

class StageRow;

/// The arguments of `hash`: which digest of the body, and where it goes.
struct HashArgs {
  std::string algorithm = "sha256";
  std::string as;  // empty: meta.ALGORITHM
};
[[nodiscard]] const StageRow& row_of(const HashArgs& args) noexcept;

}  // namespace leat::pipelines
