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
  async::Duration limit = std::chrono::seconds(1);  // of one evaluation
};

/// Evaluates jq programs by libjq, and XPath by libxml2, in a process of its own, where they can be stopped.
///
/// The process starts with the first evaluation, compiles all programs, and answers in the order of the
/// questions, many of which may be on their way at once: together they travel in large writes. It has an
/// empty environment, 1 GiB of memory, and ends with this process, however that ends; a terminal's Ctrl-C
/// doesn't reach it.
///
/// An evaluation that runs longer than the limit, takes all the memory or crashes the library fails, alone:
/// the process is started again and those behind it are sent once more. One that was killed from outside
/// (SIGKILL) is tried once more itself.
///
/// Loop thread only. Destroyed after its evaluations, which is best when the run ends: `stop` awaits the
/// process's end, the destructor leaves it to the loop.
class JqWorker {
 public:
  JqWorker(async::EventLoop& loop, JqOptions options);
  JqWorker(const JqWorker&) = delete;
  JqWorker& operator=(const JqWorker&) = delete;
  ~JqWorker();

  /// Sends the question to the program of that number. Those asked for in one turn of the loop travel
  /// together. It is a timeout if it runs longer than a `limit` of its own (0: that of the options).
  JqEvaluation ask(std::size_t program, std::string question, async::Duration limit = async::Duration(0));

  /// Kills the process if it was sent evaluations that nobody waits for any more. The others are sent to the
  /// next one.
  void end_abandoned() noexcept;

  /// Kills the process and awaits its end. The next evaluation starts another.
  async::Task<void> stop();

  /// The process's id; 0 while there is none.
  [[nodiscard]] int pid() const noexcept;
  /// How many processes there were.
  [[nodiscard]] std::size_t starts() const noexcept;

 private:
  class Service;

  async::EventLoop& loop_;
  std::shared_ptr<Service> service_;
  async::TaskHandle<void> task_;
  bool running_ = false;  // task_ is one
};

}  // namespace leat::pipelines
