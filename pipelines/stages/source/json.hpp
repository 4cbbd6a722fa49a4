#pragma once

#include <string>

namespace leat::pipelines {

class StageRow;

/// json: a record for each value of a file of JSON texts, one after the other or the items of one array.
struct JsonArgs {
  std::string path = "-";
  bool request = false;  // objects say requests, as the lines of a list do
};
[[nodiscard]] const StageRow& row_of(const JsonArgs& args) noexcept;

}  // namespace leat::pipelines
