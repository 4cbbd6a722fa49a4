#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/text/delimited.hpp"
#include "pipelines/expr/fault.hpp"
#include "pipelines/expr/field_path.hpp"
#include "pipelines/expr/input.hpp"

namespace leat::pipelines {

/// Writes records as rows of CSV or TSV, with a header of the fields' names.
///
/// Text is written as it is, a field that is missing or null as an empty one, and all else as JSON.
/// Immutable.
class RowWriter {
 public:
  RowWriter(text::Delimited format, std::vector<FieldPath> fields) noexcept
      : format_(format), fields_(std::move(fields)) {}
  /// Takes a path for each name. The fault's offset counts within its name, which the message quotes.
  static Compiled<RowWriter> compile(text::Delimited format, const std::vector<std::string>& names);

  void append_header(std::string& out) const;
  void append_row(std::string& out, Input& input) const;

 private:
  text::Delimited format_;
  std::vector<FieldPath> fields_;
};

}  // namespace leat::pipelines
