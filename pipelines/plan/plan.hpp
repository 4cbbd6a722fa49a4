#pragma once

#include <any>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/error.hpp"

namespace leat::pipelines {

class StageRow;
struct Plan;
using PlanPtr = std::shared_ptr<const Plan>;

/// The argument struct of some stage, together with the stage's row, which answers all questions about it.
///
/// A plan does not know which stages there are. The header of a stage has its struct and `row_of` for it;
/// whoever builds a plan by hand, as `leat get` does, includes that header.
class StageArgs {
 public:
  template <class Args>
  requires requires(const Args& args) {
    { row_of(args) } -> std::same_as<const StageRow&>;
  }
  StageArgs(Args args) : row_(&row_of(args)), args_(std::move(args)) {}

  [[nodiscard]] const StageRow& row() const noexcept { return *row_; }
  /// The struct, if it is of that type; otherwise null.
  template <class Args>
  [[nodiscard]] const Args* get_if() const noexcept {
    return std::any_cast<Args>(&args_);
  }
  template <class Args>
  [[nodiscard]] Args* get_if() noexcept {
    return std::any_cast<Args>(&args_);
  }

 private:
  const StageRow* row_;
  std::any args_;
};

/// A stage of a plan: its own arguments, and those that every stage takes.
struct PlannedStage {
  template <class Args>
  requires std::constructible_from<StageArgs, Args> PlannedStage(Args own) : args(std::move(own)) {}

  StageArgs args;
  PlanPtr on_error;                   // where records go that fail here; null: on to the end
  std::optional<std::size_t> n = {};  // records in work at once, where the stage has no `n` of its own
  async::Duration timeout{0};         // for one record, where the stage has none of its own; 0: none
};

/// The state of a run: of one that goes on where it was killed, or that is part of a job. See Journal, Job.
struct StateArgs {
  std::string path;                                         // of a file, or the URL of a job
  std::vector<std::pair<std::string, std::string>> config;  // what makes it the same run; no secrets
  std::string leat_version;
  bool retry_failed = false;                       // what failed in the runs before is done again
  async::Duration away{std::chrono::minutes(10)};  // so long a job's server may be away
};

/// A whole pipeline, a source first, an end last; or a block, which begins with another stage. `get` builds
/// one from its options, the spec language's binder builds the same.
struct Plan {
  std::vector<PlannedStage> stages;
  async::Duration expr_timeout{std::chrono::seconds(1)};  // of one evaluation of a program
  std::vector<std::string> secrets;                       // values that no output may show
  std::string record_dir;                                 // where each exchange is kept; empty: nowhere
  std::string replay_dir;          // where answers come from in place of a network; not both
  std::string failed_path;         // where records of the source that failed go as they came; empty: nowhere
  std::uint64_t max_errors = 0;    // so many failed records end the run; 0: none do
  std::optional<StateArgs> state;  // none: the run starts from the beginning
  std::string executable;          // leat, where it isn't this process: what evaluates programs
};

/// Everything that can be wrong with a plan before any I/O: bad_input.
[[nodiscard]] Status check_plan(const Plan& plan);

/// What is wrong with the input that a plan begins with, as far as that can be seen before the run starts:
/// bad_input, with the message that the run itself would end with. Reads the beginning of a file.
[[nodiscard]] Status check_input(const Plan& plan);

/// Whether a stage from the `from`-th on, or one in its blocks, reads the body of the records it gets, so
/// that `fetch` has to hold it in memory.
[[nodiscard]] bool reads_body(const std::vector<PlannedStage>& stages, std::size_t from);
/// The same of a whole block; a null one reads nothing.
[[nodiscard]] bool reads_body(const PlanPtr& block);
/// Whether one of them reads it as a text, and not only its bytes as they came.
[[nodiscard]] bool reads_text(const std::vector<PlannedStage>& stages, std::size_t from);
[[nodiscard]] bool reads_text(const PlanPtr& block);

}  // namespace leat::pipelines
