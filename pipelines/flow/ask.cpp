#include "pipelines/flow/ask.hpp"

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "engine/async/errors.hpp"
#include "pipelines/worker/jq_worker.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kBytesAhead = std::size_t{1} << 20;  // of questions; one may be larger

}  // namespace

/// The records that wait for answers, in order. Nobody waits for the answers that are still open at the end.
class Ask::Waiting {
 public:
  Waiting(JqWorker& worker, const AskOptions& options) noexcept : worker_(worker), options_(options) {}
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    if (records_.empty()) return;
    records_.clear();
    worker_.end_abandoned();
  }

  [[nodiscard]] bool empty() const noexcept { return records_.empty(); }
  [[nodiscard]] bool has_room() const noexcept {
    return records_.size() < options_.ahead && bytes_ < kBytesAhead;
  }

  void push(RecordPtr record) { records_.emplace_back(std::move(record)); }
  /// Asks a question about the record that was pushed last; where there is an error instead, that is the
  /// answer.
  void ask(const Question& question, Result<std::string> json) {
    Asked& last = records_.back();
    if (!json) {
      last.answers.emplace_back(std::move(json.error()));
      return;
    }
    last.bytes += json->size();
    bytes_ += json->size();
    last.waits_for = last.answers.size();
    last.answers.emplace_back(worker_.ask(question.number, std::move(*json), options_.limit));
  }
  /// Gives up the record that was pushed last: nothing is asked any more.
  void refuse(const Error& why) { records_.back().give_up(why, options_.name); }

  [[nodiscard]] bool is_first_ready() const noexcept { return records_.front().is_ready(); }
  [[nodiscard]] async::Event::Wait wait_for_first() noexcept {
    return std::get<JqEvaluation>(records_.front().answers[*records_.front().waits_for]).wait();
  }
  /// Takes the first record out, with its answers. It is ready.
  RecordPtr take_first(const std::vector<Question>& questions) {
    Asked& first = records_.front();
    auto& answers = first.record->answers;
    for (std::size_t i = 0; i < first.answers.size(); ++i) {
      auto* evaluation = std::get_if<JqEvaluation>(&first.answers[i]);
      answers.push_back({questions[i].program,
                         evaluation != nullptr ? evaluation->take() : std::get<Error>(first.answers[i])});
    }
    for (std::size_t i = 0; first.given_up && i < questions.size(); ++i) {
      answers.push_back({questions[i].program, *first.given_up});
    }
    auto record = std::move(first.record);
    bytes_ -= first.bytes;
    records_.pop_front();
    return record;
  }
  /// Fails all records that have no answer yet. Every record is ready then.
  void give_up(const Error& why) {
    for (auto& asked : records_) {
      if (!asked.is_ready()) asked.give_up(why, options_.name);
    }
    worker_.end_abandoned();
  }

 private:
  struct Asked {
    explicit Asked(RecordPtr r) noexcept : record(std::move(r)) {}
    RecordPtr record;
    std::vector<std::variant<JqEvaluation, Error>> answers;
    std::optional<std::size_t> waits_for;  // the evaluation that was asked last; those before it end before
    Status given_up;
    std::size_t bytes = 0;

    [[nodiscard]] bool is_ready() const noexcept {
      return !waits_for || std::get_if<JqEvaluation>(&answers[*waits_for])->done();
    }
    void give_up(const Error& why, const char* stage) {
      answers.clear();
      waits_for.reset();
      given_up = why;
      if (!record->failed()) record->fail(why, stage);
    }
  };

  JqWorker& worker_;
  const AskOptions& options_;
  std::deque<Asked> records_;
  std::size_t bytes_ = 0;
};

Ask::Ask(const std::vector<const Program*>& programs, RunContext& context, AskOptions options)
    : context_(context), options_(options) {
  add(programs);
}

void Ask::add(const std::vector<const Program*>& programs) {
  for (const auto* program : programs) {
    questions_.push_back({program, context_.jq_programs.size()});
    context_.jq_programs.push_back(program->foreign());
  }
}

async::Task<Status> Ask::run(RecordReceiver in, RecordSender out) {
  Waiting waiting(*context_.jq, options_);
  for (;;) {
    while (waiting.has_room()) {
      auto record = in.try_next();
      if (!record) break;
      ask(waiting, std::move(*record));
    }
    if (waiting.empty()) {
      auto record = co_await in.next();
      if (!record) co_return std::nullopt;
      ask(waiting, std::move(*record));
      continue;
    }
    if (!waiting.is_first_ready()) {
      auto answering = answer_first(waiting);
      co_await std::move(answering);
      continue;
    }
    auto record = waiting.take_first(questions_);
    if (out.try_send(record)) continue;
    const bool wanted = co_await out.send(std::move(record));
    if (!wanted) co_return std::nullopt;
  }
}

async::Task<void> Ask::answer_first(Waiting& waiting) {
  if (!context_.in_flight.over()) {
    const InFlight::Entry entry(context_.in_flight);
    try {
      co_await waiting.wait_for_first();
      co_return;
    } catch (const async::Cancelled&) {
      if (!context_.in_flight.over()) throw;
    }
  }
  waiting.give_up(Error(Errc::cancelled, context_.stop_reason));
}

void Ask::ask(Waiting& waiting, RecordPtr record) {
  record->answers.clear();
  const Record& asked = *record;
  waiting.push(std::move(record));
  if (asked.failed() && !options_.failed_too) return;
  if (context_.in_flight.over()) return waiting.refuse(Error(Errc::cancelled, context_.stop_reason));
  view_.look_at(asked);
  for (const auto& question : questions_) waiting.ask(question, question.program->question(asked, view_));
}

}  // namespace leat::pipelines
