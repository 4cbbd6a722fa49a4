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
  async::Duration limit;  // of its own; 0: none
  std::optional<Result<std::vector<std::string>>> answer;
  async::Event answered;
  bool abandoned = false;  // nobody waits any more
  bool retried = false;    // its process was killed once
};

/// What one asked for; the answer is dropped when it comes if this has gone. Loop thread only.
class JqEvaluation {
 public:
  explicit JqEvaluation(std::shared_ptr<JqQuestion> question) noexcept : question_(std::move(question)) {}
  JqEvaluation(JqEvaluation&&) noexcept = default;
  JqEvaluation& operator=(JqEvaluation&&) = delete;
  ~JqEvaluation() {
    if (question_) question_->abandoned = true;
  }

  [[nodiscard]] bool done() const noexcept { return question_->answered.is_set(); }
  /// `co_await evaluation.wait()`: until it is done.
  [[nodiscard]] async::Event::Wait wait() noexcept { return question_->answered.wait(); }
  /// Once, when it is done: the outputs, each as JSON in one line; jq 1.6's numbers. filter_error with jq's
  /// message, or what became of it.
  [[nodiscard]] Result<std::vector<std::string>> take() { return std::move(*question_->answer); }

 private:
  std::shared_ptr<JqQuestion> question_;
};

/// The evaluations that have no answer yet, in order: first those sent to the process of now, then the rest.
///
/// Loop thread only.
class JqQuestions {
 public:
  std::shared_ptr<JqQuestion> ask(std::size_t program, std::string input, async::Duration limit);

  [[nodiscard]] bool empty() const noexcept { return open_.empty(); }
  [[nodiscard]] bool all_sent() const noexcept { return sent_ == open_.size(); }
  [[nodiscard]] bool any_sent() const noexcept { return sent_ > 0; }
  /// Whether one of those that were sent is abandoned.
  [[nodiscard]] bool any_sent_in_vain() const noexcept;
  [[nodiscard]] std::uint64_t answered() const noexcept { return answered_; }

  /// Appends requests that are not sent yet, until there are `most` bytes; they count as sent.
  void send(std::string& to, std::size_t most);
  /// The process's answer to the first that was sent. False if none was.
  bool answer_first(const JqFrame& answer);
  /// The process's n-th, from 1; null if that has its answer or was never sent.
  [[nodiscard]] JqQuestion* sent(std::uint64_t number) noexcept;

  /// The process is gone: nothing is sent, what has failed or is abandoned is forgotten.
  void take_back();
  void fail_all(const Error& error);

  static void fail(JqQuestion& question, Error error);

 private:
  std::deque<std::shared_ptr<JqQuestion>> open_;
  std::size_t sent_ = 0;
  std::uint64_t answered_ = 0;  // by the process of now
};

}  // namespace leat::pipelines
