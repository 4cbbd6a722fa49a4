#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/error.hpp"
#include "engine/text/csv_reader.hpp"

namespace leat::pipelines {

/// The first row of a CSV text, which names the columns of the rows that follow. Errors are bad_input and
/// name the line.
class CsvHeader {
 public:
  /// Makes it of a row without a fault. No two names may be equal. A column without a name, as pandas writes
  /// one for its index, is called by its place: column1.
  static Result<CsvHeader> make(const text::CsvReader::Row& row);

  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

  /// Gives an error for a row with a fault or another number of fields.
  [[nodiscard]] Status check(const text::CsvReader::Row& row) const;

 private:
  explicit CsvHeader(std::vector<std::string> names) noexcept : names_(std::move(names)) {}

  std::vector<std::string> names_;
};

}  // namespace leat::pipelines
