#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/text/delimited.hpp"
#include "pipelines/expr/fault.hpp"
#include "pipelines/expr/field_path.hpp"
#include "pipelines/expr/input.hpp"

namespace leat::pipelines {

/// Records as rows of CSV or TSV, with a header of the fields' names.
///
/// Text goes in as it is, a field that is not there or null as an empty one, all else as JSON. Immutable.
class RowWriter {
 public:
  RowWriter(text::Delimited format, std::vector<FieldPath> fields) noexcept
      : format_(format), fields_(std::move(fields)) {}
  /// A path for each name; the fault's offset is that within its name, which its message quotes.
  static Compiled<RowWriter> compile(text::Delimited format, const std::vector<std::string>& names);

  void append_header(std::string& out) const;
  void append_row(std::string& out, Input& input) const;

 private:
  text::Delimited format_;
  std::vector<FieldPath> fields_;
};

}  // namespace leat::pipelines
