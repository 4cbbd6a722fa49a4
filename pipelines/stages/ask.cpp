#include "pipelines/stages/ask.hpp"

#include <string>

#include "pipelines/expr/jq_worker.hpp"

namespace leat::pipelines {

/// The records that wait for answers, in order. What is left at the end is not waited for.
class Ask::Waiting {
 public:
  Waiting() = default;
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    for (auto& asked : records) asked.task.cancel();
  }
  std::deque<Asked> records;
};

Ask::Ask(std::vector<const Program*> programs, RunContext& context, AskOptions options)
    : context_(context), options_(options) {
  for (const auto* program : programs) {
    questions_.push_back({program, context.jq_programs.size()});
    context.jq_programs.push_back(program->text());
  }
}

async::Task<Status> Ask::run(RecordReceiver in, RecordSender out) {
  Waiting waiting;
  for (;;) {
    while (waiting.records.size() < options_.ahead) {
      auto record = in.try_next();
      if (!record) break;
      ask(waiting.records, std::move(*record));
    }
    if (waiting.records.empty()) {
      auto record = co_await in.next();
      if (!record) co_return std::nullopt;
      ask(waiting.records, std::move(*record));
      continue;
    }
    co_await waiting.records.front().task;
    auto record = std::move(*waiting.records.front().record);
    waiting.records.pop_front();
    const bool wanted = co_await out.send(std::move(record));
    if (!wanted) co_return std::nullopt;
  }
}

void Ask::ask(std::deque<Asked>& waiting, RecordPtr record) {
  auto shared = std::make_shared<RecordPtr>(std::move(record));
  waiting.push_back({shared, async::spawn(answer(shared), "jq")});
}

async::Task<void> Ask::answer(Shared shared) {
  Record& record = **shared;
  record.answers.clear();
  if (record.failed() && !options_.failed_too) co_return;
  view_.look_at(record);
  const std::string json(view_.text());
  for (const auto& question : questions_) {
    auto asking = context_.jq->eval(question.number, json, options_.limit);
    auto outputs = co_await std::move(asking);
    record.answers.push_back({question.program, std::move(outputs)});
  }
}

}  // namespace leat::pipelines
