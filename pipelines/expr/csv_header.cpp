#include "pipelines/expr/csv_header.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/text/printable.hpp"

namespace leat::pipelines {

namespace {

Error at_line(const text::CsvReader::Row& row, const std::string& what) {
  return Error(Errc::bad_input, fmt::format("line {}: {}", row.line, what));
}

// Such as column3, which no other column of the row bears.
std::string name_of_place(std::size_t place, const text::CsvReader::Row& row) {
  std::string name = fmt::format("column{}", place);
  while (std::find(row.fields.begin(), row.fields.end(), name) != row.fields.end()) name += '_';
  return name;
}

}  // namespace

Result<CsvHeader> CsvHeader::make(const text::CsvReader::Row& row) {
  if (!row.fault.empty()) return at_line(row, row.fault);
  std::vector<std::string> names;
  for (const auto field : row.fields) {
    if (field.empty()) {
      names.push_back(name_of_place(names.size() + 1, row));
      continue;
    }
    if (std::find(names.begin(), names.end(), field) != names.end()) {
      return at_line(row, fmt::format("the header names \"{}\" twice", text::printable(field, 60)));
    }
    names.emplace_back(field);
  }
  return CsvHeader(std::move(names));
}

Status CsvHeader::check(const text::CsvReader::Row& row) const {
  if (!row.fault.empty()) return at_line(row, row.fault);
  if (row.fields.size() != names_.size()) {
    return at_line(row, fmt::format("{} field{}, where the header has {}", row.fields.size(),
                                    row.fields.size() == 1 ? "" : "s", names_.size()));
  }
  return std::nullopt;
}

}  // namespace leat::pipelines
