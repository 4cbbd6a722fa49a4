#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

class StageRow;

/// The arguments of `crawl`: a fetch whose block finds what to fetch next.
struct CrawlArgs {
  enum class Scope : std::uint8_t { host, site, any };
  FetchArgs fetch;
  PlanPtr next;
  std::uint64_t depth = UINT32_MAX;
  Scope scope = Scope::host;
  std::vector<std::string> ignore_query;  // names of parameters, see http::drop_parameters
  std::string canonical;                  // a program that gives what a URL is known by; empty: none
  bool other_schemes = false;             // links with them are failed records
  std::uint64_t frontier = 100'000;       // records in memory; the rest waits on disk
};
[[nodiscard]] const StageRow& row_of(const CrawlArgs& args) noexcept;

}  // namespace leat::pipelines
