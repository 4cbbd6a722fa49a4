#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "engine/io/input_reader.hpp"
#include "pipelines/expr/csv_header.hpp"
#include "pipelines/plan.hpp"
#include "pipelines/stages/emitter.hpp"
#include "pipelines/stages/line_parser.hpp"
#include "pipelines/stages/stage.hpp"
#include "pipelines/text/csv_reader.hpp"

namespace leat::pipelines {

/// csv: a record for each row of a table whose first row names the columns. Columns that a record has (url
/// method body and so on, see `fill`) are that, all others go into meta, as text. A row that is wrong is a
/// failed record that names its line.
class CsvSource final : public Source {
 public:
  CsvSource(CsvArgs args, RunContext& context)
      : args_(std::move(args)), context_(context), rows_(kMaxLine, args_.delimiter) {}

  async::Task<Status> run(RecordSender out) override;
  void stop() noexcept override;

 private:
  async::Task<Result<bool>> emit_rows(Emitter& emitter, bool at_end);
  Status take_head(const CsvReader::Row& row);
  RecordPtr read_row(const CsvReader::Row& row);

  CsvArgs args_;
  RunContext& context_;
  std::unique_ptr<io::InputReader> reader_;
  CsvReader rows_;
  std::optional<CsvHeader> head_;
  bool stopped_ = false;
};

}  // namespace leat::pipelines
