#pragma once

#include <type_traits>
#include <variant>

#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

/// Calls `visit` for every plan that is part of another: blocks, and the plan itself.
template <class Visit>
void for_each_part(const Plan& plan, const Visit& visit) {
  visit(plan);
  for (const auto& stage : plan.stages) {
    if (stage.on_error) for_each_part(*stage.on_error, visit);
    const auto* crawl = std::get_if<CrawlArgs>(&stage.args);
    if (crawl != nullptr && crawl->next) for_each_part(*crawl->next, visit);
    const auto* tee = std::get_if<TeeArgs>(&stage.args);
    if (tee != nullptr && tee->block) for_each_part(*tee->block, visit);
  }
}

/// What `args` fetch with; null: they don't.
[[nodiscard]] inline const FetchArgs* fetch_of(const StageArgs& args) noexcept {
  if (const auto* fetch = std::get_if<FetchArgs>(&args)) return fetch;
  if (const auto* paginate = std::get_if<PaginateArgs>(&args)) return &paginate->fetch;
  const auto* crawl = std::get_if<CrawlArgs>(&args);
  return crawl == nullptr ? nullptr : &crawl->fetch;
}

/// Calls `visit` for the FetchArgs of every stage that fetches, in blocks, too.
template <class Visit>
void for_each_fetch(const Plan& plan, const Visit& visit) {
  for_each_part(plan, [&visit](const Plan& part) {
    for (const auto& stage : part.stages) {
      if (const auto* fetch = fetch_of(stage.args)) visit(*fetch);
    }
  });
}

}  // namespace leat::pipelines
