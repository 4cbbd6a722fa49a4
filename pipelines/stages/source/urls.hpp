#pragma once

#include <string>
#include <vector>

namespace leat::pipelines {

class StageRow;

/// urls: a record for each URL that is named in the plan itself.
struct UrlsArgs {
  std::vector<std::string> urls;
};
[[nodiscard]] const StageRow& row_of(const UrlsArgs& args) noexcept;

}  // namespace leat::pipelines
