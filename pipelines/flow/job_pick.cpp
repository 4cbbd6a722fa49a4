#include "pipelines/flow/job_pick.hpp"

#include <utility>

#include "pipelines/state/job.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kBatch = 64;  // records that the job is asked about at once

std::uint64_t root_of(const Record& record) {
  const auto& family = record.ticket.family();
  return family ? family->root_id() : 0;
}

}  // namespace

async::Task<Status> JobPick::run(RecordReceiver in, RecordSender out) {
  for (;;) {
    auto record = in.try_next();
    if (!record) record = co_await in.next();
    if (!record) co_return std::nullopt;
    std::vector<RecordPtr> records;
    while (record) {
      records.push_back(std::move(*record));
      record.reset();
      if (records.size() < kBatch) record = in.try_next();
    }
    auto looking = look_at(records);
    if (auto error = co_await std::move(looking)) {
      if (context_.stopping) co_return std::nullopt;
      co_return error;
    }
    for (auto& passed : records) {
      const bool wanted = co_await out.send(std::move(passed));
      if (!wanted) co_return std::nullopt;
    }
  }
}

// Leaves those that pass.
async::Task<Status> JobPick::look_at(std::vector<RecordPtr>& records) {
  std::vector<Passing> asked;
  std::size_t fetched = 0;
  for (const auto& record : records) {
    if (record->failed()) continue;
    asked.push_back({record->id, root_of(*record)});
    fetched += record->response ? 1 : 0;
  }
  if (asked.empty()) co_return std::nullopt;
  const auto claim = context_.acknowledgement.claim(fetched);
  auto asking = context_.job->pass_first(number_, std::move(asked), n_, what_ == What::first);
  const auto answers = co_await std::move(asking);
  if (!answers.ok()) co_return answers.error();
  std::vector<RecordPtr> passed;
  std::size_t next = 0;
  for (auto& record : records) {
    const bool was_asked = !record->failed();
    if (!was_asked || answers.value()[next++] == (what_ == What::first)) {
      if (was_asked && record->response) context_.acknowledgement.pass();
      passed.push_back(std::move(record));
    } else {
      record->ticket.settle(Outcome::skipped);
    }
  }
  records = std::move(passed);
  co_return std::nullopt;
}

}  // namespace leat::pipelines
