#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/load/body_watch.hpp"
#include "engine/load/load_result.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/worker/jq_worker.hpp"

namespace leat::cli {

/// Looks at the sample of a run's good answers, when the run is over, with a jq program (--expect).
///
/// The program sees `.status`, `.body` and `.json` as the programs of a spec do. An answer fits if an output
/// is neither false nor null. It goes on for five seconds at most, however slow the program is. Loop thread
/// only; the loop outlives it.
class Expectation {
 public:
  Expectation(async::EventLoop& loop, std::string program) : loop_(loop), program_(std::move(program)) {}

  /// Takes the sample out of the result, and says there what was found.
  async::Task<void> look_at(load::LoadResult& result);
  /// Ends the process in which a program of the whole language runs.
  async::Task<void> stop();

 private:
  async::Task<std::optional<Error>> fault_of(pipelines::Record& record);

  async::EventLoop& loop_;
  pipelines::Program program_;
  pipelines::JsonTexts outputs_;
  std::unique_ptr<pipelines::JqWorker> worker_;
};

/// The Error says at which byte of the program the mistake is.
[[nodiscard]] Status check_expectation(const std::string& program);

/// What judges bodies by their SHA-256, given in lower-case hex (--expect-sha256).
[[nodiscard]] load::BodyJudges sha256_judges(std::string hex);

}  // namespace leat::cli
