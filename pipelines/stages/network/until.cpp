#include "pipelines/stages/network/until.hpp"

#include <string_view>
#include <utility>

#include "pipelines/worker/jq_worker.hpp"

namespace leat::pipelines {

namespace {

bool is_truthy(std::string_view json) noexcept { return json != "null" && json != "false"; }

}  // namespace

Until::Until(const std::string& program, RunContext& context) : context_(context), program_(program) {
  if (program_.is_native()) return;
  number_ = context.jq_programs.size();
  context.jq_programs.push_back(program_.foreign());
}

async::Task<Result<bool>> Until::holds(const Record& record) {
  view_.look_at(record);
  if (program_.is_native()) {
    if (auto error = program_.outputs(record, view_, outputs_)) co_return std::move(*error);
    co_return !outputs_.empty() && is_truthy(outputs_[0]);
  }
  auto question = program_.question(record, view_);
  if (!question) co_return std::move(question.error());
  auto asked = context_.jq->ask(number_, std::move(*question));
  co_await asked.wait();
  auto answer = asked.take();
  if (!answer) co_return std::move(answer.error());
  co_return !answer->empty() && is_truthy(answer->front());
}

}  // namespace leat::pipelines
