#pragma once

#include <utility>

#include "pipelines/state/exchange_store.hpp"
#include "pipelines/state/redactor.hpp"

namespace leat::pipelines {

struct Plan;

/// What all fetches of a run that is recorded, or replayed, share. Loop thread only, as ExchangeCounts.
struct Recording {
  Recording(ExchangeStore s, Redactor r) : store(std::move(s)), redactor(std::move(r)) {}

  const ExchangeStore store;
  const Redactor redactor;
  ExchangeCounts counts;
};

/// Knows every secret of the plan: what secret:NAME stands for, passwords of user=, the headers that are made
/// of secrets and those that hold credentials; also as they look in JSON, in a URL and in Basic
/// authentication. The same plan, the same numbers.
[[nodiscard]] Redactor redactor_of(const Plan& plan);

}  // namespace leat::pipelines
