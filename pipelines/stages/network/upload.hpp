#pragma once

#include <string>

#include "pipelines/expr/template.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/result/record_view.hpp"

namespace leat::pipelines {

/// fetch's upload=: the file that each record's request sends. Loop thread only.
class Upload {
 public:
  /// Of a text that check_text has passed.
  explicit Upload(const std::string& text);

  /// Names the file. A URL whose path ends in a slash gets the file's name there, as in curl. The error of a
  /// record that lacks a field.
  [[nodiscard]] Status apply(Record& record, RecordView& view) const;

 private:
  Template name_;
};

}  // namespace leat::pipelines
