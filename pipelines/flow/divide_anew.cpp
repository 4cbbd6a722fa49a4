#include "pipelines/flow/divide_anew.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "engine/async/sleep.hpp"
#include "engine/text/hash.hpp"
#include "pipelines/flow/job_item.hpp"
#include "pipelines/flow/root_family.hpp"
#include "pipelines/result/job_text.hpp"
#include "pipelines/state/job.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kAtOnce = 64;  // records that the job gets in one call
constexpr std::size_t kWorthACall = 16;
constexpr async::Duration kBetweenCalls = std::chrono::milliseconds(5);  // where fewer come

std::uint64_t key_of(const Record& record) {
  return text::hash64(std::to_string(record.id) + " " + record.request.url.text());
}

// How many records of the job are not done before these are there.
std::size_t count_families(const std::vector<RecordPtr>& records) noexcept {
  std::size_t count = 0;
  const Family* last = nullptr;
  for (const auto& record : records) {
    const auto* family = record->ticket.family().get();
    count += std::exchange(last, family) == family ? 0 : 1;
  }
  return count;
}

}  // namespace

/// Records can come back for as long as this is there.
class DivideAnew::Open {
 public:
  Open(DivideAnew& stage, const RecordSender& out) : stage_(stage) {
    stage_.out_ = out;
    stage_.begun_.set();
  }
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;
  ~Open() { stage_.out_.reset(); }

 private:
  DivideAnew& stage_;
};

DivideAnew::DivideAnew(RunContext& context) : context_(context), number_(++context.last_memory) {
  context.reentries[number_] = this;
}

bool DivideAnew::stays(const Record& record) const {
  if (!record.is_live()) return true;
  if (record.request.url.origin().empty()) return true;
  return is_at(record.ticket.family(), place_of(record, context_));
}

async::Task<Status> DivideAnew::run(RecordReceiver in, RecordSender out) {
  const Open open(*this, out);
  for (;;) {
    auto record = in.try_next();
    if (!record) record = co_await in.next();
    if (!record) co_return std::nullopt;
    std::vector<RecordPtr> leaving;
    while (record) {
      if (stays(**record)) {
        const bool wanted = co_await out.send(std::move(*record));
        if (!wanted) co_return std::nullopt;
      } else {
        leaving.push_back(std::move(*record));
      }
      record.reset();
      if (leaving.size() < kAtOnce) record = in.try_next();
    }
    if (leaving.empty()) continue;
    const bool is_few = leaving.size() < kWorthACall;
    const auto due = context_.loop.now() + kBetweenCalls;
    auto putting = put(std::move(leaving));
    if (auto error = co_await std::move(putting)) {
      if (context_.stopping) co_return std::nullopt;
      co_return error;
    }
    if (is_few && context_.loop.now() < due) co_await async::sleep_for(due - context_.loop.now());
  }
}

// The families of the records are let go only once the job has them.
async::Task<Status> DivideAnew::put(std::vector<RecordPtr> records) {
  const auto claim = context_.acknowledgement.claim(count_families(records));
  std::vector<FrontierItem> items;
  items.reserve(records.size());
  for (const auto& record : records) {
    items.push_back(to_item(*record, key_of(*record), to_job_text(*record, number_), context_));
    items.back().place = place_of(*record, context_);
  }
  auto adding = context_.job->add(number_, std::move(items));
  const auto added = co_await std::move(adding);
  if (!added.ok()) co_return added.error();
  for (auto& record : records) {
    if (const auto& family = record->ticket.family()) family->has_put();
    record->ticket.withdraw();
  }
  co_return std::nullopt;
}

async::Task<void> DivideAnew::wait_until_short() { co_return; }

async::Task<bool> DivideAnew::come_back(RecordPtr record) {
  co_await begun_.wait();
  if (!out_) co_return false;
  RecordSender out = *out_;
  co_return co_await out.send(std::move(record));
}

}  // namespace leat::pipelines
