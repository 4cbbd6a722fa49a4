#pragma once

#include <string>

#include "engine/text/csv_reader.hpp"

namespace leat::pipelines {

class StageRow;

/// csv: a record for each row; the first row has the columns' names.
struct CsvArgs {
  std::string path = "-";
  char delimiter = text::CsvReader::kFromFirstRow;
  std::string columns;  // "url=link,output=name": see parse_columns; these must be there
};
[[nodiscard]] const StageRow& row_of(const CsvArgs& args) noexcept;

}  // namespace leat::pipelines
