#pragma once

#include <string>

namespace leat::pipelines {

class StageRow;

/// The arguments of `each`.
struct EachArgs {
  std::string program;
  bool request = false;  // objects say requests, as the lines of a list do
  bool inherits = true;  // children have the record's meta; else what `meta` gives
  std::string meta;      // a program; empty: nothing
};
[[nodiscard]] const StageRow& row_of(const EachArgs& args) noexcept;

}  // namespace leat::pipelines
