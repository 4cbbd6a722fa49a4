#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/io/output_writer.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// The file of --failed. It has source records as they stood in the input, and the input's heading before
/// them if there is one.
///
/// With a journal the runs of one list share the file: a record that has failed stands in it once, whichever
/// run it failed in, and however a run was ended. For that it is compared with what earlier runs have left:
/// what is missing is written, and what has been done since then is taken out at the end. Loop thread only.
/// The writer outlives it.
class LeftoverFile {
 public:
  /// Where a record stands in what an earlier run has left, if it does.
  using Place = std::optional<std::size_t>;

  /// `has_heading` says that an earlier run has written the heading.
  LeftoverFile(io::OutputWriter& writer, bool has_heading) : writer_(writer), begun_(has_heading) {}

  /// Reads what earlier runs have left in the file, before anything is written. file_error.
  [[nodiscard]] Status take_up(const std::string& path);
  /// Sets what stands before all records of the input, such as a CSV file's first row, with its line end.
  void set_heading(std::string heading) { heading_ = std::move(heading); }
  /// Finds a record, which comes with its line end, among what was left. Equal records have places of their
  /// own, which are given away one after the other.
  [[nodiscard]] Place claim(std::string_view source);
  /// Tells what has become of a record: it stands in the file from now on, or it does not. Nothing may stand
  /// behind one that `never_ends`; an input has one of these at most.
  void settle(std::string source, Place place, bool failed, bool never_ends);
  /// Is called once all records have ended. Waits until everything is written, or cannot be. file_error if
  /// what was done since can't be taken out.
  [[nodiscard]] async::Task<Status> finish();

 private:
  void write(std::string_view source);
  void find_lines();
  [[nodiscard]] Status take_out() const;

  io::OutputWriter& writer_;
  std::string heading_;
  std::string last_;
  bool begun_;
  std::string path_;
  std::string left_;                                           // by earlier runs
  bool indexed_ = false;                                       // lines_ is made
  std::unordered_multimap<std::uint64_t, std::size_t> lines_;  // of left_: where they begin, by their hash
  std::vector<std::pair<std::size_t, std::size_t>> done_;      // parts of left_: where they begin and end
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
