#include "pipelines/expr/jq_questions.hpp"

#include <algorithm>
#include <utility>

namespace leat::pipelines {

std::shared_ptr<JqQuestion> JqQuestions::ask(std::size_t program, std::string input, async::Duration limit) {
  return open_.emplace_back(std::make_shared<JqQuestion>(program, std::move(input), limit));
}

void JqQuestions::send(std::string& to, std::size_t most) {
  for (; sent_ < open_.size() && to.size() < most; ++sent_) {
    const JqQuestion& question = *open_[sent_];
    put_frame_head(to, question.input.size(), static_cast<std::uint32_t>(question.program));
    to.append(question.input);
  }
}

bool JqQuestions::answer_first(const JqFrame& answer) {
  if (sent_ == 0) return false;
  const auto question = std::move(open_.front());
  open_.pop_front();
  --sent_;
  ++answered_;
  if (question->abandoned) return true;
  if (answer.tag == kJqOk) {
    std::vector<std::string> outputs;
    for (auto rest = answer.payload; !rest.empty();) outputs.emplace_back(take_text(rest));
    question->answer.emplace(std::move(outputs));
    question->answered.set();
  } else {
    fail(*question, Error(Errc::filter_error, std::string(answer.payload)));
  }
  return true;
}

JqQuestion* JqQuestions::sent(std::uint64_t number) noexcept {
  if (number <= answered_ || number - answered_ > sent_) return nullptr;
  return open_[number - answered_ - 1].get();
}

bool JqQuestions::any_sent_in_vain() const noexcept {
  return std::any_of(open_.begin(), open_.begin() + static_cast<std::ptrdiff_t>(sent_),
                     [](const auto& question) { return question->abandoned; });
}

void JqQuestions::take_back() {
  sent_ = 0;
  answered_ = 0;
  std::erase_if(open_,
                [](const auto& question) { return question->abandoned || question->answer.has_value(); });
}

void JqQuestions::fail_all(const Error& error) {
  for (const auto& question : open_) fail(*question, error);
  take_back();
}

void JqQuestions::fail(JqQuestion& question, Error error) {
  question.answer.emplace(std::move(error));
  question.answered.set();
}

}  // namespace leat::pipelines
