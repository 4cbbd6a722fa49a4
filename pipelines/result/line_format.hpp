#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pipelines/plan/plan.hpp"
#include "pipelines/record/record.hpp"

namespace leat::pipelines {

/// How `write` says what came of a record: as a line of JSON, a row of a table, or a template's text.
///
/// What it gives is valid until the next call. Loop thread only.
class LineFormat {
 public:
  virtual ~LineFormat() = default;
  /// Before all lines; empty where a format has none.
  virtual std::string_view head() { return {}; }
  /// One line, its end included. filter_error where a template asks for a field that the record doesn't have.
  virtual Result<std::string_view> line(const Record& record) = 0;
};

/// The arguments have been checked.
[[nodiscard]] std::unique_ptr<LineFormat> make_line_format(const WriteArgs& args);

}  // namespace leat::pipelines
