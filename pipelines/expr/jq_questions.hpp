#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
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

/// The evaluations that have no answer yet, in order: first those sent to the process of now, then the rest.
///
/// Loop thread only.
class JqQuestions {
 public:
  std::shared_ptr<JqQuestion> ask(std::size_t program, std::string input,
                                  async::Duration limit = async::Duration(0));

  [[nodiscard]] bool empty() const noexcept { return open_.empty(); }
  [[nodiscard]] bool all_sent() const noexcept { return sent_ == open_.size(); }
  [[nodiscard]] bool any_sent() const noexcept { return sent_ > 0; }
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
