#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/flow/run_context.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/result/result_fields.hpp"
#include "pipelines/result/table_fields.hpp"
#include "pipelines/stages/sink/write.hpp"

namespace leat::pipelines {

/// Says what came of a record as one line of JSON with its newline (DESIGN.md, "A result"). The buffer is
/// reused.
class ResultJson {
 public:
  /// A line has the result's own fields, and those of the extra fields that are named here. Its `meta` does
  /// not repeat what `extract` found in the records that this one came of.
  explicit ResultJson(const std::vector<std::string_view>& extra = {});

  /// Valid until the next call.
  std::string_view line(const Record& record);

 private:
  std::vector<const ResultField*> fields_;
  const ResultField* meta_;
  ResultField::Writer writer_;
};

/// How `write` says what came of a record: as a line of JSON, a row of a table, or a template's text.
///
/// What it gives is valid until the next call. Loop thread only.
class LineFormat {
 public:
  /// Those columns of a table that its first record decides about, see TableFields.
  using Columns = TableFields::Members;

  virtual ~LineFormat() = default;
  /// Whether a line says of a failed record that it failed. If not, only good records have lines, since what
  /// reads them could not tell one from the other.
  [[nodiscard]] virtual bool tells_failure() const = 0;
  /// Whether the first record decides about columns.
  [[nodiscard]] virtual bool has_open_columns() const { return false; }
  virtual Columns columns_of(const Record& /*first*/) { return {}; }
  /// The same of a table that is there already, by the names in its first row.
  virtual Columns columns_of(const std::vector<std::string>& /*names*/) { return {}; }
  /// What stands before all lines; empty if the format has no such thing.
  virtual std::string_view head(const Columns& /*columns*/) { return {}; }
  /// One line with its end. filter_error if the record lacks a field that a template asks for, or has one for
  /// which a table has no column.
  virtual Result<std::string_view> line(const Record& record, const Columns& columns) = 0;
  /// Whether nothing of a record is left in its lines that could steer a terminal: what does is its own.
  [[nodiscard]] virtual bool is_for_terminals() const noexcept { return false; }
};

/// `args` have been checked.
[[nodiscard]] std::unique_ptr<LineFormat> make_line_format(const WriteArgs& args);

/// Whether this process of a job leaves the record to another one, which prints it.
[[nodiscard]] inline bool is_left(const Record& record, const RunContext& context) noexcept {
  return context.job != nullptr && record.outcome == Outcome::cancelled;
}

}  // namespace leat::pipelines
