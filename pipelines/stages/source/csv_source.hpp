#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "engine/text/csv_reader.hpp"
#include "pipelines/expr/csv_header.hpp"
#include "pipelines/options/csv_columns.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/stages/source/line_parser.hpp"
#include "pipelines/stages/source/text_source.hpp"

namespace leat::pipelines {

/// csv: a record for each row of a table whose first row names the columns; what becomes of these says
/// CsvColumns. A row that is wrong is a failed record that names its line.
class CsvSource final : public TextSource {
 public:
  CsvSource(CsvArgs args, RunContext& context)
      : TextSource(args.path, context), rows_(kMaxLine, args.delimiter), args_(std::move(args)) {
    if (context.leftovers != nullptr) rows_.keep_source();
  }

 private:
  void feed(std::string_view chunk) override { rows_.feed(chunk); }
  [[nodiscard]] std::size_t unread() const noexcept override { return rows_.unread(); }
  Result<RecordPtr> next(bool at_end) override;
  Status take_head(const text::CsvReader::Row& row);
  RecordPtr read_row(const text::CsvReader::Row& row);

  text::CsvReader rows_;
  CsvArgs args_;
  std::optional<CsvHeader> head_;
  std::optional<CsvColumns> columns_;  // with it
};

/// What is wrong with the first row of the table that a plan begins with, where that is a file and can be
/// looked at before the run: bad_input, as the run itself would say. Nothing where it can't be told yet.
[[nodiscard]] Status check_table_head(const Plan& plan);

}  // namespace leat::pipelines
