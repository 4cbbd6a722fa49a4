#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "engine/async/task.hpp"
#include "engine/io/output_writer.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// The file of --failed. It has source records as they stood in the input, and the input's heading before
/// them if there is one. Loop thread only. The writer outlives it.
class LeftoverFile {
 public:
  /// `has_heading` says that an earlier run has written the heading.
  LeftoverFile(io::OutputWriter& writer, bool has_heading) : writer_(writer), begun_(has_heading) {}

  /// Sets what stands before all records of the input, such as a CSV file's first row, with its line end.
  void set_heading(std::string heading) { heading_ = std::move(heading); }
  /// Writes one record, which comes with its line end.
  void write(std::string_view source) {
    if (!std::exchange(begun_, true) && !heading_.empty()) writer_.append_now(heading_);
    writer_.append_now(source);
    writer_.flush();
  }
  /// Writes, after all others, a record behind which no other may stand. An input has one of these at most.
  void write_last(std::string source) { last_ = std::move(source); }
  /// Is called once all records have ended. Waits until everything is written, or cannot be.
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

/// Stands right behind the source of a run with --failed. Records that fail are written to that file as they
/// stood in the input (Record::source), so that the file can be the input of the next run.
///
/// A record of the source is written once, when all that came of it has ended and any of that has failed;
/// `cancelled` is no failure. A line or a row that was too long to be held is not written; its result names
/// the line. A row whose quote is never closed is written last.
class Leftovers final : public Stage {
 public:
  explicit Leftovers(LeftoverFile& file) noexcept : file_(file) {}

  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  class SourceFamily;

  LeftoverFile& file_;
};

}  // namespace leat::pipelines
