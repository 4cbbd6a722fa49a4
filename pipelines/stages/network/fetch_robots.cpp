// How fetch obeys robots.txt.
#include <algorithm>
#include <string>
#include <utility>

#include "pipelines/stages/network/fetch.hpp"
#include "pipelines/stages/network/robots.hpp"
#include "pipelines/stages/network/unpack_body.hpp"
#include "pipelines/state/job.hpp"

namespace leat::pipelines {

// It goes the way of a record, with the gate, the retries and the recording of one. Nothing that is the
// user's own goes along, since it belongs to no origin.
async::Task<RecordPtr> Fetch::ask_robots(std::string url) {
  auto record = std::make_unique<Record>();
  record->request.url = http::Url(std::move(url));
  record->request.own_origin = "none";
  record->request.redirects = std::make_shared<FewRedirects>();
  record->born = context_.loop.now();
  Job job(std::move(record), http::HostGate::Slot());
  job.polled = job.for_robots = true;
  auto working = work(std::move(job));
  RecordPtr answer = co_await std::move(working);
  if (body_use_ != BodyUse::text && answer->body) {
    auto error = unpack_body(*answer, args_.client.wire.compressed, args_.body_limit, context_.body_budget);
    if (error) answer->fail(std::move(*error), stage_);
  }
  co_return answer;
}

// While a robots.txt is waited for, the record holds no slot.
async::Task<bool> Fetch::is_allowed(Record& record, http::HostGate::Slot& vacancy) {
  const std::string origin(record.request.url.origin());
  if (!robots_->knows(origin)) {
    vacancy.reset();
    auto learning = robots_->learn(origin);
    co_await std::move(learning);
  }
  if (auto refusal = robots_->refusal(record.request.url)) {
    const bool is_for_good = refusal->code == Errc::blocked;
    record.fail(std::move(*refusal), stage_);
    if (is_for_good) record.outcome = Outcome::skipped;
    co_return false;
  }
  auto delay = robots_->delay(origin);
  // Each process that may have a part of the origin waits so long that all of them together wait enough.
  if (is_divided()) delay *= static_cast<int>(std::max<std::size_t>(context_.job->processes(), 1));
  if (delay.count() > 0) gate_.space_starts(origin, delay);
  co_return true;
}

}  // namespace leat::pipelines
