#include "pipelines/flow/share.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/async/beside.hpp"
#include "engine/async/sleep.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/hash.hpp"
#include "pipelines/flow/job_item.hpp"
#include "pipelines/flow/reentry.hpp"
#include "pipelines/flow/root_family.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kPutAtOnce = 64;
constexpr std::size_t kTakenAtOnce = 64;
constexpr std::size_t kWorthACall = 16;
constexpr async::Duration kBetweenTakes = std::chrono::milliseconds(10);  // where fewer come

}  // namespace

/// Tells the job how a record ended, once all that came of it has. One that another process does goes back.
class Share::WorkFamily final : public RootFamily {
 public:
  WorkFamily(RunContext& context, const Record& record, JobWorkPtr work)
      : RootFamily(context.secrets, record, 0), job_(*context.job), work_(std::move(work)) {}
  ~WorkFamily() override {
    if (put_at_ && *put_at_ != job_.connections()) return;
    if (!was_lost_ && outcome() != Outcome::cancelled) job_.ended(std::move(work_), take_end());
  }
  [[nodiscard]] std::size_t part() const noexcept override { return work_ ? work_->part() : 0; }
  [[nodiscard]] bool may_start() override {
    was_lost_ = was_lost_ || !work_->may_start();
    return !was_lost_;
  }
  [[nodiscard]] bool is_at(std::uint64_t place) const noexcept override { return work_->is_at(place); }
  /// It is done again if the job may have lost what was put there.
  void has_put() noexcept override {
    if (!put_at_) put_at_ = job_.connections();
  }

 private:
  Job& job_;
  JobWorkPtr work_;
  bool was_lost_ = false;
  std::optional<std::uint64_t> put_at_;  // when something of it was put into the job: with which connection
};

async::Task<Status> Share::run(RecordReceiver in, RecordSender out) {
  return async::beside(give(std::move(out)), read(std::move(in)), "job source");
}

async::Task<void> Share::read(RecordReceiver in) {
  auto reading = read_all(in);
  if (auto error = co_await std::move(reading)) context_.abort(std::move(*error));
}

// It counts as read where it is worked on.
void Share::take(Record& record) {
  record.id = ++position_.records;
  std::string text = to_job_text(record);
  position_.hash = text::mix64(position_.hash ^ text::hash64(text));
  context_.secrets.seal(text);
  read_.emplace_back(JobRecord(place_of(record, context_), std::move(text)), position_);
  record.ticket.withdraw();
}

async::Task<void> Share::read_some(RecordReceiver& in, std::size_t most) {
  auto record = co_await in.next();
  has_ended_ = !record;
  while (record) {
    take(**record);
    record.reset();
    if (--most > 0) record = in.try_next();
  }
}

// Past what is in the job already, of which other readers may have put a part.
async::Task<Status> Share::go_to(RecordReceiver& in, SourcePosition position) {
  while (put_.records < position.records) {
    if (read_.empty() && !has_ended_) {
      auto reading = read_some(in, kPutAtOnce);
      co_await std::move(reading);
    }
    if (read_.empty()) break;
    put_ = read_.front().position;
    read_.pop_front();
  }
  if (put_.records == position.records && put_.hash == position.hash) co_return std::nullopt;
  co_return Error(Errc::bad_input, "the source is not the one that the job has read: the first " +
                                       std::to_string(position.records) +
                                       " records differ; give each process the same list");
}

async::Task<Status> Share::read_all(RecordReceiver& in) {
  for (;;) {
    auto waiting = context_.job->wait_for_turn();
    auto turn = co_await std::move(waiting);
    if (!turn.ok()) co_return std::move(turn.error());
    if (!*turn) co_return std::nullopt;
    auto going = go_to(in, **turn);
    if (auto error = co_await std::move(going)) {
      if (is_ending()) co_return std::nullopt;
      co_return error;
    }
    auto putting = put_all(in);
    auto done = co_await std::move(putting);
    if (!done.ok()) co_return std::move(done.error());
    if (*done) co_return std::nullopt;
  }
}

