#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "pipelines/record/record.hpp"
#include "pipelines/result/outputs.hpp"
#include "pipelines/stages/sink/named_outputs.hpp"

namespace leat::pipelines {

/// All files that one `write` has: those whose paths are known, which have the same lines, and those that the
/// fields of records name. Loop thread only.
class WriteFiles {
 public:
  explicit WriteFiles(Outputs& outputs) noexcept : outputs_(outputs) {}

  /// Opens the files whose paths are known, and learns the templates of the others.
  Status open(const std::vector<std::string>& to, Outputs::Standing standing);

  /// The files whose paths are known; maybe none.
  [[nodiscard]] OutputGroup& fixed() noexcept { return fixed_; }
  /// Puts the groups that a line of the record goes to into `groups`; their files are open until the next
  /// call.
  async::Task<Status> find(const Record& record, std::vector<OutputGroup*>& groups);

  /// One that has no room; null if all have.
  [[nodiscard]] io::OutputWriter* crowded() const noexcept;
  void flush() const;
  /// Waits until all that was appended is written or given up.
  async::Task<void> drain();

  /// Whether the run is over, since its first output has ended.
  [[nodiscard]] bool is_over() const noexcept;
  /// Why a file that a record named has failed. (The run watches the others.)
  [[nodiscard]] Status failure() const;

 private:
  template <class Fn>
  void for_each_open(Fn&& fn) const;

  Outputs& outputs_;
  OutputGroup fixed_;
  std::vector<std::unique_ptr<NamedOutputs>> named_;  // one of each template
};

}  // namespace leat::pipelines
