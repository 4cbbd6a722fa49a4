#pragma once

#include <string>

namespace leat::pipelines {

class StageRow;

/// The arguments of `each`.
struct EachArgs {
  std::string program;
};
[[nodiscard]] const StageRow& row_of(const EachArgs& args) noexcept;

}  // namespace leat::pipelines
