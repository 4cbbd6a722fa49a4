#pragma once

#include <string>
#include <vector>

namespace leat::pipelines {

class StageRow;

/// expand: a record for each URL that the patterns stand for: {a,b}, [1-100], [a-z:2].
struct ExpandArgs {
  std::vector<std::string> patterns;
  bool keep_choices = false;  // in meta, as an array of texts
};
[[nodiscard]] const StageRow& row_of(const ExpandArgs& args) noexcept;

}  // namespace leat::pipelines
