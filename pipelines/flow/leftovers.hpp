#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "engine/async/task.hpp"
#include "engine/io/output_writer.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// The file of --failed: source records as they stood in the input, the input's heading first if it has one.
/// Loop thread only; the writer outlives it.
class LeftoverFile {
 public:
  /// `has_heading`: an earlier run has written it.
  LeftoverFile(io::OutputWriter& writer, bool has_heading) : writer_(writer), begun_(has_heading) {}

  /// What stands before all records of the input, as a CSV file's first row; with its line end.
  void set_heading(std::string heading) { heading_ = std::move(heading); }
  /// One record, with its line end.
  void write(std::string_view source) {
    if (!std::exchange(begun_, true) && !heading_.empty()) writer_.append_now(heading_);
    writer_.append_now(source);
    writer_.flush();
  }
  /// The record, of which an input has one at most, behind which no other may stand.
  void write_last(std::string source) { last_ = std::move(source); }
  /// All records have ended: waits until what was written is through, or can't be.
  [[nodiscard]] async::Task<void> finish() {
    if (!last_.empty()) write(std::exchange(last_, {}));
    return writer_.drain();
  }

 private:
  io::OutputWriter& writer_;
  std::string heading_;
  std::string last_;
  bool begun_;
};

/// Right behind the source of a run with --failed: what fails is written to that file as it stood in the
/// input (Record::source), so that the file can be the input of the next run.
///
/// A record of the source is written once, when all that came of it is at its end and any of that has failed;
/// what was cancelled isn't a failure. What could not be held whole, a line or a row that is too long, is not
/// written; its result names the line. A row whose quote is never closed is written last.
class Leftovers final : public Stage {
 public:
  explicit Leftovers(RunContext& context) : context_(context) {}

  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  class SourceEntry;

  RunContext& context_;
};

}  // namespace leat::pipelines
