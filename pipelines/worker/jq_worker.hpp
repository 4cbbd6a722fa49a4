#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "pipelines/expr/jq_questions.hpp"
#include "pipelines/expr/worker_program.hpp"

namespace leat::pipelines {

/// What a JqWorker runs.
struct JqOptions {
  std::string executable = "/proc/self/exe";  // leat
  std::vector<WorkerProgram> programs;
  async::Duration limit = std::chrono::seconds(1);  // for one evaluation
};

/// Evaluates jq programs with libjq, and XPath with libxml2, in a process of its own, where they can be
/// stopped.
///
/// The process starts with the first evaluation, compiles all programs, and answers in the order of the
/// questions. Many questions may be under way at once; they travel together in large writes. The process has
/// an empty environment and 1 GiB of memory. It ends with this process, however that ends, and a terminal's
/// Ctrl-C doesn't reach it.
///
/// If an evaluation runs longer than the limit, takes all the memory or crashes the library, only this one
/// fails: the process is started again, and the questions behind it are sent once more. One whose process was
/// killed from outside (SIGKILL) is itself tried once more.
///
/// Loop thread only. It must be destroyed after its evaluations, best when the run ends. `stop` waits for the
/// end of the process; the destructor leaves that to the loop.
class JqWorker {
 public:
  JqWorker(async::EventLoop& loop, JqOptions options);
  JqWorker(const JqWorker&) = delete;
  JqWorker& operator=(const JqWorker&) = delete;
  ~JqWorker();

  /// Sends the question to the program with that number. Questions that are asked in one turn of the loop
  /// travel together. It ends in a timeout if it runs longer than its own `limit` (0 means the limit of the
  /// options).
  JqEvaluation ask(std::size_t program, std::string question, async::Duration limit = async::Duration(0));

  /// Kills the process if it was sent evaluations that nobody waits for any more. The other evaluations are
  /// sent to the next process.
  void end_abandoned() noexcept;

  /// Kills the process and waits for its end. The next evaluation starts another.
  async::Task<void> stop();

  /// Gives the process's id; 0 while there is none.
  [[nodiscard]] int pid() const noexcept;
  /// Gives how many processes there were.
  [[nodiscard]] std::size_t starts() const noexcept;

 private:
  class Service;

  async::EventLoop& loop_;
  std::shared_ptr<Service> service_;
  async::TaskHandle<void> task_;
  bool running_ = false;  // task_ holds a task
};

}  // namespace leat::pipelines