// False if the turn is lost before the source ends.
async::Task<Result<bool>> Share::put_all(RecordReceiver& in) {
  Job& job = *context_.job;
  for (;;) {
    const bool is_enough = job.is_full();
    if (read_.empty() && !has_ended_ && !is_enough) {
      auto reading = read_some(in, kPutAtOnce);
      co_await std::move(reading);
    }
    const bool is_last = is_enough || (has_ended_ && read_.empty());
    if (is_last && !is_enough && is_ending()) {
      job.pass_turn();
      co_return true;
    }
    std::vector<JobRecord> records;
    SourcePosition position = put_;
    for (const auto& one : read_) {
      if (is_last || records.size() == kPutAtOnce) break;
      records.push_back(one.record);
      position = one.position;
    }
    const std::size_t count = records.size();
    auto putting = job.put(std::move(records), position, is_last);
    auto put = co_await std::move(putting);
    if (!put.ok() || !*put) co_return put;
    read_.erase(read_.begin(), read_.begin() + static_cast<std::ptrdiff_t>(count));
    put_ = position;
    if (is_last) co_return true;
  }
}

// Nothing for one that another process does now.
Result<JobItem> Share::item_of(JobWorkPtr work) {
  std::string text = work->text();
  context_.secrets.unseal(text);
  auto read = item_of_job_text(text);
  if (!read.ok()) return read;
  if (read->stage > 0 && context_.reentries.count(read->stage) == 0)
    return Error(Errc::bad_response, "a record that Redis gives is for a stage that this run has not");
  Record& record = *read->record;
  record.born = context_.loop.now();
  record.ticket = context_.ledger.take();
  record.ticket.belong_to(std::make_shared<WorkFamily>(context_, record, std::move(work)));
  if (starts_later_ || read->stage > 0 || may_start(record.ticket.family())) return read;
  record.ticket.withdraw();
  read->record.reset();
  return read;
}

// What nothing can come of any more is skipped.
async::Task<Status> Share::leave_out_unwanted(std::vector<JobItem>& items) {
  const auto full = context_.job->full_stage();
  std::vector<std::uint64_t> ids;
  for (const auto& item : items) {
    if (item.stage < full) ids.push_back(item.record->id);
  }
  if (ids.empty()) co_return std::nullopt;
  auto asking = context_.job->are_wanted(std::move(ids));
  const auto wanted = co_await std::move(asking);
  if (!wanted.ok()) co_return wanted.error();
  std::vector<JobItem> left;
  std::size_t next = 0;
  for (auto& item : items) {
    if (item.stage >= full || wanted.value()[next++]) {
      left.push_back(std::move(item));
    } else {
      item.record->ticket.settle(Outcome::skipped);
    }
  }
  items = std::move(left);
  co_return std::nullopt;
}

async::Task<bool> Share::go_on(JobItem item, RecordSender& out) {
  if (item.stage == 0) co_return co_await out.send(std::move(item.record));
  auto coming_back = context_.reentries.at(item.stage)->come_back(std::move(item.record));
  co_return co_await std::move(coming_back);
}

async::Task<void> Share::wait_for_reentries() {
  for (const auto& [number, stage] : context_.reentries) {
    auto waiting = stage->wait_until_short();
    co_await std::move(waiting);
  }
}

async::Task<Status> Share::give(RecordSender out) {
  for (;;) {
    auto waiting = wait_for_reentries();
    co_await std::move(waiting);
    const auto asked_at = context_.loop.now();
    auto taking = context_.job->take(kTakenAtOnce);
    auto works = co_await std::move(taking);
    if (!works.ok()) {
      if (context_.stopping) co_return std::nullopt;
      co_return std::move(works.error());
    }
    if (works->empty()) co_return std::nullopt;
    const bool is_few = works->size() < kWorthACall;
    std::vector<JobItem> items;
    for (auto& work : *works) {
      auto item = item_of(std::move(work));
      if (!item.ok()) co_return std::move(item.error());
      if (item->record != nullptr) items.push_back(std::move(*item));
    }
    if (context_.job->is_full()) {
      auto leaving_out = leave_out_unwanted(items);
      if (auto error = co_await std::move(leaving_out)) co_return error;
    }
    for (auto& item : items) {
      auto going = go_on(std::move(item), out);
      const bool wanted = co_await std::move(going);
      if (!wanted) co_return std::nullopt;
    }
    const auto due = asked_at + kBetweenTakes;
    if (is_few && context_.loop.now() < due) co_await async::sleep_for(due - context_.loop.now());
  }
}

}  // namespace leat::pipelines
