#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "pipelines/expr/csv_header.hpp"
#include "pipelines/plan.hpp"
#include "pipelines/stages/line_parser.hpp"
#include "pipelines/stages/text_source.hpp"
#include "pipelines/text/csv_reader.hpp"

namespace leat::pipelines {

/// csv: a record for each row of a table whose first row names the columns. Columns that a record has (url
/// method body and so on, see `fill`) are that, all others go into meta, as text. A row that is wrong is a
/// failed record that names its line.
class CsvSource final : public TextSource {
 public:
  CsvSource(CsvArgs args, RunContext& context)
      : TextSource(std::move(args.path), context),
        rows_(kMaxLine, args.delimiter),
        delimiter_(args.delimiter) {}

 private:
  void feed(std::string_view chunk) override { rows_.feed(chunk); }
  [[nodiscard]] std::size_t unread() const noexcept override { return rows_.unread(); }
  Result<RecordPtr> next(bool at_end) override;
  Status take_head(const CsvReader::Row& row);
  RecordPtr read_row(const CsvReader::Row& row);

  CsvReader rows_;
  char delimiter_;
  std::optional<CsvHeader> head_;
};

}  // namespace leat::pipelines
