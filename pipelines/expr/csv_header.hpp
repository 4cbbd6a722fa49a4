#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/text/csv_reader.hpp"

namespace leat::pipelines {

/// The first row of a CSV text, by which those that follow become JSON objects of texts. Errors are bad_input
/// and name the line.
class CsvHeader {
 public:
  /// Of a row without a fault whose names are there and differ.
  static Result<CsvHeader> make(const CsvReader::Row& row);

  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

  /// Appends `{"name":"field",…}`; an error for a row with a fault or another number of fields.
  [[nodiscard]] Status append_object(std::string& out, const CsvReader::Row& row) const;

 private:
  explicit CsvHeader(std::vector<std::string> names);

  std::vector<std::string> names_;
  std::vector<std::string> keys_;  // as JSON
};

}  // namespace leat::pipelines
