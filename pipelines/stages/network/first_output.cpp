#include "pipelines/stages/network/first_output.hpp"

#include <utility>

#include "pipelines/expr/truth.hpp"
#include "pipelines/worker/jq_worker.hpp"

namespace leat::pipelines {

FirstOutput::FirstOutput(const std::string& program, RunContext& context)
    : context_(context), program_(program) {
  if (program_.is_native()) return;
  number_ = context.jq_programs.size();
  context.jq_programs.push_back(program_.foreign());
}

async::Task<Result<std::string>> FirstOutput::of(const Record& record) {
  view_.look_at(record);
  std::string first;
  if (program_.is_native()) {
    if (auto error = program_.outputs(record, view_, outputs_)) co_return std::move(*error);
    if (!outputs_.empty()) first = outputs_[0];
  } else {
    auto question = program_.question(record, view_);
    if (!question) co_return std::move(question.error());
    auto asked = context_.jq->ask(number_, std::move(*question));
    co_await asked.wait();
    auto answer = asked.take();
    if (!answer) co_return std::move(answer.error());
    if (!answer->empty()) first = answer->front();
  }
  if (!is_true(first)) first.clear();
  co_return std::move(first);
}

}  // namespace leat::pipelines
