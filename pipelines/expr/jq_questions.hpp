#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/event.hpp"
#include "engine/error.hpp"
#include "pipelines/expr/jq_wire.hpp"

namespace leat::pipelines {

/// One evaluation that somebody waits for.
struct JqQuestion {
  JqQuestion(std::size_t p, std::string i, async::Duration l) : program(p), input(std::move(i)), limit(l) {}

  std::size_t program;
  std::string input;
  async::Duration limit;  // its own limit; 0 if there is none
  std::optional<Result<std::vector<std::string>>> answer;
  async::Event answered;
  bool abandoned = false;  // nobody waits any more
  bool retried = false;    // its process was killed once already
};

/// What whoever asked a question holds. If it is destroyed before the answer comes, the answer is dropped.
/// Loop thread only.
class JqEvaluation {
 public:
  explicit JqEvaluation(std::shared_ptr<JqQuestion> question) noexcept : question_(std::move(question)) {}
  JqEvaluation(JqEvaluation&&) noexcept = default;
  JqEvaluation& operator=(JqEvaluation&&) = delete;
  ~JqEvaluation() {
    if (question_) question_->abandoned = true;
  }

  [[nodiscard]] bool done() const noexcept { return question_->answered.is_set(); }
  /// `co_await evaluation.wait()` waits until it is done.
  [[nodiscard]] async::Event::Wait wait() noexcept { return question_->answered.wait(); }
  /// Call it once, when it is done. Gives the outputs, each as JSON on one line with jq 1.6's numbers. The
  /// error is filter_error with jq's message, or what became of the evaluation.
  [[nodiscard]] Result<std::vector<std::string>> take() { return std::move(*question_->answer); }

 private:
  std::shared_ptr<JqQuestion> question_;
};

/// The evaluations that have no answer yet, in order: first those that were sent to the present process, then
/// the rest.
///
/// Loop thread only.
class JqQuestions {
 public:
  std::shared_ptr<JqQuestion> ask(std::size_t program, std::string input, async::Duration limit);

  [[nodiscard]] bool empty() const noexcept { return open_.empty(); }
  [[nodiscard]] bool all_sent() const noexcept { return sent_ == open_.size(); }
  [[nodiscard]] bool any_sent() const noexcept { return sent_ > 0; }
  /// Says whether one of those that were sent is abandoned.
  [[nodiscard]] bool any_sent_in_vain() const noexcept;
  [[nodiscard]] std::uint64_t answered() const noexcept { return answered_; }

  /// Appends requests that are not sent yet until there are `most` bytes; they then count as sent.
  void send(std::string& to, std::size_t most);
  /// Takes the process's answer to the first that was sent. Gives false if none was sent.
  bool answer_first(const JqFrame& answer);
  /// Gives the n-th question that this process was sent, from 1; null if it has its answer or was never sent.
  [[nodiscard]] JqQuestion* sent(std::uint64_t number) noexcept;

  /// Call it when the process is gone. Then nothing counts as sent, and what has failed or is abandoned is
  /// forgotten.
  void take_back();
  void fail_all(const Error& error);

  static void fail(JqQuestion& question, Error error);

 private:
  std::deque<std::shared_ptr<JqQuestion>> open_;
  std::size_t sent_ = 0;
  std::uint64_t answered_ = 0;  // by the present process
};

}  // namespace leat::pipelines
