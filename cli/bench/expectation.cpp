#include "cli/bench/expectation.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>
#include <vector>

#include "engine/text/printable.hpp"
#include "pipelines/expr/truth.hpp"
#include "pipelines/record/checksum.hpp"

namespace leat::cli {

namespace {

constexpr std::size_t kShown = 60;                             // characters of a body
constexpr async::Duration kMostTime{std::chrono::seconds(5)};  // for the answers of one run

class Sha256Judge final : public load::BodyJudge {
 public:
  explicit Sha256Judge(std::string hex) : expected_(std::move(hex)) {}
  void restart() override { digest_.restart(); }
  void take(std::string_view bytes) override { digest_.update(bytes); }
  std::string fault() override {
    const std::string found = digest_.finish();
    return found == expected_ ? std::string()
                              : fmt::format("a body whose SHA-256 is {}, and not {}", found, expected_);
  }

 private:
  std::string expected_;
  pipelines::Digest digest_;
};

pipelines::Record record_of(load::SampledAnswer answer) {
  pipelines::Record record;
  record.response.emplace();
  record.response->head.status = answer.status;
  record.body = std::move(answer.body);
  return record;
}

std::string described(const pipelines::Record& record, const Error& error) {
  return fmt::format("status {}, body {}: {}", record.response->head.status,
                     text::in_quotes(*record.body, kShown), error.message);
}

}  // namespace

async::Task<void> Expectation::look_at(load::LoadResult& result) {
  std::vector<load::SampledAnswer> sample = std::exchange(result.sample, {});
  const async::TimePoint enough = loop_.now() + kMostTime;
  for (auto& answer : sample) {
    if (loop_.now() > enough) co_return;
    pipelines::Record record = record_of(std::move(answer));
    auto looking = fault_of(record);
    const auto error = co_await std::move(looking);
    ++result.findings.looked_at;
    if (!error) continue;
    if (result.findings.unfit++ == 0) result.findings.example = described(record, *error);
  }
}

async::Task<std::optional<Error>> Expectation::fault_of(pipelines::Record& record) {
  pipelines::RecordView view;
  view.look_at(record);
  if (!program_.is_native()) {
    if (!worker_) {
      pipelines::JqOptions options;
      options.programs = {program_.foreign()};
      worker_ = std::make_unique<pipelines::JqWorker>(loop_, std::move(options));
    }
    auto question = program_.question(record, view);
    if (!question) co_return std::move(question.error());
    auto evaluation = worker_->ask(0, std::move(*question));
    co_await evaluation.wait();
    record.answers.push_back({&program_, evaluation.take()});
  }
  if (auto error = program_.outputs(record, view, outputs_)) co_return error;
  if (pipelines::is_true(outputs_)) co_return std::nullopt;
  co_return Error(Errc::filter_error, outputs_.empty() ? std::string("the program has no output")
                                                       : fmt::format("it is {}", outputs_[0]));
}

async::Task<void> Expectation::stop() {
  if (!worker_) co_return;
  auto stopping = worker_->stop();
  co_await std::move(stopping);
}

Status check_expectation(const std::string& program) {
  if (program.empty()) {
    return Error(Errc::bad_input, "--expect: an empty program given; takes a jq program such as '.json.ok'");
  }
  const auto fault = pipelines::check_program(program);
  if (!fault) return std::nullopt;
  return Error(Errc::bad_input, fmt::format("--expect: {}: at byte {}: {}", text::in_quotes(program),
                                            fault->offset + 1, text::escaped(fault->message)));
}

load::BodyJudges sha256_judges(std::string hex) {
  return [hex = std::move(hex)] { return std::make_unique<Sha256Judge>(hex); };
}

}  // namespace leat::cli
