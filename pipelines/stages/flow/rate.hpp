#pragma once

#include <string>

namespace leat::pipelines {

class StageRow;

/// The arguments of `rate`: the pace at which records are passed on, together or for each key.
struct RateArgs {
  double rate = 0;  // a second
  std::string key;  // a program; empty: together
};
[[nodiscard]] const StageRow& row_of(const RateArgs& args) noexcept;

}  // namespace leat::pipelines
