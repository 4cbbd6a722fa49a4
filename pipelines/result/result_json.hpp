#pragma once

#include <string_view>
#include <vector>

#include "pipelines/record/record.hpp"
#include "pipelines/result/result_fields.hpp"

namespace leat::pipelines {

/// Says what came of a record as one line of JSON, its newline included: DESIGN.md, "A result". The buffer is
/// reused.
class ResultJson {
 public:
  /// The result's own fields, and those of the extra ones that are named here.
  explicit ResultJson(const std::vector<std::string_view>& extra = {});

  /// Valid until the next call.
  std::string_view line(const Record& record);

 private:
  std::vector<const ResultField*> fields_;
  ResultField::Writer writer_;
};

}  // namespace leat::pipelines
