// What fetch does as a part of a job: which records are its own, and what other processes know of their
// origins.
#include <algorithm>
#include <string_view>
#include <utility>

#include "pipelines/flow/root_family.hpp"
#include "pipelines/stages/network/fetch.hpp"
#include "pipelines/state/job.hpp"

namespace leat::pipelines {

// A record that another process does has no place in the accounting of this one.
bool Fetch::is_ours(Record& record) const {
  if (context_.job == nullptr || may_start(record.ticket.family())) return true;
  record.ticket.withdraw();
  let_go_();
  return false;
}

void Fetch::heed_past(std::string_view origin) {
  if (context_.job == nullptr) return;
  const OriginPast past = context_.job->past_of(origin);
  const auto now = context_.loop.now();
  auto until = past.parked_until.value_or(now);
  if (past.taken_over && args_.per_host_rate > 0)
    until = std::max(until, *past.taken_over + async::from_seconds(1 / args_.per_host_rate));
  if (until > now) gate_.park(origin, until);
  const auto health = context_.job->take_health(origin);
  if (health && health->doubt) gate_.take_over(origin, *health->doubt, health->last);
  if (health && !health->doubt) gate_.hear_good(origin);
}

void Fetch::hear_of_origins() {
  if (!is_divided()) return;
  context_.job->when_told(this, [this](std::string_view origin) {
    if (gate_.knows(origin)) heed_past(origin);
  });
}

Fetch::~Fetch() {
  if (is_divided()) context_.job->when_told(this, {});
}

bool Fetch::is_divided() const noexcept { return context_.job != nullptr && context_.job->parts() > 1; }

void Fetch::tell_health(std::string_view origin) {
  if (context_.job == nullptr) return;
  OriginHealth health;
  health.doubt = gate_.doubt_of(origin);
  if (health.doubt) health.last = gate_.why_gone(origin).last;
  context_.job->tell_health(origin, std::move(health));
}

}  // namespace leat::pipelines
